"""How a widget asks the workspace for things without blocking the event loop."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, TypeVar, cast

from textual.message import Message
from textual.widget import Widget

from tui.frame.calls import Calls, Refused
from tui.frame.messages import Said

if TYPE_CHECKING:
    from textual.worker import WorkType

T = TypeVar("T")


class Asking:
    """Calls that block, made in threads for one widget, which gets what they return.

    Why a call was refused is posted as Said, and so gets to the message line of its screen.
    """

    def __init__(self, owner: Widget, calls: Calls) -> None:
        self._owner = owner
        self._calls = calls

    def read(self, group: str, call: Callable[[], Message]) -> None:
        """Make a call and post the message that it returns to the widget.

        A newer read of the same group takes the place of one that is under way.
        """
        # Handed on uncalled: one replaced before it began would be a coroutine never awaited.
        work = cast("WorkType[None]", partial(self._read, call))
        self._owner.run_worker(work, group=group, exclusive=True, exit_on_error=False)

    async def _read(self, call: Callable[[], Message]) -> None:
        result = await self._calls.make(call)
        self._owner.post_message(_refusal(result) if isinstance(result, Refused) else result)

    async def write(self, call: Callable[[], T]) -> T | None:
        """Make a call and wait for what it returns; None if it was refused.

        Key presses that come meanwhile wait, in their order, and are not lost.
        """
        result = await self._calls.make(call)
        if isinstance(result, Refused):
            self._owner.post_message(_refusal(result))
            return None
        return result


def _refusal(refused: Refused) -> Said:
    return Said(refused.text, is_warning=True)
