"""Evaluations with probabilities, for tests of what is made of them."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import polars as pl

from store.database.connection import Database
from store.schema import EVALUATION_ROWS
from tests import rows

ADVICE, CONTENT, GENERAL = rows.LABELS


def add_detectors(database: Database, folder: Path, *ids: str, **columns: object) -> None:
    """Put detectors into the store, named as their ids, and folders that look whole."""
    rows.stand_in(database.workspace, *ids)
    frame = rows.detectors(*ids, recipe="stage-1")
    changed = frame.with_columns(**{name: pl.lit(value) for name, value in columns.items()})
    rows.ingest(database, folder, "detectors", changed.cast(frame.schema), job_id=ids[0])


def add_evaluation(
    database: Database,
    folder: Path,
    detector_id: str,
    dataset: str,
    evaluated: Sequence[tuple[str, str | None, float | None]],
) -> None:
    """Put an evaluation of (sample id, label, positive probability) rows into the store.

    A row is predicted to be advice from one half on; without a probability it failed.
    """
    frame = rows.frame(
        EVALUATION_ROWS,
        [_row(sample_id, label, share) for sample_id, label, share in evaluated],
        evaluation_id=f"e-{detector_id}-{dataset}", detector_id=detector_id, dataset=dataset,
        job_id=rows.JOB,
    )  # fmt: skip
    rows.ingest(
        database, folder, "evaluation_rows", frame, job_id=f"evaluate-{detector_id}-{dataset}"
    )


def _row(sample_id: str, label: str | None, share: float | None) -> Mapping[str, object]:
    row: dict[str, object] = {"sample_id": sample_id, "label": label}
    if share is None:
        return row
    guess = ADVICE if share >= 0.5 else CONTENT
    return row | {"predicted_label": guess, "probabilities": [share, 1 - share, 0.0]}


def make_evaluated(
    n: int, skill: float, seed: int = 0, *, drawn: int = 1
) -> list[tuple[str, str | None, float | None]]:
    """Rows of the same truth for each seed, told apart better with more skill."""
    truth = np.random.default_rng(seed).random(n) < 0.4
    noise = np.random.default_rng(seed + drawn).normal(size=n)
    shares = 1 / (1 + np.exp(-(noise + skill * np.where(truth, 1, -1))))
    return [
        (f"b{number}", ADVICE if is_positive else GENERAL, float(share))
        for number, (is_positive, share) in enumerate(zip(truth, shares, strict=True))
    ]
