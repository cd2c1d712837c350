"""Which clusters are shown: asking for a filter, counting what it leaves in, and taking it."""

import asyncio
from collections.abc import Collection
from threading import Event
from typing import Final

from textual.widget import Widget

from store.counting import counted
from tui.frame.calls import Refused
from tui.screens.label.filter_dialog import FilterDialog, Options
from tui.screens.label.filters import Filter
from tui.screens.label.labelling import Labelling
from tui.screens.label.member_search import MemberSearch
from tui.screens.label.messages import HitsFound, SearchEnded

PAUSE_S: Final = 0.3  # in typing, before all members are searched


class Filtering:
    """The filter of the clusters; `widget` gets the messages of a search through members."""

    def __init__(self, widget: Widget, labelling: Labelling) -> None:
        self._labelling = labelling
        self._state = labelling.state
        self._members_search = MemberSearch(widget, labelling)

    async def ask(self) -> None:
        """Ask which clusters to show, and go to the next among them that waits."""
        state = self._state
        chosen = await self._labelling.questions.meet(
            FilterDialog(
                state.work.filter,
                self._options(),
                self._labelling.keymap,
                count=self._count,
                is_blind=state.display.is_blind,
                guessed=self._labelling.labels.words.guessed,
            )
        )
        if chosen is None:
            return
        here = state.work.current
        if not await self.narrow(chosen):
            return
        if here is None or state.work.current != here:
            state.choose_member(0)
            state.work.go_on(from_here=True)
        self._labelling.redraw()
        if not chosen.in_members:
            self._say_how_many()

    def _options(self) -> Options:
        decisions = self._state.work.decisions
        names = [view.name for view in self._labelling.labels.views]
        given = {state.label for state in decisions.states.values() if state.label is not None}
        predicted = {cluster.predicted_label for cluster in decisions.clusters}
        return Options(
            labels=[*names, *sorted(given.difference(names))],
            predicted=[*names, *sorted(predicted.difference(names))],
            datasets=sorted({name for cluster in decisions.clusters for name in cluster.datasets}),
            selected=sorted({told.purpose for told in decisions.tellings if told.purpose}),
        )

    async def _count(self, chosen: Filter) -> str:
        """What a filter would leave in."""
        matching = await self._find_now(chosen)
        if isinstance(matching, Refused):
            return matching.text
        work, tally = self._state.work, self._state.work.decisions.tally
        left = work.passing(chosen, matching)
        answers = sum(cluster.size for cluster in left)
        return (
            f"Shows {len(left):,} of {counted(tally.clusters, 'cluster')}, "
            f"{answers:,} of {counted(tally.rows, 'answer')}"
        )

    async def _find_now(self, chosen: Filter) -> Collection[str] | Refused | None:
        """The clusters that have a filter's text; None if it has none."""
        desk, text = self._labelling.desk, chosen.text
        if desk is None or not text:
            return None
        if not chosen.in_members:
            return await self._labelling.attempt(lambda: desk.search(text))
        await asyncio.sleep(PAUSE_S)
        found: set[str] = set()
        given_up = Event()
        try:
            ended = await self._labelling.attempt(
                lambda: desk.search_members(text, found.update, given_up.is_set)
            )
        finally:
            given_up.set()
        return ended if isinstance(ended, Refused) else found

    def _say_how_many(self) -> None:
        work = self._state.work
        of = counted(work.decisions.tally.clusters, "cluster")
        self._labelling.say(f"{len(work.shown):,} of {of} shown.")

    async def narrow(self, chosen: Filter) -> bool:
        """Show the clusters that a filter leaves in; return whether its text is valid."""
        matching = await self._find_matching(chosen)
        if isinstance(matching, Refused):
            return False
        self._state.work.narrow(chosen, matching)
        return True

    async def search_again(self) -> None:
        """Find the clusters that have the filter's text among those that have just been read.

        If members are searched, the clusters that are shown stay until some are found.
        """
        chosen = self._state.work.filter
        matching = await self._find_matching(chosen)
        if not (chosen.in_members or isinstance(matching, Refused)):
            self._state.work.narrow(chosen, matching)

    async def _find_matching(self, chosen: Filter) -> Collection[str] | Refused | None:
        """The clusters that have a filter's text; None if it has none.

        Those that have it in a member come later.
        """
        labelling, desk, text = self._labelling, self._labelling.desk, chosen.text
        self._members_search.stop()
        if desk is None or not text:
            return None
        if not chosen.in_members:
            return await labelling.make(lambda: desk.search(text))
        patterns = await labelling.make(lambda: desk.patterns([text]))
        if isinstance(patterns, Refused):
            return patterns
        self._members_search.begin(desk, text)
        labelling.say(f"Searching all members; {labelling.keymap.shown('label.text')} stops it.")
        return frozenset()

    def take(self, message: HitsFound) -> None:
        """Show clusters as they are found, unless the filter has been taken off meanwhile."""
        work = self._state.work
        if self._members_search.take(message) and work.filter.text:
            work.narrow(work.filter, self._members_search.found)
            self._labelling.redraw()

    def end(self, message: SearchEnded) -> None:
        """Say how many there are."""
        if self._members_search.end(message):
            self._say_how_many()

    def stop(self) -> bool:
        """End a search through members; return whether there was one."""
        return self._members_search.stop()
