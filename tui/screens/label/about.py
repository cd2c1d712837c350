"""All that is known of a cluster, on a page: figures, seeds, decisions, ids."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from textual.content import Content

from store.counting import counted
from tui.frame.snapshot import Labels
from tui.keys.keymap import Keymap
from tui.screens.dialogs.page import Page
from tui.screens.label.filters import odds
from tui.screens.label.worklist import Worklist
from tui.services.inert import inert
from tui.services.logged_words import describe_told

if TYPE_CHECKING:
    from store.cluster_states import ClusterState
    from store.clusters import Cluster
    from tui.services.suggestions import ProposedSplit

TITLE_WIDTH: Final = 16


class About(Page):
    """One cluster; what blind mode hides is left out."""

    def __init__(
        self,
        cluster: "Cluster",
        work: Worklist,
        labels: Labels,
        keymap: Keymap,
        *,
        is_blind: bool,
    ) -> None:
        decisions, proposal = work.decisions, work.suggestions.splits.get(cluster.cluster_id)
        state = decisions.state(cluster.cluster_id)
        hides = is_blind and not decisions.is_by_me(cluster.cluster_id)
        made = labels.words.made
        lines = [
            (f"{made}s", f"{cluster.size:,}"),
            *([] if is_blind else _describe_prediction(cluster, labels)),
            *([] if is_blind else _describe_proposal(proposal, labels)),
            ("spread", f"{cluster.spread:.3f}, mean distance of the {made}s to the centre"),
            *([] if hides else _describe_decision(state, labels)),
            ("flagged", "yes" if state and state.is_flagged else "no"),
            ("note", state.note if state and state.note else "none"),
            ("overrides", counted(decisions.count_overrides(cluster.cluster_id), made)),
            ("cluster", cluster.cluster_id),
            *([("part of", cluster.parent_id)] if cluster.parent_id else []),
            ("representative", cluster.representative_id),
        ]
        super().__init__("This cluster", Content("\n").join(map(_line, lines)), keymap)


def _line(line: tuple[str, str]) -> Content:
    title, text = line
    return Content.assemble((f"{title:<{TITLE_WIDTH}}", "$quiet"), inert(text))


def _describe_prediction(cluster: "Cluster", labels: Labels) -> list[tuple[str, str]]:
    predicted = labels.named(cluster.predicted_label)
    if cluster.told is not None:
        how = describe_told(cluster.told, labels.words.guessed)
        return [
            *([("pattern", cluster.name)] if cluster.name else []),
            ("said to be", f"{predicted.glyph} {predicted.name}, {how}"),
            ("datasets", _describe_shares(cluster.datasets)),
        ]
    sure = "unknown" if cluster.confidence is None else f"{cluster.confidence:.3f}, mean of all"
    if labels.words.is_pair:
        return [
            ("written as", f"{predicted.glyph} {predicted.name}"),
            ("confidence", f"{sure}, that they are this"),
            ("draws", _describe_shares(cluster.datasets)),
        ]
    known = sum(cluster.seed_labels.values())
    purity = f"{1 - odds(cluster):.0%} of {counted(known, 'seed')} have the predicted label"
    return [
        ("predicted", f"{predicted.glyph} {predicted.name}"),
        ("confidence", sure),
        ("purity", purity if known else "unknown"),
        ("seeds' labels", _describe_shares(cluster.seed_labels)),
        ("datasets", _describe_shares(cluster.datasets)),
        *([("clustered in", cluster.dataset)] if cluster.dataset else []),
    ]


def _describe_shares(counts: Mapping[str, int]) -> str:
    common = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return ", ".join(f"{name} {count:,}" for name, count in common) or "unknown"


def _describe_proposal(proposal: "ProposedSplit | None", labels: Labels) -> list[tuple[str, str]]:
    if proposal is None:
        return []
    other, members = labels.named(proposal.other), counted(proposal.members, "member")
    lean = f"{proposal.against:,} of {members} drawn lean to other labels, most to"
    return [("better split", f"{lean} {other.glyph} {other.name}")]


def _describe_decision(state: "ClusterState | None", labels: Labels) -> list[tuple[str, str]]:
    if state is None or state.kind is None:
        return [("decision", "none yet")]
    what = state.kind
    if state.label is not None:
        view = labels.named(state.label)
        reach = "" if state.reach is None else f", nearest {state.reach:,}"
        what = f"{view.glyph} {view.name}{reach}"
    by = f"by {state.annotator}" if state.annotator else ""
    others = [name for name in state.annotators if name != state.annotator]
    also = f"; decided before by {', '.join(others)}" if others else ""
    return [("decision", f"{what}, {by}{also}")]
