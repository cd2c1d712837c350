"""Runs the app over a workspace that it owns, or on which it looks, and again where need be."""

import sys
from collections.abc import Callable
from contextlib import ExitStack, closing
from typing import TYPE_CHECKING, Final

from store.database.owner import Ownership, describe_holder, read_holder
from store.errors import OwnerGone
from tui.app import BackqueryApp
from tui.frame import collector
from tui.frame.last_place import read_last_place, write_last_place
from tui.frame.opening import WorkspaceOpening, claim
from tui.frame.snapshot import Labels
from tui.frame.task_words import words_of

if TYPE_CHECKING:
    from tui.services.configuration import Configuration

SWITCH_INTERVAL_S: Final = 0.0005  # with Python's 5 ms, keys and queries waited long for each other


def run_app(
    read: "Callable[[], Configuration]", screen: str | None, may_look_on: Callable[[str], bool]
) -> None:
    """Open the app on a screen, and own the workspace, or look on, until it closes.

    Without a screen it opens where it was closed. `read` reads the configuration, again whenever
    the workspace has to be opened again. Raises, with the terminal as it was, SettingsInvalid for
    keys that cannot be used and WorkspaceHeld before anything is shown, then whatever keeps the
    database from opening.
    """
    sys.setswitchinterval(SWITCH_INTERVAL_S)
    ownership, greeting = None, ""
    with ExitStack() as held:
        while True:
            configuration = read()
            configuration.keymap()
            if ownership is None:
                ownership = claim(configuration.path, may_look_on)
            if ownership is None:
                holder = describe_holder(read_holder(configuration.path))
                greeting = f"This window looks on: {holder} has the workspace."
            else:
                held.enter_context(ownership)
            app = _run_once(configuration, ownership, screen, greeting)
            if app.failure is None and app.reopening is None:
                return
            if app.failure is not None and not isinstance(app.failure, OwnerGone):
                raise app.failure
            screen, greeting = app.last_place.screen, app.reopening or ""
            may_look_on = _always


def _always(_: str) -> bool:
    return True


def _run_once(
    configuration: "Configuration", ownership: Ownership | None, screen: str | None, greeting: str
) -> BackqueryApp:
    """The app, after it was closed."""
    name, last = configuration.path.name, read_last_place(configuration.path)
    with closing(WorkspaceOpening(configuration, ownership)) as opening:
        app = BackqueryApp(
            opening,
            name=name if ownership else f"looks on: {name}",
            labels=Labels.of(configuration.task.label, words_of(configuration.task)),
            keymap=configuration.keymap(),
            screen=screen or last.screen,
            greeting=greeting,
            theme=configuration.settings.theme,
            views=last.views,
        )
        try:
            app.run()
        finally:
            collector.release()
    if ownership is not None:
        write_last_place(configuration.path, app.last_place)
    return app
