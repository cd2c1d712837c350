"""The thread that learns labels again whenever somebody decides, here or in another process."""

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from textual.message import Message

from tui.frame.calls import Refused, attempt
from tui.frame.messages import LabelsLearned, Said

if TYPE_CHECKING:
    from store.database.changes import Changes
    from tui.frame.opening import OpenWorkspace

INTERVAL_S: Final = 0.1  # decisions that come in between are learned from at once


class Relearning:
    """Learns while a workspace is open, and posts when other labels are there."""

    def __init__(self, workspace: "OpenWorkspace", post: Callable[[Message], object]) -> None:
        self._database = workspace.database
        self._learning = workspace.learning
        self._post = post
        self._stopping = threading.Event()

    def stop(self) -> None:
        """End the thread, and the process that fits, soon."""
        self._stopping.set()
        self._learning.close()

    def keep(self) -> None:
        """What the thread does, until it is stopped; nothing where labels are not learned here."""
        from store.database.changes import read_changes

        seen: Changes | None = None
        if not self._learning.is_on or self._database.looks_on:
            return
        if not self._report(attempt(self._learning.prepare)):
            self._post(LabelsLearned())
        while not self._stopping.wait(INTERVAL_S):
            now = read_changes(self._database)
            if now == seen:
                continue
            seen = now
            found = attempt(self._learning.make_fresh)
            if not self._report(found) and found:
                self._post(LabelsLearned())

    def _report(self, found: object) -> bool:
        """Say why a call was refused; return whether it was."""
        if isinstance(found, Refused) and not self._stopping.is_set():
            self._post(Said(found.text, is_warning=True))
        return isinstance(found, Refused)
