"""Corrections of flagged answers, pattern by pattern: one key approves those of a pattern."""

from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar, Final

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.types import CSSPathType
from textual.widgets import Static

from tui.frame.asking import Asking
from tui.frame.calls import Calls
from tui.frame.messages import Said
from tui.keys.bindings import bindings
from tui.keys.keymap import Keymap
from tui.screens.dialogs.frame import FRAME_STYLE, Dialog
from tui.screens.loop.corrections.messages import CorrectionsRead, PatternsRead
from tui.screens.loop.corrections.queue import PatternQueue
from tui.screens.loop.corrections.wording import (
    READING,
    describe_approved,
    describe_correction,
    describe_nothing,
    describe_pattern,
    describe_turned,
    describe_whole_prompt,
)
from tui.services.inert import one_line
from tui.widgets.hint_bar import HintBar
from tui.widgets.pane import Pane
from tui.widgets.plain import plain

if TYPE_CHECKING:
    from store.approvals import CorrectedPattern, Correction
    from store.decisions import Action
    from tui.screens.loop.corrections.desk import CorrectionsDesk

OF_A_PATTERN: Final = frozenset({"approve", "withdraw", "down", "right", "prompt"})  # keys
EDGES: Final = 6  # of the dialog and of the texts in it


class CorrectionsDialog(Dialog[None]):
    """A pattern's prompts, flagged answers and corrections, one beside the other."""

    SCOPE = "correction"
    CSS_PATH: ClassVar[CSSPathType | None] = [FRAME_STYLE, "dialog.tcss"]
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("correction")]
    AUTO_FOCUS = ""

    def __init__(self, dataset: str, desk: "CorrectionsDesk", calls: Calls, keymap: Keymap) -> None:
        super().__init__(f"Corrections of {one_line(dataset, 40)}", keymap)
        self._dataset = dataset
        self._desk = desk
        self._asking = Asking(self, calls)
        self._queue = PatternQueue()
        self._corrections: tuple[Correction, ...] = ()
        self._of = ""  # the pattern whose corrections those are
        self._place = 0  # among them
        self._is_prompt_whole = self._is_read = False
        self._about = Static(READING, id="about", markup=False)
        self._prompt = Static(id="asked", markup=False)
        self._flagged = Pane(id="flagged")
        self._correction = Pane(id="correction")
        self._texts = Horizontal(self._flagged, self._correction)
        self._done = Static(id="done", markup=False)

    def compose(self) -> ComposeResult:
        """Lay out what the pattern is, what was asked, both answers, and what was done."""
        yield self.boxed(self._about, self._prompt, self._texts, self._done)

    def on_mount(self) -> None:
        """Read the patterns."""
        self._read()

    def on_resize(self) -> None:
        """Cut the prompt to the new width."""
        self._show()

    def on_said(self, message: Said) -> None:
        """Say here why something was refused: the line of the screen is below."""
        message.stop()
        self._say(message.text)

    def _say(self, text: str) -> None:
        self._done.update(one_line(text))

    def _read(self, go_to: str | None = None) -> None:
        desk, dataset = self._desk, self._dataset
        self._asking.read("patterns", lambda: PatternsRead(desk.patterns(dataset), go_to))

    def on_patterns_read(self, message: PatternsRead) -> None:
        """Show the patterns as they are now, and read the corrections of the current one."""
        self._is_read = True
        self._queue.take(message.patterns)
        if message.go_to is not None:
            self._queue.go_to(message.go_to)
        self._go()

    def on_corrections_read(self, message: CorrectionsRead) -> None:
        """Show the corrections, unless another pattern is current by now."""
        current = self._queue.current
        if current is not None and current.cluster_id == message.cluster_id:
            if self._of != message.cluster_id:
                self._place = 0
            self._of, self._corrections = message.cluster_id, message.corrections
            self._place = max(min(self._place, len(self._corrections) - 1), 0)
            self._show()

    def _go(self) -> None:
        """Show the current pattern, and read its corrections."""
        current, desk = self._queue.current, self._desk
        self._show()
        if current is not None:
            name = current.cluster_id
            self._asking.read("corrections", lambda: CorrectionsRead(name, desk.corrections(name)))

    @property
    def _shown(self) -> "Correction | None":
        """The correction that is shown; None before those of the current pattern are read."""
        current = self._queue.current
        is_read = current is not None and current.cluster_id == self._of
        return self._corrections[self._place] if is_read and self._corrections else None

    def _show(self) -> None:
        current, shown = self._queue.current, self._shown
        self._texts.display = self._prompt.display = current is not None
        self.query_one(HintBar).without_effect = frozenset() if current else OF_A_PATTERN
        if current is None:
            self._about.update(describe_nothing(self._dataset) if self._is_read else READING)
            return
        self._about.update(describe_pattern(current, self._queue.place, len(self._queue)))
        if shown is None:
            return
        width = (self._about.size.width or self.app.size.width) - EDGES
        self._prompt.update(describe_correction(shown, self._desk.context, max(width, 20)))
        place = f"{self._place + 1:,} of {len(self._corrections):,}"
        if self._is_prompt_whole:
            self._flagged.border_title = f"what was asked, {place}"
            self._flagged.show(describe_whole_prompt(shown, self._desk.context))
        else:
            self._flagged.border_title = f"flagged answer {place}"
            self._flagged.show(plain(shown.flagged.strip()))
        self._correction.border_title = "correction"
        self._correction.show(plain(shown.correction.strip()))

    async def action_approve(self) -> None:
        """Approve the corrections of the pattern, and go on to the next that waits."""
        current = self._queue.current
        if current is None or self._shown is None:
            return
        if current.is_approved:
            self._say("The corrections of this pattern are approved already.")
            return
        if await self._decide(lambda: self._desk.approve(current)):
            undo = self.keymap.shown("correction.undo")
            self._say(describe_approved(current, self._queue.waiting, undo))
            self._queue.go_on()
            self._go()

    async def action_withdraw(self) -> None:
        """Take the approval of the pattern back."""
        current = self._queue.current
        if current is None or not current.approved:
            self._say("Nothing of this pattern is approved.")
        elif await self._decide(lambda: self._desk.withdraw(current)):
            self._say("Withdrew the approval of this pattern.")
            self._go()

    async def _decide(self, call: Callable[[], None]) -> bool:
        """Record a decision, and take the patterns as it leaves them; false if it was refused."""
        desk, dataset = self._desk, self._dataset

        def decide() -> "tuple[CorrectedPattern, ...]":
            call()
            return desk.patterns(dataset)

        patterns = await self._asking.write(decide)
        if patterns is None:
            return False
        self._queue.take(patterns)
        return True

    async def action_undo(self) -> None:
        """Undo the annotator's newest action, whatever it was."""
        await self._turn("Undid", lambda: self._desk.turn("undo"))

    async def action_redo(self) -> None:
        """Do again what was undone last."""
        await self._turn("Did again", lambda: self._desk.turn("redo"))

    async def _turn(self, done: str, call: "Callable[[], Action]") -> None:
        action = await self._asking.write(call)
        if action is not None:
            self._say(describe_turned(done, action))
            self._read(go_to=action.cluster_ids[0] if action.cluster_ids else None)

    def action_move(self, by: int) -> None:
        """Go to another answer of the pattern; at either end there is no further one."""
        self._place = max(min(self._place + by, len(self._corrections) - 1), 0)
        self._show()

    def action_turn(self, by: int) -> None:
        """Go to another pattern."""
        self._queue.move(by)
        self._go()

    def action_scroll_text(self, pages: int) -> None:
        """Scroll both texts."""
        self._flagged.scroll_pages(pages)
        self._correction.scroll_pages(pages)

    def action_unfold(self) -> None:
        """Show all that was asked in place of the flagged answer, or that again."""
        self._is_prompt_whole = not self._is_prompt_whole
        self._show()
