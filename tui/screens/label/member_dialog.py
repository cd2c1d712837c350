"""One member of a cluster in full, and the label that it alone is given."""

from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.types import CSSPathType
from textual.widgets import Static

from tui.frame.snapshot import Labels, LabelView
from tui.keys.bindings import bindings, label_bindings
from tui.keys.keymap import Keymap
from tui.screens.dialogs.browse import LeafingDialog
from tui.screens.dialogs.frame import FRAME_STYLE
from tui.widgets.plain import plain

if TYPE_CHECKING:
    from store.clusters import Member
    from store.origins import Pair


class MemberDialog(LeafingDialog):
    """Seed, question and answer of one member after the other.

    `read` fetches a pair; `override` labels one answer, `undo` takes the last action back, and
    both return once that is on disk, with a sentence on what was done. `label_of` finds the label
    that a member was given by itself.
    """

    SCOPE = "member"
    CSS_PATH: ClassVar[CSSPathType | None] = [FRAME_STYLE, "member_dialog.tcss"]
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("member"), *label_bindings()]

    def __init__(
        self,
        members: "Sequence[Member]",
        index: int,
        labels: Labels,
        keymap: Keymap,
        *,
        read: "Callable[[str], Awaitable[Pair | None]]",
        override: Callable[[str, LabelView], Awaitable[str]],
        undo: Callable[[], Awaitable[str]],
        copy: "Callable[[Pair], Awaitable[str]]",
        label_of: Callable[[str], str | None],
        is_blind: bool,
    ) -> None:
        super().__init__("One member", len(members), index, keymap, show=self.show_text)
        self._members = tuple(members)
        self._labels = labels
        self._read, self._override, self._undo, self._copy = read, override, undo, copy
        self._label_of = label_of
        self._is_blind = is_blind
        self._pair: Pair | None = None
        self._bar = Static()

    def compose(self) -> ComposeResult:
        """Lay out the texts, and what a key does to this one answer."""
        yield self.boxed(self.text, self._bar)

    async def show_text(self) -> None:
        """Show where the member came from, and what its keys do."""
        member = self._members[self.index]
        self._pair = await self._read(member.answer_id)
        self._say("")
        if self._pair is None:
            return
        seed = f"SEED {self._pair.dataset}"
        if not self._is_blind and self._pair.seed_label:
            seed += f", {self._pair.seed_label}"
        lines = [
            plain("SEED" if self._is_blind else seed, "bold $accent"),
            plain(self._pair.seed_text),
            plain("QUESTION", "bold $accent"),
            plain(self._pair.query),
            plain("ANSWER", "bold $accent"),
            plain(self._pair.answer),
        ]
        self.text.border_title = Content(
            f"{self.place()} · rank {member.rank + 1:,} · distance {member.distance:.2f}"
        )
        self.text.show(Content("\n").join(lines))

    def _say(self, text: str) -> None:
        parts: list[Content | tuple[str, str] | str] = [("Only this answer: ", "bold")]
        own = self._label_of(self._members[self.index].answer_id)
        for view in self._labels.views:
            is_set = " ✓" if view.name == own else ""
            parts += [(f" {view.key} ", "reverse bold"), " "]
            parts += [(f"{view.glyph} {view.name}{is_set}  ", view.style)]
        parts.append(f"\n{text}")
        self._bar.update(Content.assemble(*parts))

    async def action_label(self, key: str) -> None:
        """Label this answer alone."""
        label = self._labels.keyed(key)
        if label is not None:
            self._say(await self._override(self._members[self.index].answer_id, label))

    async def action_undo(self) -> None:
        """Undo the last action, whatever it was."""
        self._say(await self._undo())

    async def action_copy(self) -> None:
        """Copy seed, question and answer."""
        if self._pair is not None:
            self._say(await self._copy(self._pair))
