"""What the colours of the map say: what clusters are decided as, or predicted; labels of seeds."""

from typing import TYPE_CHECKING, Literal

from tui.frame.snapshot import SKIPPED_GLYPH, UNDECIDED_GLYPH, UNSURE_GLYPH, Labels
from tui.screens.label.decisions import Decisions
from tui.widgets.map_colouring import Colouring, Kind, colour_by_cluster, colour_by_names

if TYPE_CHECKING:
    from tui.services.results.cluster_map import ClusterMap

By = Literal["decision", "prediction", "seed label"]

UNDECIDED = Kind(UNDECIDED_GLYPH, "$quiet", "undecided")
_PUT_OFF = {
    "skip": Kind(SKIPPED_GLYPH, "$quiet", "skipped"),
    "unsure": Kind(UNSURE_GLYPH, "$warning", "unsure"),
}
WITHOUT = Kind("·", "$line", "without a label")


def colour(found: "ClusterMap", decisions: Decisions, by: By, labels: Labels) -> Colouring:
    """The kinds of points and clusters; points of a cluster share its decision and prediction."""
    if by == "seed label":
        return colour_by_names(
            found, by, found.seed_labels, lambda _, name: _label_kind(name, labels), WITHOUT
        )
    if by == "prediction":
        kinds = [_label_kind(cluster.predicted_label, labels) for cluster in found.clusters]
    else:
        kinds = [_decided(cluster.cluster_id, decisions, labels) for cluster in found.clusters]
    distinct = list(dict.fromkeys(kinds))
    return colour_by_cluster(found, by, distinct, [distinct.index(kind) for kind in kinds])


def _label_kind(name: str, labels: Labels) -> Kind:
    view = labels.named(name)
    return Kind(view.glyph, view.style, name)


def _decided(cluster_id: str, decisions: Decisions, labels: Labels) -> Kind:
    state = decisions.state(cluster_id)
    if state is None or state.kind is None:
        return UNDECIDED
    return _label_kind(state.label, labels) if state.label else _PUT_OFF[state.kind]
