"""The text that is labelled, in full, and where it came from."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.content import Content
from textual.reactive import var

from tui.frame.snapshot import NOTE_GLYPH, Labels
from tui.screens.label.layout import MEASURE
from tui.services.inert import inert, one_line
from tui.widgets.pane import Pane
from tui.widgets.plain import Spans, marked

if TYPE_CHECKING:
    from store.origins import Pair

FOR_MEMBER = "-member"


@dataclass(frozen=True, slots=True)
class TextView:
    """An answer as it is shown; `pair` is None where seed and question are folded, or not read.

    `marks` says what to highlight in each text.
    """

    answer_id: str
    title: Content
    answer: str
    note: str
    pair: "Pair | None"
    marks: Mapping[str, Spans]
    is_member: bool
    is_blind: bool


class TextPane(Pane):
    """The representative of a cluster, or one of its members; seed and question above it."""

    view: var[TextView | None] = var[TextView | None](None, init=False)

    def __init__(self, labels: Labels) -> None:
        super().__init__()
        self._labels = labels

    def watch_view(self, before: TextView | None, view: TextView | None) -> None:
        """Show a text, from its first line on; another view of the same stays where it is."""
        if view is None:
            return
        is_same = before is not None and before.answer_id == view.answer_id
        self.set_class(view.is_member, FOR_MEMBER)
        self.set_title(view.title)
        answer = inert(view.answer)
        parts = [marked(answer, view.marks.get(answer, ()))]
        if view.pair is not None:
            parts = [self._describe_origin(view.pair, view), *parts]
        if view.note:
            note = Content.styled(f"{NOTE_GLYPH} {one_line(view.note)}", "italic $warning")
            parts = [note, *parts]
        self.show(Content("\n").join(parts), top_line=self.top_line if is_same else 0)

    def wrap(self, text: Content, width: int) -> list[Content]:
        """Keep the lines short enough to be read well."""
        return super().wrap(text, min(width, MEASURE))

    def _describe_origin(self, pair: "Pair", view: TextView) -> Content:
        """Seed and question of a pair under their headings, and a heading for the answer."""
        seed, query = inert(pair.seed_text), inert(pair.query)
        lines = [Content.styled("SEED", "bold $accent")]
        if not view.is_blind:
            label = self._labels.named(pair.seed_label or "unlabelled")
            guessed = " (predicted)" if pair.seed_label_origin == "predicted" else ""
            named = (f"{label.glyph} {one_line(label.name)}", label.style)
            lines[0] += Content.assemble(
                (f" {one_line(pair.dataset)}, ", "$quiet"), named, (guessed, "$quiet")
            )
        return Content("\n").join(
            [
                *lines,
                marked(seed, view.marks.get(seed, ()), "$quiet"),
                Content.styled("QUESTION", "bold $accent"),
                marked(query, view.marks.get(query, ()), "$quiet"),
                Content.styled("ANSWER", "bold $accent"),
            ]
        )
