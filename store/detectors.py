"""Detectors: what was trained, or brought along, and from what."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import polars as pl

from store.database import Database
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
