"""The text that belongs to where the annotator is: of the cluster, or of the chosen member."""

from typing import TYPE_CHECKING

from textual.content import Content

from store.counting import counted
from tui.frame.snapshot import FLAG_GLYPH, Labels
from tui.screens.label.state import LabelState
from tui.screens.label.text_pane import TextView
from tui.services.inert import one_line
from tui.services.logged_words import describe_told

if TYPE_CHECKING:
    from store.clusters import Cluster, Member


def current_text(state: LabelState, labels: Labels) -> TextView | None:
    """What the text pane shows; None where there is no cluster."""
    cluster = state.work.current
    if cluster is None:
        return None
    member = state.member
    if member is not None:
        return _view_member(state, labels, cluster, member)
    return _view_representative(state, labels, cluster)


def _view_representative(state: LabelState, labels: Labels, cluster: "Cluster") -> TextView:
    decided, detail, display = (
        state.work.decisions.state(cluster.cluster_id),
        state.detail,
        state.display,
    )
    flag = f" {FLAG_GLYPH}" if decided and decided.is_flagged else ""
    place = f"{_place(state)}{flag} · {counted(cluster.size, labels.words.made)}"
    return TextView(
        cluster.representative_id,
        title=_title(place, cluster, cluster.confidence, labels, is_blind=display.is_blind),
        answer=cluster.representative,
        note=decided.note if decided else "",
        pair=detail.pair if detail is not None else None,
        unfolded=display.unfolded,
        marks=detail.marks if detail is not None else {},
        is_member=False,
        is_blind=display.is_blind,
    )


def _view_member(
    state: LabelState, labels: Labels, cluster: "Cluster", member: "Member"
) -> TextView:
    detail, origin, display = state.detail, state.origin, state.display
    place = f"One member, {member.rank + 1:,} of {cluster.size:,} · {_place(state).lower()}"
    return TextView(
        member.answer_id,
        title=_title(place, cluster, member.confidence, labels, is_blind=display.is_blind),
        answer=member.text,
        note="",
        pair=origin.pair if origin is not None else None,
        unfolded=display.unfolded,
        marks={
            **(detail.marks if detail is not None else {}),
            **(origin.marks if origin is not None else {}),
        },
        is_member=True,
        is_blind=display.is_blind,
    )


def _place(state: LabelState) -> str:
    return f"Cluster {state.work.index + 1:,} of {len(state.work.shown):,}"


def _title(
    place: str, cluster: "Cluster", confidence: float | None, labels: Labels, *, is_blind: bool
) -> Content:
    """Where the text is, and what is guessed of it, unless that must not be seen."""
    if is_blind:
        return Content(f"{place} · blind")
    guessed, told = labels.named(cluster.predicted_label), cluster.told
    sure = "" if confidence is None or told else f" {confidence:.2f}"
    name = f"{guessed.glyph} {one_line(guessed.name)}"
    how = describe_told(told, labels.words.guessed) if told else ""
    said = f"{one_line(how)}:" if how else labels.words.guessed_as
    return Content.assemble(f"{place} · {said} ", (name, guessed.style), sure)
