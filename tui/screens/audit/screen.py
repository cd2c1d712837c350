"""The audit: labelling texts blindly, one key each, and what that says about the labels they had.

While a text is audited, nothing is shown that would tell its label: not the prediction, the
propagated label, the seed, or the cluster.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from functools import partial
from typing import TYPE_CHECKING, ClassVar, cast

from textual.binding import BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import ContentSwitcher

from store.counting import counted
from tui.frame.calls import Calls
from tui.frame.snapshot import Labels, Snapshot
from tui.keys.bindings import bindings, label_bindings
from tui.keys.keymap import Keymap
from tui.screens.audit.agreement import AgreementView
from tui.screens.audit.blind_text import BlindText
from tui.screens.audit.board import AuditBoard
from tui.screens.audit.curve import QualityCurve
from tui.screens.audit.dimensions import DimensionsView
from tui.screens.audit.faces import NOTHING, Face, idle_keys, views_of
from tui.screens.audit.intro import AuditIntro
from tui.screens.audit.messages import StateRead
from tui.screens.audit.views import AuditState, View
from tui.screens.audit.wording import describe_hidden, describe_unfinished, describe_way_to_text
from tui.screens.dialogs.confirm import Confirm
from tui.screens.work_screen import WorkScreen
from tui.services.tables import WrittenTable
from tui.widgets.empty_state import EmptyState
from tui.widgets.origin_text import NO_CONTEXT, Part
from tui.widgets.pane import Pane
from tui.widgets.view_tabs import ViewChosen, ViewTabs

if TYPE_CHECKING:
    from store.audits import RoundKind
    from tui.screens.audit.desk import AuditDesk


class AuditScreen(WorkScreen):
    """The text that is next, or the figures; before a round, what one is."""

    CSS_PATH = "screen.tcss"
    SCOPE = "audit"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("audit"), *label_bindings()]

    def __init__(self, workspace_name: str, calls: Calls, keymap: Keymap, labels: Labels) -> None:
        super().__init__(workspace_name, calls, keymap)
        self.state: AuditState | None = None
        self._labels = labels
        self._wanted: View = "blind"
        self._stamp: object = None
        self._writes = 0  # what was read before the last of them is out of date
        self._empty = EmptyState(NOTHING, keymap, self.SCOPE, id="empty")
        self._tabs = ViewTabs(views_of(labels.words), "blind")
        self._intro = AuditIntro(keymap)
        self._text = BlindText(labels, keymap)
        self._board = AuditBoard(calls, keymap, labels)
        self._dimensions = DimensionsView(calls)
        self._read_views: dict[View, AuditBoard | DimensionsView | AgreementView | QualityCurve] = {
            "board": self._board, "dimensions": self._dimensions,
            "agreement": AgreementView(calls, labels), "curve": QualityCurve(calls),
        }  # fmt: skip

    def compose_body(self) -> Iterable[Widget]:
        """The names of the views, and one of these."""
        self._tabs.display = False
        yield self._tabs
        views = self._read_views.values()
        yield ContentSwitcher(self._empty, self._intro, self._text, *views, initial="empty")

    @property
    def face(self) -> Face:
        """What is shown now."""
        if self._wanted != "blind":
            return self._wanted
        if self.state is None or self.state.is_empty:
            return "empty"
        return "blind" if self.state.item else "intro"

    @property
    def _desk(self) -> "AuditDesk | None":
        return self.desks.audit if self.desks is not None else None

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Read the audit again if something was decided or clustered, or written elsewhere."""
        stamp = snapshot.counts.decisions, snapshot.clustering, snapshot.elsewhere
        if self._desk is not None and stamp != self._stamp:
            self._stamp = stamp
            for view in self._read_views.values():
                view.desk = self._desk
            self._read_state(self._desk)
            self._refresh()
        if self.state is not None:
            self._empty.snapshot = snapshot

    def _refresh(self) -> None:
        """Read again what the view shows."""
        if view := self._read_views.get(self._wanted):
            view.refresh_findings()

    def _read_state(self, desk: "AuditDesk") -> None:
        writes = self._writes
        self.read("state", lambda: StateRead(desk.state(), writes))

    def on_state_read(self, message: StateRead) -> None:
        """Take what was read, unless something was recorded meanwhile."""
        if message.writes == self._writes:
            self._take(message.state)
        elif self._desk is not None:
            self._read_state(self._desk)

    def _take(self, state: AuditState) -> None:
        """Show a state; the figures come up when a round is done."""
        before, self.state = self.state, state
        if state.item is None and state.has_rounds and (before is None or before.item):
            self._wanted = "board"
            self._refresh()
        self._show(state)

    def _show(self, state: AuditState) -> None:
        face = self.face
        self.show_empty(face == "empty")
        self._tabs.display = face != "empty"
        self._tabs.current = self._wanted
        self.query_one(ContentSwitcher).current = face
        self._empty.snapshot = self.snapshot
        self._intro.show(state)
        self._text.show(state)

    async def action_label(self, key: str) -> None:
        """Label the text by the key of a label; other keys do nothing."""
        label = self._labels.keyed(key)
        if label is not None:
            await self._record(label.name, f"Audited: {label.glyph} {label.name}")

    async def action_unsure(self) -> None:
        """Leave the text out of the figures."""
        await self._record(None, "Audited: unsure")

    async def _record(self, label: str | None, shown: str) -> None:
        desk, state = self._desk, self.state
        if desk is None or state is None or self.face == "empty":
            return
        if state.item is None or self.face != "blind":
            self.say(describe_way_to_text(state, self.keymap), is_warning=True)
        elif state := await self._change(partial(desk.record, state.item, label)):
            done = "" if state.item else " Every text is audited."
            self.say(f"{shown}.{done} {self.keymap.shown('audit.undo')} takes it back.")

    async def _change(self, call: Callable[[], AuditState]) -> AuditState | None:
        """Make a call that changes the audit, and show what is next."""
        state = await self.write(call)
        if state is not None:
            self._writes += 1
            self._wanted = "blind"
            self._take(state)
        return state

    async def action_undo(self) -> None:
        """Take the last label back and show its text again."""
        desk = self._desk
        if desk and self.face != "empty" and await self._change(desk.take_back):
            self.say("Took the last label back.")

    async def action_draw_round(self, kind: "RoundKind") -> None:
        """Draw a round; ask first if it takes the place of one that is not finished."""
        if self.state is None or self.face == "empty":
            return
        unfinished = next((item for item in self.state.opened if item.kind == kind), None)
        if unfinished is None:
            await self._draw(kind, True)
            return
        text = Content(describe_unfinished(unfinished))
        draw = partial(self._draw, kind)
        self.app.push_screen(Confirm("Draw a new round?", text, self.keymap), draw)

    async def _draw(self, kind: "RoundKind", is_agreed: bool | None) -> None:
        if self._desk is None or not is_agreed:
            return
        self.say("Drawing…")
        if state := await self._change(partial(self._desk.draw, kind)):
            self.say(f"Drew {counted(state.round.items if state.round else 0, 'text')}.")

    def keys_without_effect(self) -> Collection[str]:
        """Keys for a text where there is none, for wrong labels where none is chosen."""
        chosen, is_pair = self._board.has_chosen, self._labels.words.is_pair
        return idle_keys(self.face, has_chosen=chosen, is_pair=is_pair)

    def on_view_chosen(self, message: ViewChosen) -> None:
        """Show the view whose name was clicked."""
        if self._tabs.current != message.view:
            self._turn_to(cast(View, message.view))

    def action_view(self, by: int) -> None:
        """Show the next view (1) or the one before (-1)."""
        self._turn_to(cast(View, self._tabs.beside(by)))

    def _turn_to(self, view: View) -> None:
        if self.state is not None and not self.state.is_empty:
            self._wanted = view
            self._refresh()
            self._show(self.state)

    def action_move(self, by: int) -> None:
        """Choose another wrong label or pair, or scroll by a line."""
        view = self._read_views.get(self._wanted)
        if view is None:
            self._text.text.scroll_lines(by)
        elif not isinstance(view, QualityCurve):
            view.move(by)

    def action_scroll_text(self, pages: int) -> None:
        """Scroll the text by a page."""
        view = self._read_views.get(self._wanted, self._text.text)
        if isinstance(view, Pane | AuditBoard | DimensionsView):
            view.scroll_pages(pages)

    def written_tables(self) -> Sequence[WrittenTable]:
        """Every table that is shown; of dimensions, one that names each beside its values."""
        is_ours = self.face == "dimensions"
        return self._dimensions.written_tables() if is_ours else super().written_tables()

    def action_unfold(self, part: Part) -> None:
        """Show or hide seed and question of the chosen answer; or unfold the context of a pair."""
        if part == "context" and not self._labels.words.is_pair:
            self.say(NO_CONTEXT, is_warning=True)
        elif self._wanted == "board":
            self._board.unfold(part)
        elif self.face == "blind" and part == "context":
            self._text.unfold()
        elif self.face == "blind":
            self.say(describe_hidden(self._labels.words), is_warning=True)

    async def action_override(self) -> None:
        """Give the chosen answer its audited label."""
        if self._desk is not None:
            await self._board.override()

    def action_open_cluster(self) -> None:
        """Go to the cluster of the chosen answer."""
        self._board.open_cluster()

    def action_split_cluster(self) -> None:
        """Go to the cluster of the chosen answer, and split it."""
        self._board.open_cluster(then_split=True)
