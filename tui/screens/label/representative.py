"""The text by which a cluster is labelled, in full, and where it came from."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.content import Content
from textual.reactive import var

from tui.frame.snapshot import FLAG_GLYPH, NOTE_GLYPH, Labels
from tui.screens.label.views import Detail
from tui.services.inert import inert, one_line
from tui.widgets.pane import Pane
from tui.widgets.plain import marked

if TYPE_CHECKING:
    from store.cluster_states import ClusterState
    from store.clusters import Cluster


@dataclass(frozen=True, slots=True)
class RepresentativeView:
    """A cluster as it is shown; what `detail` adds comes when it has been read."""

    cluster: "Cluster"
    state: "ClusterState | None"
    detail: Detail | None
    place: str  # in words
    shows_origin: bool
    is_blind: bool


class Representative(Pane):
    """The representative of a cluster; seed and question above it if they are asked for."""

    view: var[RepresentativeView | None] = var[RepresentativeView | None](None, init=False)

    def __init__(self, labels: Labels) -> None:
        super().__init__()
        self._labels = labels

    def watch_view(
        self, before: RepresentativeView | None, view: RepresentativeView | None
    ) -> None:
        """Show a cluster, from its first line on; another view of the same stays where it is."""
        if view is None:
            return
        is_same = before is not None and before.cluster.cluster_id == view.cluster.cluster_id
        detail, state = view.detail, view.state
        self.set_title(self._title(view))
        answer = inert(view.cluster.representative)
        parts = [marked(answer, detail.marks.get(answer, ()) if detail else ())]
        if view.shows_origin and detail is not None and detail.pair is not None:
            parts = [describe_origin(detail, self._labels, is_blind=view.is_blind), *parts]
        if state and state.note:
            note = Content.styled(f"{NOTE_GLYPH} {one_line(state.note)}", "italic $warning")
            parts = [note, *parts]
        self.show(Content("\n").join(parts), top_line=self.top_line if is_same else 0)

    def _title(self, view: RepresentativeView) -> Content:
        flag = f" {FLAG_GLYPH}" if view.state and view.state.is_flagged else ""
        if view.is_blind:
            return Content(f"{view.place}{flag} · blind")
        predicted = self._labels.named(view.cluster.predicted_label)
        confidence = view.cluster.confidence
        sure = "" if confidence is None else f" {confidence:.2f}"
        return Content.assemble(
            f"{view.place}{flag} · predicted ",
            (f"{predicted.glyph} {one_line(predicted.name)}", predicted.style),
            sure,
        )


def describe_origin(detail: Detail, labels: Labels, *, is_blind: bool) -> Content:
    """Seed and question of a detail's pair under their headings, and a heading for the answer."""
    pair = detail.pair
    assert pair is not None
    seed, query = inert(pair.seed_text), inert(pair.query)
    lines = [Content.styled("SEED", "bold $accent")]
    if not is_blind:
        label = labels.named(pair.seed_label or "unlabelled")
        guessed = " (predicted)" if pair.seed_label_origin == "predicted" else ""
        named = (f"{label.glyph} {one_line(label.name)}", label.style)
        lines[0] += Content.assemble(
            (f" {one_line(pair.dataset)}, ", "$quiet"), named, (guessed, "$quiet")
        )
    return Content("\n").join(
        [
            *lines,
            marked(seed, detail.marks.get(seed, ()), "$quiet"),
            Content.styled("QUESTION", "bold $accent"),
            marked(query, detail.marks.get(query, ()), "$quiet"),
            Content.styled("ANSWER", "bold $accent"),
        ]
    )
