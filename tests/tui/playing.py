"""Playing scenes: keys are pressed in the app, and all is waited for that they begin."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import TypeVar
from unittest.mock import patch

from textual._compositor import LayoutUpdate
from textual.pilot import Pilot
from textual.widgets import Input

import tui.app
from tests.tui.driving import read_again, shown, until
from tests.tui.pictures import draw
from tui.app import BackqueryApp
from tui.frame.calls import Calls, Refused
from tui.frame.session import Session
from tui.frame.snapshot import Snapshot

T = TypeVar("T")

STILL = 2  # readings of the workspace without a change, the first of which may have begun before


class PicturedApp(BackqueryApp):
    """The app with small pictures."""

    CSS_PATH = str(Path(tui.app.__file__).with_name("app.tcss"))

    def export_screenshot(self, *, title: str | None = None, simplify: bool = False) -> str:
        """The screen as SVG, a dialog over what it hides."""
        drawn = self.screen._compositor.render_update(
            full=True, screen_stack=self._background_screens, simplify=True
        )
        assert isinstance(drawn, LayoutUpdate)
        return draw((chain.from_iterable(strips) for strips in drawn.strips), *self.size)


class Traffic:
    """What the app's threads do: calls under way, and how often the workspace was read."""

    def __init__(self) -> None:
        self.calls = 0
        self.readings = 0

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Count while the block lasts."""
        make, read = Calls.make, Session.snapshot

        async def make_counted(calls: Calls, call: Callable[[], T]) -> T | Refused:
            self.calls += 1
            try:
                return await make(calls, call)
            finally:
                self.calls -= 1

        def read_counted(session: Session, *, is_brief: bool = False) -> Snapshot:
            self.readings += 1
            return read(session, is_brief=is_brief)

        with (
            patch.object(Calls, "make", make_counted),
            patch.object(Session, "snapshot", read_counted),
        ):
            yield

    def is_busy(self, pilot: Pilot[None]) -> bool:
        """Whether a call is under way, or put off by a timer that goes off once."""
        widgets = (widget for screen in pilot.app.screen_stack for widget in screen.walk_children())
        timers = (
            timer for widget in (*pilot.app.screen_stack, *widgets) for timer in widget._timers
        )
        return self.calls > 0 or any(
            timer._repeat == 0 and timer._task is not None and not timer._task.done()
            for timer in timers
        )

    async def settle(self, pilot: Pilot[None]) -> None:
        """Wait until the workspace was read again and again and the screen stayed the same."""
        seen, since, looked_at = "", self.readings, -1

        def is_still() -> bool:
            nonlocal seen, since, looked_at
            if self.readings == looked_at:
                return False  # nothing was read since the screen was looked at, which takes long
            looked_at, now = self.readings, shown(pilot)
            read_again(pilot)
            if now != seen or self.is_busy(pilot):
                seen, since = now, self.readings
            return self.readings >= since + STILL

        await until(pilot, is_still)

    async def play(self, pilot: Pilot[None], keys: Sequence[str]) -> None:
        """Press the keys on a screen that is there, each after what the one before began."""
        await self.settle(pilot)
        for key in keys:
            await pilot.press(key)
            await until(pilot, lambda: not self.is_busy(pilot))
        for field in pilot.app.screen.query(Input):
            field.cursor_blink = False
        await self.settle(pilot)
