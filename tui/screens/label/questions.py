"""Dialogs that a screen asks something with, one after the other, while keys must do no harm."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from textual.content import Content
from textual.screen import Screen

from tui.keys.keymap import Keymap
from tui.screens.dialogs.prompt import Prompt

T = TypeVar("T")


class Questions:
    """The questions of a screen that wait for an answer.

    Keys that come before the first dialog is up wait for it. No key of the screen may act
    between two dialogs: whoever binds keys asks `is_open`.
    """

    def __init__(self, screen: Screen[None], keymap: Keymap) -> None:
        self._screen = screen
        self._keymap = keymap
        self._open = 0
        self._is_up = asyncio.Event()  # whether the newest questions have their first dialog

    @property
    def is_open(self) -> bool:
        """Whether something waits for an answer."""
        return self._open > 0

    async def begin(self, ask: Callable[[], Awaitable[None]]) -> None:
        """Begin what waits for dialogs, as a worker; return once the first is up, or none came."""
        is_up = self._is_up = asyncio.Event()

        async def hold() -> None:
            self._open += 1
            try:
                await ask()
            finally:
                self._open -= 1
                is_up.set()

        self._screen.run_worker(hold(), group="dialog", exit_on_error=False)
        await is_up.wait()

    async def meet(self, dialog: Screen[T]) -> T | None:
        """Show a dialog and return what it gives back."""
        answer: asyncio.Future[T | None] = asyncio.get_running_loop().create_future()
        await self._screen.app.push_screen(dialog, answer.set_result)
        self._is_up.set()
        return await answer

    async def ask(self, title: str, text: str, begin_with: str = "") -> str | None:
        """Ask for a line of text; None if the user leaves."""
        prompt = Prompt(title, Content(text), self._keymap, begin_with=begin_with)
        return await self.meet(prompt)
