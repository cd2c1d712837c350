"""What the views that read their figures once they are seen have in common."""

from collections.abc import Callable
from typing import Generic, TypeVar

from textual.message import Message
from textual.widget import Widget

from tui.frame.asking import Asking
from tui.frame.calls import Calls
from tui.screens.drift.views import Subject

T = TypeVar("T")


class SeenFigures(Generic[T]):
    """The figures of one view. `found` is None until they are read; a hidden view reads nothing.

    `read` makes the message that brings them, in a thread.
    """

    def __init__(self, view: Widget, calls: Calls, read: Callable[[Subject], Message]) -> None:
        self.found: T | None = None
        self._view = view
        self._asking = Asking(view, calls)
        self._read = read

    def forget_outdated(self, before: Subject | None, subject: Subject | None) -> bool:
        """Forget figures if those of the store have changed since; whether that is so."""
        is_outdated = before is None or subject is None or before.stamp != subject.stamp
        if is_outdated:
            self.found = None
        return is_outdated

    def ask(self, subject: Subject | None) -> None:
        """Have the figures read, unless they are there or nobody sees them."""
        if subject is not None and self.found is None and self._view.display:
            self._asking.read("figures", lambda: self._read(subject))

    def take(self, subject: Subject | None, stamp: str, found: T) -> bool:
        """Keep figures that were read; False if the subject has newer ones by now."""
        if subject is None or stamp != subject.stamp:
            return False
        self.found = found
        return True
