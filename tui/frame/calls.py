"""Blocking calls of the app: made in threads, and turned into words where they fail.

`attempt` is the boundary of the user interface.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final, TypeVar

from tui.services.border import describe_error

T = TypeVar("T")

THREADS: Final = 16  # so that no key waits for one while others read


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a call could not be done, in words for the user."""

    text: str


def attempt(call: Callable[[], T]) -> T | Refused:
    """Make a call; turn what it raises into words."""
    try:
        return call()
    except Exception as error:  # noqa: BLE001 (the boundary of the user interface)
        return Refused(describe_error(error))


class Calls:
    """The threads of one app. The database may be closed only after `finish`."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="backquery")

    def begin(self, call: Callable[[], None]) -> None:
        """Make a call that lasts as long as the app, and reports by messages."""
        self._threads.submit(call)

    async def make(self, call: Callable[[], T]) -> T | Refused:
        """Make a call in a thread and wait for what it returns."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, attempt, call)

    async def finish(self) -> None:
        """Wait until no call is under way; none can be made afterwards."""
        await asyncio.to_thread(self._threads.shutdown)
