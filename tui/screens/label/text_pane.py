"""The text that is labelled, in full, and where it came from."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.content import Content
from textual.reactive import var

from tui.frame.snapshot import NOTE_GLYPH, Labels
from tui.keys.keymap import Keymap
from tui.screens.label.layout import MEASURE
from tui.services.inert import one_line
from tui.widgets.origin_text import OriginText, Unfolded
from tui.widgets.pane import Pane
from tui.widgets.plain import Spans

if TYPE_CHECKING:
    from store.origins import Pair

FOR_MEMBER = "-member"


@dataclass(frozen=True, slots=True)
class TextView:
    """An answer as it is shown; `pair` is None until it is read.

    `marks` says what to highlight in each text.
    """

    answer_id: str
    title: Content
    answer: str
    note: str
    pair: "Pair | None"
    unfolded: Unfolded
    marks: Mapping[str, Spans]
    is_member: bool
    is_blind: bool


class TextPane(Pane):
    """The representative of a cluster, or one of its members; what it came from above it."""

    view: var[TextView | None] = var[TextView | None](None, init=False)

    def __init__(self, labels: Labels, keymap: Keymap) -> None:
        super().__init__()
        self._labels = labels
        self._texts = OriginText(labels.words, keymap.shown("label.context"))

    def watch_view(self, before: TextView | None, view: TextView | None) -> None:
        """Show a text, from its first line on; another view of the same stays where it is."""
        if view is None:
            return
        is_same = before is not None and before.answer_id == view.answer_id
        self.set_class(view.is_member, FOR_MEMBER)
        self.set_title(view.title)
        remark = self._describe_seed(view) if view.pair is not None else None
        text = self._texts.describe(
            view.answer,
            view.pair,
            view.unfolded,
            marks=view.marks,
            remark=remark,
            is_blind=view.is_blind,
        )
        if view.note:
            note = Content.styled(f"{NOTE_GLYPH} {one_line(view.note)}", "italic $warning")
            text = note + "\n" + text
        self.show(text, top_line=self.top_line if is_same else 0)

    def wrap(self, text: Content, width: int) -> list[Content]:
        """Keep the lines short enough to be read well."""
        return super().wrap(text, min(width, MEASURE))

    def _describe_seed(self, view: TextView) -> Content | None:
        """The dataset of a seed, and its label, unless that must not be seen."""
        pair = view.pair
        if pair is None or view.is_blind:
            return None
        dataset = one_line(pair.dataset)
        if pair.written_for is not None or pair.logged is not None:
            return Content.styled(f" {dataset}", "$quiet")
        label = self._labels.named(pair.seed_label or "unlabelled")
        guessed = " (predicted)" if pair.seed_label_origin == "predicted" else ""
        return Content.assemble(
            (f" {dataset}, ", "$quiet"),
            (f"{label.glyph} {one_line(label.name)}", label.style),
            (guessed, "$quiet"),
        )
