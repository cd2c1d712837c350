"""The app: opens the workspace, keeps the screens supplied with snapshots, and routes between them.

polars and DuckDB are imported in the keeper's thread, after the first paint.
"""

import asyncio
import contextlib
import os
import signal
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, ClassVar, cast

from textual.app import App
from textual.binding import BindingType
from textual.filter import LineFilter

from tui.frame import collector
from tui.frame.ascii import AsciiOnly, is_ascii_only
from tui.frame.calls import Calls
from tui.frame.driver import SteadyDriver
from tui.frame.keeper import Keeper
from tui.frame.last_place import LastPlace
from tui.frame.messages import (
    ClusterWanted,
    OpeningFailed,
    ReopeningNeeded,
    Said,
    SessionOpened,
    SnapshotTaken,
    WorkspaceOpened,
)
from tui.frame.opening import Opening, OpenWorkspace
from tui.frame.relearning import Relearning
from tui.frame.snapshot import Labels, Snapshot
from tui.frame.theme import THEMES
from tui.keys.bindings import textual_keymap
from tui.keys.everywhere import SCREENS
from tui.keys.key import Scope
from tui.keys.keymap import Keymap
from tui.screens.dialogs.help import HelpScreen
from tui.screens.label.screen import LabelScreen
from tui.screens.modes import modes
from tui.screens.work_screen import WorkScreen

if TYPE_CHECKING:
    from tui.frame.session import Session
    from tui.screens.desks import Desks
    from tui.services.settings import ThemeName

INTERVAL_S = 1.0


