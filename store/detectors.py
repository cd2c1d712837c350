"""Detectors: what was trained, or brought along, and from what; and the baselines beside them."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NoReturn

import polars as pl

from store.bases import is_baseline, is_language_model
from store.database.connection import Database
from store.database.served import served
from store.errors import UnknownName
from store.schema import DETECTORS

INITIAL = "initial"


@dataclass(frozen=True, slots=True)
class DetectorRow:
    """A trained detector as the store knows it; its model lies in `detectors/<detector_id>`.

    A baseline is entered like one, and can be evaluated and compared, but never used as one.
    """

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
    job_id: str

    @property
    def is_baseline(self) -> bool:
        """Whether this is a baseline and no detector."""
        return is_baseline(self.base)

    @property
    def is_language_model(self) -> bool:
        """Whether this is a language model, which is asked: a baseline, too."""
        return is_language_model(self.base)


_COLUMNS = (
    "detector_id, name, recipe, base, labels, training_rows, seed, losses, params, created_at, "
    "job_id"
)


def list_detectors(database: Database) -> list[DetectorRow]:
    """All detectors, oldest first; baselines are none."""
    return [item for item in list_contestants(database) if not item.is_baseline]


@served
def list_contestants(database: Database) -> list[DetectorRow]:
    """All that can be evaluated and compared, detectors and baselines, oldest first."""
    with database.read() as cursor:
        rows = cursor.rows(f"SELECT {_COLUMNS} FROM detectors ORDER BY created_at, detector_id")
    return [_detector(row) for row in rows]


def _detector(row: Sequence[Any]) -> DetectorRow:
    identity, name, recipe, base, labels, rows, seed, losses, params, created, job_id = row
    return DetectorRow(
        identity, name, recipe, base, tuple(labels), rows, seed, tuple(losses),
        json.loads(params), created, job_id,
    )  # fmt: skip


def find_detector(database: Database, name: str) -> DetectorRow:
    """The newest detector of that name, or the one with that id or beginning of it.

    Raises UnknownName if there is none; a baseline is none.
    """
    known = list_detectors(database)
    found = _find(known, name)
    if found is None and (baseline := _find(list_contestants(database), name)) is not None:
        raise UnknownName(
            f"{baseline.name} is a baseline: it can be evaluated and compared, but not used. "
            f"Detectors: {_names(known)}."
        )
    return found or _refuse(name, known)


def find_contestant(database: Database, name: str) -> DetectorRow:
    """The newest detector or baseline of that name, or the newest with such an id.

    Raises UnknownName if there is none.
    """
    known = list_contestants(database)
    return _find(known, name) or _refuse(name, known)


def _find(known: Sequence[DetectorRow], name: str) -> DetectorRow | None:
    found = [item for item in known if item.name == name] or [
        item for item in known if item.detector_id.startswith(name)
    ]
    return found[-1] if found else None


def _refuse(name: str, known: Sequence[DetectorRow]) -> NoReturn:
    raise UnknownName(f"There is no detector {name!r}. Detectors: {_names(known)}.")


def _names(known: Sequence[DetectorRow]) -> str:
    return ", ".join(sorted({item.name for item in known})) or "none yet"


def initial_detector(database: Database) -> DetectorRow | None:
    """The newest initial detector, the one that predicts, embeds and splits."""
    found = [item for item in list_detectors(database) if item.recipe == INITIAL]
    return found[-1] if found else None


@served
def detector_frame(database: Database, detector_ids: Sequence[str]) -> pl.DataFrame:
    """The rows of these detectors as stages read them (schema DETECTORS)."""
    with database.read() as cursor:
        return cursor.frame(
            f"SELECT {', '.join(DETECTORS)} FROM detectors WHERE list_contains(?, detector_id) "
            "ORDER BY created_at",
            [list(detector_ids)],
        ).cast(DETECTORS)
