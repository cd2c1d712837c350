"""The thread that learns labels again whenever somebody decides, here or in another process."""

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from textual.message import Message

from tui.frame.calls import Refused, attempt
from tui.frame.messages import LabelsLearned, Said

if TYPE_CHECKING:
    from tui.frame.opening import OpenWorkspace

PAUSE_S: Final = 0.25  # without a decision, before they are learned from: keys come first


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
        from store.database.changes import Changes, read_changes

        learned_from, last, failures = None, Changes(), 0
        if not self._learning.is_on or self._database.looks_on:
            return
        if not self._report(attempt(self._learning.prepare)):
            self._post(LabelsLearned())
        while not self._stopping.wait(PAUSE_S):
            before, last = last, read_changes(self._database)
            if last == learned_from or last.decisions != before.decisions:
                continue
            learned_from = last
            decisions = last.decisions
            found = attempt(lambda: self._learning.make_fresh(lambda: self._has_more(decisions)))  # noqa: B023
            failures = failures + 1 if self._report(found) else 0
            if failures == 1:
                learned_from = None  # once more, in another process
            if found and not failures:
                self._post(LabelsLearned())

    def _has_more(self, decisions: int) -> bool:
        """Whether there are more decisions than so many."""
        from store.database.changes import read_changes

        return self._stopping.is_set() or read_changes(self._database).decisions != decisions

    def _report(self, found: object) -> bool:
        """Say why a call was refused; return whether it was."""
        if isinstance(found, Refused) and not self._stopping.is_set():
            self._post(Said(found.text, is_warning=True))
        return isinstance(found, Refused)