class BackqueryApp(App[None]):
    """The screens, over one workspace, which a thread opens behind the first of them."""

    CSS_PATH = "app.tcss"
    TITLE = "Backquery"
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = []

    def __init__(
        self,
        opening: Opening,
        *,
        name: str,
        labels: Labels,
        keymap: Keymap,
        screen: str,
        interval_s: float = INTERVAL_S,
        greeting: str = "",
        theme: "ThemeName" = "dark",
        views: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(driver_class=SteadyDriver)
        self.failure: Exception | None = None
        self.reopening: str | None = None  # why the workspace is to be opened again
        self.last_place = LastPlace(screen, views or {})  # where it was closed, once it was
        self._views = dict(views or {})  # by screen, those to come back to
        self._greeting = greeting
        self._keeper = Keeper(
            opening,
            self.post_message,
            self._open_desks,
            self._is_brief,
            interval_s=interval_s,
            waits_for_clusters=screen == "label",
        )
        self._stops = [self._keeper.stop]  # of the threads that last as long as the app
        self._workspace: OpenWorkspace | None = None
        self._labels = labels
        self._keys = keymap
        self._first_screen = screen
        self._calls = Calls()
        self._session: Session | None = None
        self._desks: Desks | None = None
        self._snapshot: Snapshot | None = None
        self._ascii_only = AsciiOnly(enabled=is_ascii_only(os.environ))
        self.set_keymap(textual_keymap(keymap))
        for known in THEMES.values():
            self.register_theme(known)
        self.action_use_theme(theme)
        for mode, make in modes(name, self._calls, keymap, labels).items():
            self.add_mode(mode, make)

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Textual's filters of what is drawn, and the one for ASCII-only terminals."""
        own = [self._ascii_only] if self._ascii_only.enabled else []
        return [*super().get_line_filters(), *own]

    async def on_mount(self) -> None:
        """Show the first screen, then open the workspace: its imports would keep it waiting."""
        self._leave_when_the_terminal_is_lost()
        await self.switch_mode(self._first_screen)
        if self._greeting:
            self.post_message(Said(self._greeting, is_warning=True))
        self.call_after_refresh(self._calls.begin, self._keeper.keep)

    def _leave_when_the_terminal_is_lost(self) -> None:
        """Leave in order on SIGHUP and SIGTERM; jobs are processes of their own and go on."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGHUP, signal.SIGTERM):
            with contextlib.suppress(ValueError, RuntimeError):  # not in the main thread: tests
                loop.add_signal_handler(number, self.exit)

    async def on_unmount(self) -> None:
        """Wait for the threads, because the database must not be closed under them."""
        for stop in self._stops:
            stop()
        await self._calls.finish()

    def _open_desks(self, session: "Session") -> None:
        from tui.screens.desks import open_desks  # in the keeper's thread: polars comes with it

        self._desks = open_desks(session)

    def _is_brief(self) -> bool:
        """Whether counts can wait: at first, and, so that no key waits, in labelling."""
        if self._snapshot is None:
            return True
        return self.current_mode == "label" and self._snapshot.counts.clusters > 0

    def on_opening_failed(self, message: OpeningFailed) -> None:
        """Leave; whoever ran the app gets the error."""
        self.failure = message.error
        self.exit(return_code=1)

    def on_reopening_needed(self, message: ReopeningNeeded) -> None:
        """Leave; `run_app` opens the workspace again, on the same screen."""
        self.reopening = message.reason
        self.exit()

    def on_exit_app(self) -> None:
        """Note where it is closed, while there are screens."""
        self._note_place()

    def _note_place(self) -> None:
        if screen := self._work_screen():
            views = dict(self.last_place.views)
            if screen.view:
                views[screen.SCOPE] = screen.view
            self.last_place = LastPlace(screen.SCOPE, views)

    def _handle_exception(self, error: Exception) -> None:
        """Leave; `run_app` raises the error, of which Textual would print a long traceback."""
        self.failure = self.failure or error
        super()._handle_exception(error)
        self._exit_renderables.clear()

    def on_workspace_opened(self, message: WorkspaceOpened) -> None:
        """Let clusters be labelled, before anything else can be done."""
        self._workspace = message.workspace
        self._supply()

    def on_work_read(self) -> None:
        """Open the rest once clusters are on the screen: its imports would keep them waiting."""
        self.call_after_refresh(self._keeper.go_on)

    def on_session_opened(self, message: SessionOpened) -> None:
        """Let the screens ask for things."""
        collector.resume()
        self._session = message.session
        relearning = Relearning(cast(OpenWorkspace, self._workspace), self.post_message)
        self._stops.append(relearning.stop)
        self._calls.begin(relearning.keep)
        self._supply()

    def on_snapshot_taken(self, message: SnapshotTaken) -> None:
        """Give the current screen the newest snapshot."""
        self._snapshot = message.snapshot
        self._supply()

    def on_labels_learned(self) -> None:
        """Show what was learned where clusters are labelled; others read it when they are shown."""
        if isinstance(screen := self._work_screen(), LabelScreen):
            screen.read_learned()

    def on_said(self, message: Said) -> None:
        """Show a message on the current screen."""
        if screen := self._work_screen():
            screen.say(message.text, is_warning=message.is_warning)

    async def on_cluster_wanted(self, message: ClusterWanted) -> None:
        """Go to where clusters are labelled."""
        await self.action_show("label")
        if isinstance(self.screen, LabelScreen):
            self.screen.go_to(message)

    def _supply(self) -> None:
        if screen := self._work_screen():
            if isinstance(screen, LabelScreen):
                screen.workspace = self._workspace
            screen.desks = self._desks
            screen.session = self._session
            screen.snapshot = self._snapshot
            if self._session is not None and (view := self._views.pop(screen.SCOPE, "")):
                screen.come_back_to(view)

    def _work_screen(self) -> WorkScreen | None:
        """The current screen, also from under a dialog."""
        found = (item for item in reversed(self.screen_stack) if isinstance(item, WorkScreen))
        return next(found, None)

    async def action_show(self, name: str) -> None:
        """Show a screen."""
        self._note_place()
        await self.switch_mode(name)
        self._keeper.wake()
        self._supply()
        if isinstance(self.screen, LabelScreen):
            self.screen.read_work()

    async def action_show_next(self, by: int) -> None:
        """Show the screen after or before this one, around the end."""
        names = [screen.scope for screen in SCREENS]
        place = names.index(cast(Scope, self.current_mode)) + by
        await self.action_show(names[place % len(names)])

    def action_use_theme(self, name: "ThemeName") -> None:
        """Take the colours for dark or for light terminals, as long as the app is open."""
        self.theme = THEMES[name].name

    def action_palette(self) -> None:
        """Find an action by its name."""
        from tui.screens.dialogs.palette import key_palette  # nobody needs it to start

        self.push_screen(key_palette())

    def action_help(self) -> None:
        """Show all keys, those of this screen first."""
        self.push_screen(HelpScreen(cast(Scope, self.current_mode), self._keys, self._labels))
