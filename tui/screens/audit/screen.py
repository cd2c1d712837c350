"""The audit: judging texts blindly, one key each, and what the judgements say of the labels.

While a text is judged, nothing is shown that would tell its label: not the prediction, the
propagated label, the seed, or the cluster.
"""

from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING, ClassVar, Literal

from textual.binding import BindingType
from textual.content import Content
from textual.widget import Widget

from store.counting import counted
from tui.frame.calls import Calls
from tui.frame.messages import AuditRead
from tui.frame.snapshot import Labels, Snapshot
from tui.keys.bindings import bindings, label_bindings
from tui.keys.keymap import Keymap
from tui.screens.audit.findings import AuditFindings
from tui.screens.audit.intro import AuditIntro
from tui.screens.audit.judging import Judging
from tui.screens.audit.views import AuditState
from tui.screens.audit.wording import describe_unfinished, describe_way_to_text
from tui.screens.dialogs.confirm import Confirm
from tui.widgets.empty_state import EmptyState

if TYPE_CHECKING:
    from store.audits import RoundKind

Face = Literal["empty", "intro", "judging", "board"]


class AuditScreen(AuditFindings):
    """The text that is judged, or the figures; before a round, what one is."""

    CSS_PATH = "screen.tcss"
    SCOPE = "audit"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("audit"), *label_bindings()]

    def __init__(self, workspace_name: str, calls: Calls, keymap: Keymap, labels: Labels) -> None:
        super().__init__(workspace_name, calls, keymap, labels)
        self.state: AuditState | None = None
        self._stamp: object = None
        self._writes = 0  # what was read before the last of them is out of date
        self._empty = EmptyState(
            "How good propagated labels are will stand here, once clusters are labelled.", keymap
        )
        self._intro = AuditIntro(keymap)
        self._judging = Judging(labels, keymap)
        self._faces: dict[Face, Widget] = {
            "empty": self._empty,
            "intro": self._intro,
            "judging": self._judging,
            "board": self.board,
        }

    def compose_body(self) -> Iterable[Widget]:
        """One of these is shown at a time."""
        return self._faces.values()

    @property
    def face(self) -> Face:
        """What is shown now."""
        if self.shows_board:
            return "board"
        if self.state is None or self.state.is_empty:
            return "empty"
        return "judging" if self.state.item else "intro"

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Read how the audit stands again where something was decided or clustered."""
        stamp = snapshot.counts.decisions, snapshot.clustering
        if self.session is not None and stamp != self._stamp:
            self._stamp = stamp
            self._read_state()
            if self.shows_board:
                self.read_figures()
        if self.state is not None:
            self._empty.snapshot = snapshot

    def _read_state(self) -> None:
        session, writes = self.session, self._writes
        if session is not None:
            self.read("state", lambda: AuditRead(session.audits.state(), writes))

    def on_audit_read(self, message: AuditRead) -> None:
        """Take what was read, unless something was judged meanwhile."""
        if message.writes == self._writes:
            self._take(message.state)
        else:
            self._read_state()

    def _take(self, state: AuditState) -> None:
        """Show how the audit stands; the figures come up when a round is done."""
        before, self.state = self.state, state
        if state.item is None and state.has_rounds and (before is None or before.item):
            self.shows_board = True
            self.read_figures()
        self._show()

    def _show(self) -> None:
        face = self.face
        self.show_empty(face == "empty")
        for name, widget in self._faces.items():
            widget.display = name == face
        self._empty.snapshot = self.snapshot
        if self.state is not None and face == "intro":
            self._intro.show(self.state)
        elif self.state is not None:
            self._judging.show(self.state)

    async def action_label(self, key: str) -> None:
        """Judge the text by the key of a label; other keys do nothing."""
        label = self.labels.keyed(key)
        if label is not None:
            await self._judge(label.name, f"Judged {label.glyph} {label.name}")

    async def action_unsure(self) -> None:
        """Leave the text out of the figures."""
        await self._judge(None, "Unsure")

    async def _judge(self, label: str | None, said: str) -> None:
        state = self.state
        if self.session is None or state is None or self.face == "empty":
            return
        if state.item is None or self.face != "judging":
            self.say(describe_way_to_text(state, self.keymap), is_warning=True)
        elif state := await self._change(partial(self.session.audits.judge, state.item, label)):
            done = "" if state.item else " Every text is judged."
            self.say(f"{said}.{done} {self.keymap.shown('audit.undo')} takes it back.")

    async def _change(self, call: Callable[[], AuditState]) -> AuditState | None:
        """Make a call that changes how the audit stands, and show what is next."""
        state = await self.write(call)
        if state is not None:
            self._writes += 1
            self.shows_board = False
            self._take(state)
        return state

    async def action_undo(self) -> None:
        """Take the last judgement back and show its text again."""
        session = self.session
        if session and self.face != "empty" and await self._change(session.audits.take_back):
            self.say("Took the last judgement back.")

    async def action_new_round(self) -> None:
        """Draw members of all labelled clusters."""
        await self._ask_to_draw("propagation")

    async def action_new_consistency(self) -> None:
        """Draw clusters that the person has labelled."""
        await self._ask_to_draw("consistency")

    async def _ask_to_draw(self, kind: "RoundKind") -> None:
        """Draw a round; ask first where it takes the place of one that is not finished."""
        state = self.state
        if state is None or self.face == "empty":
            return
        left = next((item for item in state.opened if item.kind == kind), None)
        if left is None:
            await self._draw(kind, True)
            return
        text = Content(describe_unfinished(left))
        draw = partial(self._draw, kind)
        self.app.push_screen(Confirm("Draw a new round?", text, self.keymap), draw)

    async def _draw(self, kind: "RoundKind", is_agreed: bool | None) -> None:
        if self.session is None or not is_agreed:
            return
        self.say("Drawing…")
        if state := await self._change(partial(self.session.audits.draw, kind)):
            self.say(f"Drew {counted(state.round.items if state.round else 0, 'text')}.")

    def action_toggle_view(self) -> None:
        """Show the figures, or the text that is judged."""
        if self.state is not None and not self.state.is_empty:
            self.shows_board = not self.shows_board
            if self.shows_board:
                self.read_figures()
            self._show()

    def action_move(self, by: int) -> None:
        """Choose another wrong label; while judging, scroll by a line."""
        if self.shows_board:
            self.choose(by)
        else:
            self._judging.text.scroll_lines(by)

    def action_scroll_text(self, pages: int) -> None:
        """Scroll the text by a page."""
        (self.board if self.shows_board else self._judging.text).scroll_pages(pages)

    def action_toggle_origin(self) -> None:
        """Show or hide seed and question of the chosen answer."""
        if self.shows_board:
            self.board.toggle_origin()
        elif self.face == "judging":
            self.say("Seed and question stay hidden while you judge.", is_warning=True)
