"""Reading what lies behind a text, unless a key comes before: a key must not wait."""

from collections.abc import Callable
from functools import partial
from typing import Final

from textual.message import Message
from textual.timer import Timer
from textual.widget import Widget

from tui.screens.label.labelling import Labelling

PAUSE_S: Final = 0.1


class SoonReader:
    """Reads after a pause; `widget` gets the messages."""

    def __init__(self, widget: Widget, labelling: Labelling) -> None:
        self._widget = widget
        self._labelling = labelling
        self._pause: Timer | None = None

    def read_soon(self, group: str, call: Callable[[], Message]) -> None:
        """Read after a pause; another call takes the place of one that still waits."""
        if self._pause is not None:
            self._pause.stop()
        read = partial(self._labelling.read, self._widget, group, call)
        self._pause = self._widget.set_timer(PAUSE_S, read)
