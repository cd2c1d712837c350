"""Rows that detectors did not learn from: neither the texts themselves nor near copies of them."""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from store.detectors import DetectorRow
from store.leaks.overlap import find_unknown, with_keys
from store.leaks.pairs import find_row_leaks
from tui.services.results.trained_on import read_training_rows
from tui.services.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Unseen:
    """The `rows` that none of several detectors learned, and how many were left out.

    `trained` are the same texts, or have answers that were learned, `near` are near copies. What
    the detectors named in `unknown` learned is not known.
    """

    rows: pl.DataFrame
    trained: int
    near: int
    unknown: tuple[str, ...]


def leave_out_trained(
    workspace: Workspace, rows: pl.DataFrame, detectors: Sequence[DetectorRow]
) -> Unseen:
    """Rows (sample_id, context, text) without those that these detectors were trained on.

    Near copies are searched for: 5,000 texts against 1,500 rows take some three seconds.
    """
    kept, unknown, trained, near = with_keys(rows), [], 0, 0
    for detector in detectors:
        training = read_training_rows(workspace, detector)
        if training is None:
            unknown.append(detector.name)
            continue
        before = kept.height
        kept = kept.filter(find_unknown(kept, with_keys(training)))
        trained += before - kept.height
        leaks = find_row_leaks(
            kept.select("context", "text").rows(),
            training.select("context", "text").unique(maintain_order=True).rows(),
        )
        kept = kept.filter(~pl.Series(range(kept.height)).is_in(list(leaks)))
        near += len(leaks)
    return Unseen(kept.drop("key"), trained, near, tuple(unknown))
