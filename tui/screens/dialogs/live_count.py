"""A sentence under a field that says what would be found, while it is being typed."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import TYPE_CHECKING, cast

from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from tui.services.inert import one_line

if TYPE_CHECKING:
    from textual.worker import WorkType


class LiveCount(Widget):
    """The newest sentence; the one before stays until it is known."""

    text: reactive[str] = reactive("")

    def find_out(self, describe: Callable[[], Awaitable[str]]) -> None:
        """Ask for another sentence; one that is still being found out is given up."""
        # Handed on uncalled: one replaced before it began would be a coroutine never awaited.
        work = cast("WorkType[None]", partial(self._find_out, describe))
        self.run_worker(work, group="count", exclusive=True, exit_on_error=False)

    async def _find_out(self, describe: Callable[[], Awaitable[str]]) -> None:
        self.text = await describe()

    def render(self) -> Content:
        """Draw the sentence on one line."""
        return Content(one_line(self.text))
