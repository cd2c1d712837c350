"""Detectors and their evaluations."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import polars as pl

from store.database import Cursor, Database
from store.errors import UnknownName
from store.schema import DETECTORS

INITIAL = "initial"


@dataclass(frozen=True, slots=True)
class DetectorRow:
    """A trained detector as the store knows it; its model lies in `detectors/<detector_id>`."""

    detector_id: str
    name: str
    recipe: str
    base: str
    labels: tuple[str, ...]
    training_rows: int
    seed: int
    losses: tuple[float, ...]
    params: dict[str, Any]
    created_at: datetime


_COLUMNS = (
    "detector_id, name, recipe, base, labels, training_rows, seed, losses, params, created_at"
)


def list_detectors(database: Database) -> list[DetectorRow]:
    """Return all detectors, oldest first."""
    with database.read() as cursor:
        rows = cursor.rows(f"SELECT {_COLUMNS} FROM detectors ORDER BY created_at, detector_id")
    return [_detector(row) for row in rows]


def _detector(row: Sequence[Any]) -> DetectorRow:
    identity, name, recipe, base, labels, rows, seed, losses, params, created = row
    return DetectorRow(
        identity, name, recipe, base, tuple(labels), rows, seed, tuple(losses),
        json.loads(params), created,
    )  # fmt: skip


def find_detector(database: Database, name: str) -> DetectorRow:
    """Return the newest detector of that name, or the one with that id or beginning of it."""
    detectors = list_detectors(database)
    found = [item for item in detectors if item.name == name] or [
        item for item in detectors if item.detector_id.startswith(name)
    ]
    if not found:
        names = ", ".join(sorted({item.name for item in detectors})) or "none yet"
        raise UnknownName(f"There is no detector {name!r}. Detectors: {names}.")
    return found[-1]


def initial_detector(database: Database) -> DetectorRow | None:
    """Return the newest initial detector, the one that predicts, embeds and splits."""
    found = [item for item in list_detectors(database) if item.recipe == INITIAL]
    return found[-1] if found else None


def detector_frame(database: Database, detector_ids: Sequence[str]) -> pl.DataFrame:
    """Return the rows of these detectors as stages read them (schema DETECTORS)."""
    with database.read() as cursor:
        return cursor.frame(
            f"SELECT {', '.join(DETECTORS)} FROM detectors WHERE list_contains(?, detector_id) "
            "ORDER BY created_at",
            [list(detector_ids)],
        ).cast(DETECTORS)


@dataclass(frozen=True, slots=True)
class Evaluation:
    """One detector judged on one dataset: how often which label was predicted for which."""

    evaluation_id: str
    detector_id: str
    detector: str
    recipe: str
    dataset: str
    n: int
    confusion: dict[tuple[str, str | None], int]  # (label, prediction) -> rows; None failed


def list_evaluations(database: Database, dataset: str | None = None) -> list[Evaluation]:
    """Return the newest evaluation of each detector on each dataset, oldest detector first."""
    with database.read() as cursor:
        rows = cursor.rows(
            """SELECT e.evaluation_id, e.detector_id, d.name, d.recipe, e.dataset
            FROM evaluations e JOIN detectors d USING (detector_id)
            WHERE ? IS NULL OR e.dataset = ?
            QUALIFY row_number() OVER (
                PARTITION BY e.detector_id, e.dataset ORDER BY e.evaluated_at DESC) = 1
            ORDER BY d.created_at, e.dataset""",
            [dataset, dataset],
        )
        return [_evaluation(cursor, row) for row in rows]


def _evaluation(cursor: Cursor, row: Sequence[Any]) -> Evaluation:
    evaluation_id, detector_id, name, recipe, dataset = row
    counted = cursor.rows(
        """SELECT label, predicted_label, count(*) FROM evaluation_rows
        WHERE evaluation_id = ? GROUP BY ALL ORDER BY ALL""",
        [evaluation_id],
    )
    confusion = {(label, predicted): rows for label, predicted, rows in counted}
    return Evaluation(
        evaluation_id, detector_id, name, recipe, dataset, sum(confusion.values()), confusion
    )
