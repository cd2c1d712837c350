"""The label curve: how many learned labels are right, by how many decisions there were.

It fits some tens of models, in this process; the app reads no curve.
"""

from dataclasses import dataclass
from typing import Final

import polars as pl

from engine.spreading.forecast import Forecast, forecast
from engine.spreading.model import Decided
from engine.spreading.quality import QualityPoint, hold_out, measure_quality
from store.clusters import list_clusters
from store.database.connection import Database
from store.learned_labels import Basis, read_basis
from store.spaces import matrix_of
from store.vectors import read_vectors
from tui.services.workspace import Workspace

GOAL: Final = 0.9


@dataclass(frozen=True, slots=True)
class LabelCurve:
    """The estimated share of right labels after every ten decisions, and what `GOAL` would take.

    There is no point where too few are decided. `more` is None where it cannot be said.
    """

    points: tuple[QualityPoint, ...]
    more: Forecast | None


def read_label_curve(workspace: Workspace, database: Database) -> LabelCurve:
    """The curve of the decisions that count now; see `engine/spreading/quality.py` for its bias."""
    confidence = workspace.settings.labelling.spread_confidence
    decided = _decided(database, read_basis(database, confidence))
    if decided is None:
        return LabelCurve((), None)
    sizes = {cluster.cluster_id: cluster.size for cluster in list_clusters(database)}
    held = hold_out(decided, {group: sizes.get(group, 1) for group in decided.groups})
    points = tuple(measure_quality(item, confidence) for item in held)
    return LabelCurve(points, forecast(held, GOAL, workspace.settings.seed))


def _decided(database: Database, basis: Basis) -> Decided | None:
    """The decided answers that have a vector, as a model learns from them; None without any."""
    if basis.space is None:
        return None
    vectors = read_vectors(database, basis.space, basis.decided)
    rows = basis.decided.join(vectors, on="answer_id", maintain_order="left")
    if rows.is_empty():
        return None
    groups = rows.select(pl.col("cluster_id").fill_null(pl.col("answer_id"))).to_series()
    return Decided(matrix_of(rows["vector"]), tuple(rows["label"]), tuple(groups))
