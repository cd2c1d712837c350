"""Rows for tests of learned labels: answers around two directions, in clusters that mix them."""

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl

from engine.spreading.model import Decided, Matrix, fit
from engine.spreading.spread import spread
from store.database.connection import Database
from tests import rows
from tui.services.settings import LabellingSettings

LEARNED: Final = LabellingSettings(spread="learned", spread_confidence=0.7)
NAMES: Final = tuple(f"s{number:02}" for number in range(24))
ANSWERS: Final = tuple(f"a-{name}" for name in NAMES)
CLUSTERS: Final = {f"c{number}": list(ANSWERS[number * 4 : number * 4 + 4]) for number in range(6)}


def clouds() -> Matrix:
    """The vectors of answers: every other one in each direction, each third in between."""
    dice = np.random.default_rng(0)
    vectors = dice.normal(0, 0.1, (len(ANSWERS), 4))
    vectors[::2, 0] += 1
    vectors[1::2, 1] += 1
    vectors[::3, :2] = 0.5
    return vectors.astype(np.float32)


def fill(database: Database, folder: Path) -> None:
    """Put the answers into a store, predicted and clustered, nothing decided yet."""
    seeds = [(name, f"Seed {name}.", rows.LABELS[0]) for name in NAMES]
    rows.add_dataset(database, "seeds", seeds, "seed")
    rows.ingest(database, folder, "queries", rows.queries(NAMES))
    rows.ingest(database, folder, "answers", rows.answers(NAMES))
    rows.ingest(database, folder, "detectors", rows.detectors("d0"))
    found = rows.predictions(dict.fromkeys(ANSWERS, rows.LABELS[0]))
    rows.ingest(database, folder, "predictions", found.with_columns(vectors_of(ANSWERS)))
    rows.ingest(database, folder, "members", rows.members(CLUSTERS))


def vectors_of(answers: Sequence[str]) -> pl.Series:
    """The vectors of so many answers, as a column of predictions."""
    return pl.Series("embedding", clouds()[: len(answers)]).arr.to_list()


def labels_of(database: Database) -> dict[str, str]:
    """The label of every answer that has one."""
    with database.read() as cursor:
        return dict(cursor.rows("SELECT answer_id, label FROM answer_labels"))


def learn_plainly(
    decided: Sequence[tuple[str, str, str]],
    kept_out: Collection[str],
    answers: Sequence[str] = ANSWERS,
) -> dict[str, str]:
    """What a plain fit on (answer, label, group) gives all answers that are not kept out."""
    matrix, place = clouds()[: len(answers)], answers.index
    model = fit(
        Decided(
            matrix[[place(answer) for answer, _, _ in decided]],
            tuple(label for _, label, _ in decided),
            tuple(group for _, _, group in decided),
        )
    )
    if model is None:
        return {}
    found = spread(model, matrix, LEARNED.spread_confidence).labels()
    return {
        answer: label
        for answer, label in zip(answers, found, strict=True)
        if label is not None and answer not in kept_out
    }
