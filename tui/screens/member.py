"""One member of a cluster in full, and the label that it alone is given."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType
from textual.content import Content
from textual.reactive import reactive
from textual.types import CSSPathType
from textual.widget import Widget
from textual.widgets import Static

from tui.bindings import bindings, label_bindings
from tui.keymap import Keymap
from tui.screens.dialog import Dialog
from tui.views import Labels, LabelView
from tui.widgets.pane import Pane
from tui.widgets.plain import plain

if TYPE_CHECKING:
    from store.clusters import Member
    from store.origins import Pair


class MemberDialog(Dialog[int]):
    """Seed, question and answer of one member after the other. Gives back which was last seen.

    `read` fetches a pair; `override` labels one answer, `undo` takes the last action back, and
    both return once that is on disk, with a sentence on what was done. `named` is the label that
    a member was given by itself.
    """

    SCOPE = "member"
    CSS_PATH: ClassVar[CSSPathType | None] = ["dialog.tcss", "member.tcss"]
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("member"), *label_bindings()]
    AUTO_FOCUS = ""

    index: reactive[int] = reactive(0, init=False)

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
        named: Callable[[str], str | None],
        is_blind: bool,
    ) -> None:
        super().__init__("One member", keymap)
        self._members = tuple(members)
        self.set_reactive(MemberDialog.index, index)
        self._labels = labels
        self._read, self._override, self._undo, self._copy = read, override, undo, copy
        self._named = named
        self._is_blind = is_blind
        self._pair: Pair | None = None
        self._text = Pane()
        self._bar = Static()

    def compose_box(self) -> Iterable[Widget]:
        """Return the texts, and what a key does to this one answer."""
        return (self._text, self._bar)

    async def on_mount(self) -> None:
        """Show the first."""
        await self._show()

    async def watch_index(self) -> None:
        """Show another."""
        await self._show()

    async def _show(self) -> None:
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
        self._text.border_title = Content(
            f"{self.index + 1} of {len(self._members)} · rank {member.rank + 1:,} · "
            f"distance {member.distance:.2f}"
        )
        self._text.show(Content("\n").join(lines))

    def _say(self, text: str) -> None:
        parts: list[Content | tuple[str, str] | str] = [("Only this answer: ", "bold")]
        own = self._named(self._members[self.index].answer_id)
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

    def action_move(self, by: int) -> None:
        """Go to another member; at either end there is no further one."""
        self.index = max(0, min(self.index + by, len(self._members) - 1))

    def action_scroll(self, pages: int) -> None:
        """Scroll by a page."""
        self._text.scroll_pages(pages)

    def action_close(self) -> None:
        """Go back to the cluster."""
        self.dismiss(self.index)
