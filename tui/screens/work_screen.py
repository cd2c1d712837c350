"""What the screens have in common: their frame, and how they ask the session for things."""

from collections.abc import Callable, Collection, Iterable, Sequence
from typing import TYPE_CHECKING, ClassVar, TypeVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.reactive import reactive
from textual.screen import Screen
from textual.widget import Widget

from tui.frame.asking import Asking
from tui.frame.calls import Calls
from tui.frame.messages import Said
from tui.frame.snapshot import Snapshot
from tui.keys.bindings import bindings
from tui.keys.key import Scope
from tui.keys.keymap import Keymap
from tui.screens.writing import describe_files, figures_of, tables_of
from tui.services.tables import WrittenTable
from tui.widgets.hint_bar import HintBar
from tui.widgets.message_line import MessageLine
from tui.widgets.table import RowClicked
from tui.widgets.top_bar import TopBar
from tui.widgets.view_tabs import ViewChosen, ViewTabs

if TYPE_CHECKING:
    from tui.frame.session import Session
    from tui.screens.desks import Desks

T = TypeVar("T")
WIDE = 120  # columns from which panes are side by side


class WorkScreen(Screen[None]):
    """A screen between the top line and the hints.

    The app sets `session` and `desks` once the workspace is open, and `snapshot` ever after.
    """

    BINDINGS: ClassVar[list[BindingType]] = [*bindings("everywhere")]
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (WIDE, "-wide")]  # noqa: RUF012 (Textual's type)
    AUTO_FOCUS = ""
    SCOPE: ClassVar[Scope]

    session: "reactive[Session | None]" = reactive(None, init=False)
    snapshot: reactive[Snapshot | None] = reactive(None, init=False)

    def __init__(self, workspace_name: str, calls: Calls, keymap: Keymap) -> None:
        super().__init__()
        self.desks: Desks | None = None
        self.asking = Asking(self, calls)
        self.said = ""  # the newest message
        self.keymap = keymap
        self._top = TopBar(keymap)
        self._top.workspace_name = workspace_name
        self._top.screen_name = self.SCOPE
        self._message = MessageLine()
        self._hints = HintBar(keymap, self.SCOPE)

    def compose(self) -> ComposeResult:
        """Frame what the screen itself composes."""
        yield self._top
        yield from self.compose_body()
        yield Vertical(self._message, self._hints, id="bottom")

    def compose_body(self) -> Iterable[Widget]:
        """Widgets between the top line and the message line."""
        return ()

    @property
    def is_narrow(self) -> bool:
        """Whether panes come up one at a time."""
        return self.size.width < WIDE

    @property
    def looks_on(self) -> bool:
        """Whether another window has the workspace, so that nothing can be started or ended."""
        return self.session is not None and self.session.looks_on

    def show_empty(self, is_empty: bool) -> None:
        """Hint at the screen's own keys only where they have something to act on."""
        self._hints.scope = "everywhere" if is_empty else self.SCOPE

    def keys_without_effect(self) -> Collection[str]:
        """Names of the screen's keys that would do nothing now, which are not hinted at.

        Asked for after everything that happens, so it has to be cheap.
        """
        return ()

    def on_idle(self) -> None:
        """Hint at what can be done as things are now."""
        self._hints.without_effect = frozenset(self.keys_without_effect())

    async def on_row_clicked(self, message: RowClicked) -> None:
        """Choose the row as keys would; open it at the second click."""
        message.stop()
        chosen = message.table.chosen
        if chosen is not None and message.row != chosen:
            await self.run_action(f"move({message.row - chosen})")
        if message.is_double:
            await self.run_action("open")

    def on_said(self, message: Said) -> None:
        """Put a message on the message line."""
        message.stop()
        self.say(message.text, is_warning=message.is_warning)

    def say(self, text: str, *, is_warning: bool = False) -> None:
        """Put a text on the message line."""
        self.said = text
        self._message.is_warning = is_warning
        self._message.text = text

    def watch_snapshot(self, snapshot: Snapshot | None) -> None:
        """Show what runs on the top line, then let the screen show the rest."""
        if snapshot is None:
            return
        self._top.running = len(snapshot.running)
        warnings = (*snapshot.label_warnings, *snapshot.fault_warnings)
        if warnings and not self.said:
            self.say(warnings[0], is_warning=True)
        self.show_snapshot(snapshot)

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Show how things stand; what a screen needs beyond it, it reads here."""

    @property
    def view(self) -> str:
        """The view that is shown; empty where there are no several."""
        return next((tabs.current for tabs in self.query(ViewTabs) if tabs.display), "")

    def come_back_to(self, view: str) -> None:
        """Show a view, if there is one of that name."""
        if any(view in dict(tabs.views) for tabs in self.query(ViewTabs)):
            self.post_message(ViewChosen(view))

    @property
    def _view_name(self) -> str:
        """The screen and its view, as a part of a file's name."""
        return f"{self.SCOPE}-{self.view}" if self.view else self.SCOPE

    def written_tables(self) -> Sequence[WrittenTable]:
        """What `w` writes: every table that is shown. A screen that knows more says so here."""
        return tables_of(self, self._view_name)

    async def action_write(self) -> None:
        """Write tables and figures that are shown into files of their own."""
        tables, figures = self.written_tables(), figures_of(self, self._view_name)
        session = self.session
        if session is None or not (tables or figures):
            self.say("There is no table here to write.", is_warning=True)
            return
        written = await self.write(lambda: session.write_view(tables, figures))
        if written:
            self.say(f"Wrote {describe_files(written)}.")

    def read(self, group: str, call: Callable[[], Message]) -> None:
        """Make a call in a thread and get the message that it returns."""
        self.asking.read(group, call)

    async def write(self, call: Callable[[], T]) -> T | None:
        """Make a call in a thread and wait for what it returns; None if it was refused."""
        return await self.asking.write(call)
