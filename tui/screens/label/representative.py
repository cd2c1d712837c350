"""The text that stands for a cluster, in full, and where it came from."""

from typing import TYPE_CHECKING

from textual.content import Content

from tui.frame.snapshot import FLAG_GLYPH, NOTE_GLYPH, Detail, Labels
from tui.services.inert import inert, one_line
from tui.widgets.pane import Pane
from tui.widgets.plain import marked

if TYPE_CHECKING:
    from store.clusters import Cluster
    from store.decisions import ClusterState


class Representative(Pane):
    """The representative of a cluster; seed and question above it where they are asked for."""

    def __init__(self, labels: Labels) -> None:
        super().__init__()
        self._labels = labels
        self._of: str | None = None

    def show_cluster(
        self,
        cluster: "Cluster",
        state: "ClusterState | None",
        detail: Detail | None,
        *,
        place: str,
        shows_origin: bool,
        is_blind: bool,
    ) -> None:
        """Show a cluster; what `detail` adds comes when it has been read."""
        top = self.top_line if self._of == cluster.cluster_id else 0
        self._of = cluster.cluster_id
        self.set_title(self._title(cluster, state, place, is_blind))
        marks = detail.marks if detail else {}
        answer = inert(cluster.representative)
        parts = [marked(answer, marks.get(answer, ()))]
        if shows_origin and detail is not None and detail.pair is not None:
            parts = [describe_origin(detail, self._labels, is_blind=is_blind), *parts]
        if state and state.note:
            note = Content.styled(f"{NOTE_GLYPH} {one_line(state.note)}", "italic $warning")
            parts = [note, *parts]
        self.show(Content("\n").join(parts), top_line=top)

    def _title(
        self, cluster: "Cluster", state: "ClusterState | None", place: str, is_blind: bool
    ) -> Content:
        flag = f" {FLAG_GLYPH}" if state and state.is_flagged else ""
        if is_blind:
            return Content(f"{place}{flag} · blind")
        predicted = self._labels.named(cluster.predicted_label)
        sure = "" if cluster.confidence is None else f" {cluster.confidence:.2f}"
        return Content.assemble(
            f"{place}{flag} · predicted ",
            (f"{predicted.glyph} {one_line(predicted.name)}", predicted.style),
            sure,
        )


def describe_origin(detail: Detail, labels: Labels, *, is_blind: bool) -> Content:
    """Return seed and question of a detail's pair under their headings, and one for the answer."""
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
