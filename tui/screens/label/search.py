"""Finding clusters: filters, searches through representatives and members, marked words."""

import asyncio
import threading
from collections.abc import Coroutine
from dataclasses import replace
from typing import Any, Literal, TypeVar

from textual.content import Content
from textual.screen import Screen

from store.counting import counted
from tui.frame.messages import HitsFound, SearchEnded
from tui.screens.dialogs.prompt import Prompt
from tui.screens.label.filter_dialog import FilterDialog
from tui.screens.label.moves import LabelMoves

T = TypeVar("T")


class LabelSearch(LabelMoves):
    """What narrows the queue; a search through all members goes on in the background."""

    _search_stopped: threading.Event | None = None
    _talks = 0  # that wait for the person
    _is_up: asyncio.Event  # the first dialog of the newest talk

    async def talk(self, talk: Coroutine[Any, Any, None]) -> None:
        """Begin something that waits for dialogs; return once the first is up, or none came.

        Keys that come meanwhile wait; those that come between two dialogs do nothing.
        """
        is_up = self._is_up = asyncio.Event()

        async def hold() -> None:
            self._talks += 1
            try:
                await talk
            finally:
                self._talks -= 1
                is_up.set()

        self.run_worker(hold(), group="talk", exit_on_error=False)
        await is_up.wait()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Let no key act on this screen that was meant for a dialog."""
        return not self._talks and super().check_action(action, parameters)

    async def meet(self, dialog: Screen[T]) -> T | None:
        """Show a dialog and return what it gives back."""
        answer: asyncio.Future[T | None] = asyncio.get_running_loop().create_future()
        await self.app.push_screen(dialog, answer.set_result)
        self._is_up.set()
        return await answer

    async def ask(self, title: str, text: str, begin_with: str = "") -> str | None:
        """Ask for a line of text; None where the person leaves."""
        prompt = Prompt(title, Content(text), self.keymap, begin_with=begin_with)
        return await self.meet(prompt)

    async def action_highlight(self) -> None:
        """Ask for words to mark."""
        await self.talk(self._highlight())

    async def _highlight(self) -> None:
        desk = self.desk
        text = await self.ask(
            "Highlight",
            "Words or /regular expressions/, with a comma and a space between them; none at all "
            "takes the marks away.",
            ", ".join(self.look.highlight),
        )
        if text is None or desk is None:
            return
        wanted = [part.strip() for part in text.split(", ") if part.strip()]
        patterns = await self.write(lambda: desk.patterns(wanted))
        if patterns is not None:
            self.change_look(highlight=patterns)

    async def action_search(self) -> None:
        """Ask for a text, and go to the next cluster whose representative has it."""
        await self.talk(self._search())

    async def _search(self) -> None:
        desk = self.desk
        text = await self.ask(
            "Search", "Words, or /a regular expression/, in the representatives.", self.searched
        )
        if text is None or desk is None:
            return
        hits = await self.write(lambda: desk.search(text)) if text else set()
        if hits is None:
            return
        self.searched = text
        self.hits = hits.intersection(self.work.shown)
        if not text:
            self.show()
        elif self._go_to_hit(1):
            keys = self.keymap.shown("label.next_hit"), self.keymap.shown("label.previous_hit")
            self.say(
                f"It is in {counted(len(self.hits), 'cluster')}; {keys[0]} and {keys[1]} go on."
            )
        else:
            self.show()
            self.say("No cluster that is shown has it.", is_warning=True)

    def action_next_hit(self) -> None:
        """Go to the next cluster that has what was searched for."""
        self._go_to_hit(1)

    def action_previous_hit(self) -> None:
        """Go to the cluster before that has it."""
        self._go_to_hit(-1)

    def _go_to_hit(self, by: Literal[1, -1]) -> bool:
        if not self.work.move_to_hit(self.hits, by):
            return False
        self.change_look(pane="text")
        return True

    async def action_filter(self) -> None:
        """Ask which clusters to show."""
        await self.talk(self._filter())

    async def _filter(self) -> None:
        names = [view.name for view in self.labels.views]
        datasets = sorted({name for item in self.work.all() for name in item.datasets})
        chosen = await self.meet(
            FilterDialog(
                self.look.filter, names, datasets, self.keymap, is_blind=self.look.is_blind
            )
        )
        if chosen is None:
            return
        before, self.look = self.look, replace(self.look, filter=chosen)
        if not await self.find_matching():
            self.look = before
            return
        here = self.work.current
        self.rearrange()
        if here is None or self.work.current != here:
            self.work.go_on(from_here=True)
            self.show()
        if not chosen.in_members:
            of = counted(self.work.tally.clusters, "cluster")
            self.say(f"{len(self.work.shown):,} of {of} shown.")

    async def find_matching(self) -> bool:
        """Find the clusters that have the filter's text; return whether it can be searched for."""
        desk, chosen = self.desk, self.look.filter
        self._stop_search()
        self.matching = None
        if desk is None or not chosen.text:
            return True
        if chosen.in_members:
            if await self.write(lambda: desk.patterns([chosen.text])) is None:
                return False
            self.matching = set()
            self._begin_search(chosen.text)
            return True
        self.matching = await self.write(lambda: desk.search(chosen.text))
        return self.matching is not None

    def _begin_search(self, text: str) -> None:
        desk, stopped = self.desk, threading.Event()
        assert desk is not None
        self._search_stopped = stopped
        key = self.keymap.shown("label.text")
        self.say(f"Searching all members; {key} stops it.")

        def search() -> SearchEnded:
            def found(hits: set[str]) -> None:
                self.post_message(HitsFound(stopped, frozenset(hits)))

            desk.search_members(text, found, stopped.is_set)
            return SearchEnded(stopped)

        self.read("search", search)

    def _stop_search(self) -> bool:
        stopped, self._search_stopped = self._search_stopped, None
        if stopped is not None:
            stopped.set()
        return stopped is not None

    def on_hits_found(self, message: HitsFound) -> None:
        """Show clusters as they are found."""
        if message.search is self._search_stopped and self.matching is not None:
            self.matching |= message.cluster_ids
            self.rearrange()

    def on_search_ended(self, message: SearchEnded) -> None:
        """Say how many there are."""
        if message.search is self._search_stopped:
            self._search_stopped = None
            of = counted(self.work.tally.clusters, "cluster")
            self.say(f"{len(self.work.shown):,} of {of} shown.")

    def action_show_text(self) -> None:
        """Stop a search; go back to the representative."""
        if self._stop_search():
            self.say(f"Stopped; {counted(len(self.work.shown), 'cluster')} found until then.")
        super().action_show_text()

    def on_unmount(self) -> None:
        """End what goes on in the background."""
        self._stop_search()
