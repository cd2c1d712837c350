"""Driving the app in tests: it is made over an open database, and things are waited for."""

import asyncio
import time
from collections.abc import Callable, Mapping
from typing import TypeVar

from textual import events
from textual.pilot import Pilot

from store.database.connection import Database
from tui.app import BackqueryApp
from tui.frame.opening import OpenWorkspace
from tui.frame.session import Session
from tui.frame.snapshot import Labels
from tui.frame.task_words import words_of
from tui.screens.label.screen import LabelScreen
from tui.services.learning import Learning
from tui.services.workspace import Workspace

PATIENCE_S = 20.0
INTERVAL_S = 0.5  # of readings that nobody waits for: they keep the app from being idle
LOOK_AFTER_S, READ_AFTER_S = 0.01, 0.05

S = TypeVar("S")


class Opened:
    """A workspace whose database is open."""

    def __init__(self, workspace: Workspace, database: Database) -> None:
        self._workspace, self._database = workspace, database

    def workspace(self) -> OpenWorkspace:
        settings = self._workspace.settings
        learning = Learning(self._database, settings.labelling)
        return OpenWorkspace(self._workspace.path, settings, self._database, learning)

    def session(self) -> Session:
        return Session(self._workspace, self._database)


def make_app(
    workspace: Workspace,
    database: Database,
    screen: str = "label",
    kind: type[BackqueryApp] = BackqueryApp,
    views: Mapping[str, str] | None = None,
) -> BackqueryApp:
    """Make the app as run_app does, with a quicker keeper."""
    return kind(
        Opened(workspace, database),
        name=workspace.path.name,
        labels=Labels.of(workspace.task.label, words_of(workspace.task)),
        keymap=workspace.keymap(),
        screen=screen,
        interval_s=INTERVAL_S,
        theme=workspace.settings.theme,
        views=views,
    )


async def until(pilot: Pilot[None], condition: Callable[[], object]) -> None:
    """Let the app work until something is so; fail where it does not come to be.

    Meanwhile the workspace is read again and again.
    """
    if condition():
        return
    deadline, read_at = time.monotonic() + PATIENCE_S, 0.0
    while not condition():
        now = time.monotonic()
        assert now < deadline, "What was waited for did not come to be."
        if now - read_at >= READ_AFTER_S:
            read_again(pilot)
            read_at = now
        await asyncio.sleep(LOOK_AFTER_S)
    await pilot.pause()  # what comes with it is drawn, too


def read_again(pilot: Pilot[None]) -> None:
    """Let the app of a pilot read the workspace now."""
    assert isinstance(pilot.app, BackqueryApp)
    pilot.app._keeper.wake()


async def paste(pilot: Pilot[None], text: str) -> None:
    """Let a text arrive at once, as terminals send what is pasted: to type a path takes seconds."""
    pilot.app.post_message(events.Paste(text))
    await pilot.pause()


async def until_clusters(pilot: Pilot[None]) -> LabelScreen:
    """Wait until the labelling screen has its clusters and what lies behind the first."""
    app = pilot.app
    await until(pilot, lambda: isinstance(app.screen, LabelScreen))
    screen = app.screen
    assert isinstance(screen, LabelScreen)
    await until(pilot, lambda: screen.labelling.state.has_clusters)
    await until(pilot, lambda: is_settled(screen))
    return screen


def is_settled(screen: LabelScreen) -> bool:
    """Whether all that belongs to the current cluster has been read."""
    state = screen.labelling.state
    return state.work.current is None or state.detail is not None


def text_of(app: BackqueryApp) -> str:
    """What the screen shows, as lines of plain text."""
    strips = app.screen._compositor.render_strips()
    return "\n".join("".join(segment.text for segment in strip) for strip in strips)


def shown(pilot: Pilot[None]) -> str:
    """What the app of a pilot shows."""
    assert isinstance(pilot.app, BackqueryApp)
    return text_of(pilot.app)


async def seen(pilot: Pilot[None], *texts: str) -> str:
    """Wait until the screen shows these texts, and return all that it shows."""
    await until(pilot, lambda: all(text in shown(pilot) for text in texts))
    return shown(pilot)
