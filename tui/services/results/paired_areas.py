"""How far two detectors differ in the areas under their curves, on the rows both have."""

from collections.abc import Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

from engine.statistics.estimate import Estimate
from engine.statistics.probabilities import Areas, draw_rows, measure_areas
from engine.statistics.significance import estimate_drawn
from tui.services.results.evaluations import EvaluatedRows

NAMES = ("roc_auc", "pr_auc")


class PairedAreas:
    """Differences of ROC-AUC and PR-AUC by a bootstrap over rows; what pairs share is drawn once.

    Detectors are named by their places among those that were evaluated.
    """

    def __init__(self, evaluated: Sequence[EvaluatedRows]) -> None:
        rows = (item.frame.drop_nulls(["label", "probability"]) for item in evaluated)
        self._rows = [frame.select("sample_id", "is_positive", "probability") for frame in rows]
        self._drawn: dict[int, NDArray[np.float32]] = {}  # by number of rows
        self._areas: dict[int, Areas] = {}  # over all rows of a detector

    def compare(self, one: int, other: int) -> dict[str, Estimate]:
        """First minus second; nothing of rows of one class."""
        ids = self._rows[one].select("sample_id").join(self._rows[other], on="sample_id")
        n, positives = ids.height, int(ids["is_positive"].sum())
        if not 0 < positives < n:
            return {}
        first, second = (self._measure(place, ids) for place in (one, other))
        gained = ((a - b) for a, b in zip(first, second, strict=True))
        return {
            name: estimate_drawn(values[0], values[1:][~np.isnan(values[1:])], n)
            for name, values in zip(NAMES, gained, strict=True)
        }

    def _measure(self, place: int, ids: pl.DataFrame) -> Areas:
        """The areas over these rows: as they are, then as drawn."""
        rows, n = self._rows[place], ids.height
        is_all = n == rows.height
        if is_all and place in self._areas:
            return self._areas[place]
        if n not in self._drawn:
            self._drawn[n] = np.vstack([np.ones((1, n), dtype=np.float32), draw_rows(n)])
        shared = rows if is_all else rows.join(ids, on="sample_id", how="semi").sort("sample_id")
        found = measure_areas(
            shared["is_positive"].to_numpy(), shared["probability"].to_numpy(), self._drawn[n]
        )
        if is_all:
            self._areas[place] = found
        return found
