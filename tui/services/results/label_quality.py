"""How good the labels are now, and how many more keys they need: estimated while one labels.

Where labels are learned it follows from the decisions, held out of the fit in turn; else only from
an audit. It takes seconds, so what was found for the decisions now is kept in a file.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import polars as pl

from engine.errors import EngineError
from engine.jobs.parts import write_text
from engine.spreading.model import Decided
from engine.spreading.rating import (
    ForecastDecisions,
    Method,
    RatedPoint,
    Rating,
    rate_apart,
    read_rating,
)
from engine.statistics.estimate import Estimate
from engine.statistics.label_noise import AuditedLabel, measure_noise
from store.audit_findings import read_findings
from store.audits import list_rounds
from store.counting import counted
from store.database.connection import Database
from store.learned_labels import Basis, list_spreadable, read_basis
from store.rated_decisions import audited_answers, cluster_sizes
from store.spaces import matrix_of
from store.vectors import read_vectors
from tui.services.results.audit import newest_round
from tui.services.settings import LabellingSettings
from tui.services.workspace import Workspace

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

GOAL: Final = 0.9
FEWEST: Final = 10  # decisions, as the rating needs them
DRAWN: Final = 2000  # undecided answers, of which a model is as sure as of all
FILE_NAME: Final = "label-quality.json"


@dataclass(frozen=True, slots=True)
class LabelQuality:
    """The share of labels that are `right`, of those that nobody gave, after so many `decisions`.

    `method` says what it is estimated from, None where it is `unknown`, for the reason that is
    given. `curve` is of fewer decisions up to now, `forecast` of more; both only of learned labels.
    """

    method: Method | None
    decisions: int
    right: Estimate | None
    curve: tuple[RatedPoint, ...]
    forecast: ForecastDecisions | None
    unknown: str


def read_quality(workspace: Workspace, database: Database) -> LabelQuality:
    """The quality of the labels that follow from the decisions now."""
    settings = workspace.settings.labelling
    if settings.spread == "learned":
        return rate_learned(workspace.path, settings, database)
    newest = newest_round(list_rounds(database), "propagation")
    found = read_findings(database, newest.audit_id) if newest else []
    noise = measure_noise(
        [
            AuditedLabel(item.cluster_id, item.stratum_size, item.label, item.found)
            for item in found
        ],
        workspace.task.positives,
    )
    if noise.weighted_accuracy is None:
        return _unknown(0, "it takes an audit")
    return LabelQuality("audit", noise.n, noise.weighted_accuracy, (), None, "")


def rate_learned(path: Path, settings: LabellingSettings, database: Database) -> LabelQuality:
    """The quality of learned labels; `path` is the workspace's folder."""
    basis = read_basis(database, settings.spread_confidence)
    decisions = basis.decided.height
    if decisions < FEWEST:
        return _unknown(decisions, f"{counted(decisions, 'decision')} of {FEWEST} needed")
    if basis.decided["label"].n_unique() < 2:
        return _unknown(decisions, "all decisions have one label")
    try:
        rating = _rate(path, settings.spread_confidence, database, basis)
    except EngineError as error:
        return _unknown(decisions, str(error))
    right = rating.curve[-1].right if rating.curve else None
    if right is None:
        return _unknown(decisions, "too few decisions have a vector")
    return LabelQuality(rating.method, decisions, right, rating.curve, rating.forecast, "")


def _unknown(decisions: int, reason: str) -> LabelQuality:
    return LabelQuality(None, decisions, None, (), None, reason)


def _rate(folder: Path, confidence: float, database: Database, basis: Basis) -> Rating:
    """The rating that is kept, if it is of these decisions and audits, or a new one."""
    audited = set(audited_answers(database)["answer_id"])
    key, path = f"{basis.stamp} {len(audited)}", folder / FILE_NAME
    kept = _read_kept(path, key)
    if kept is not None:
        return kept
    rows = _with_vectors(database, basis)
    if rows.is_empty():
        return Rating("cross-validation", (), None)
    decided = Decided(matrix_of(rows["vector"]), tuple(rows["label"]), tuple(rows["cluster_id"]))
    sizes = dict(cluster_sizes(database).select("cluster_id", "size").rows())
    is_audited = [name in audited for name in rows["answer_id"]]
    undecided = _draw_undecided(database, basis)
    text = rate_apart(decided, sizes, is_audited, confidence, GOAL, undecided)
    rating = read_rating(text)
    if not database.looks_on:
        _keep(path, key, text)
    return rating


def _with_vectors(database: Database, basis: Basis) -> pl.DataFrame:
    """The decisions on answers of active clusters that have a vector, in their order."""
    rows = basis.decided.drop_nulls("cluster_id")
    if basis.space is None or rows.is_empty():
        return rows.clear()
    vectors = read_vectors(database, basis.space, rows.select("answer_id"))
    return rows.join(vectors, on="answer_id", maintain_order="left")


def _draw_undecided(database: Database, basis: Basis) -> "NDArray[np.float32] | None":
    """Vectors of answers that nobody decided, drawn the same each time; None without any."""
    assert basis.space is not None  # decisions have vectors
    answers = list_spreadable(database, basis.space)
    left = answers.join(basis.decided, on="answer_id", how="anti", maintain_order="left")
    if left.is_empty():
        return None
    drawn = left.sample(min(DRAWN, left.height), seed=0)
    return matrix_of(read_vectors(database, basis.space, drawn)["vector"])


def _read_kept(path: Path, key: str) -> Rating | None:
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        return read_rating(kept["rating"]) if kept["key"] == key else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _keep(path: Path, key: str, text: str) -> None:
    """Keep a rating; without effect where the folder cannot be written to."""
    try:
        write_text(path, json.dumps({"key": key, "rating": text}))
    except OSError:
        return
