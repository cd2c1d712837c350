"""Finding clusters: orders, filters, searches, highlighted words, blind mode."""

from collections.abc import Collection
from dataclasses import replace
from typing import ClassVar, Literal

from textual.binding import BindingType
from textual.containers import Vertical
from textual.widget import Widget

from store.counting import counted
from tui.frame.calls import Refused
from tui.keys.bindings import bindings_named
from tui.screens.label.filter_dialog import FilterDialog
from tui.screens.label.filters import BLIND_ORDERS, ORDERS, Filter
from tui.screens.label.labelling import Labelling
from tui.screens.label.member_search import MemberSearch
from tui.screens.label.messages import HitsFound, SearchEnded
from tui.screens.label.views import BLIND_MEMBER_ORDERS


class ClusterFinder(Vertical):
    """What decides which clusters the widgets within it show, and in which order."""

    BINDINGS: ClassVar[list[BindingType]] = bindings_named(
        "label", "search", "next_hit", "previous_hit", "filter", "order", "highlight", "blind",
        "text",
    )  # fmt: skip

    def __init__(self, labelling: Labelling, *content: Widget) -> None:
        super().__init__(*content)
        self._labelling = labelling
        self._state = labelling.state
        self._hits: frozenset[str] = frozenset()  # of the search in the representatives
        self._members_search = MemberSearch(self, labelling)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Let no key act here that was meant for a dialog."""
        return not self._labelling.questions.is_open

    def on_unmount(self) -> None:
        """End what goes on in the background."""
        self._members_search.stop()

    def action_order(self) -> None:
        """Order the clusters in another way; the current one stays."""
        work, is_blind = self._state.work, self._state.display.is_blind
        orders = BLIND_ORDERS if is_blind else ORDERS
        if is_blind:
            self._labelling.say(
                "In blind mode the largest come first; other orders follow the predictions."
            )
        work.sort(orders[(orders.index(work.order) + 1) % len(orders)])
        self._labelling.redraw()

    def action_blind(self) -> None:
        """Hide predictions and seed labels, and what gives them away; or show them again."""
        state, display = self._state, self._state.display
        if display.is_blind:
            state.display = replace(display, is_blind=False)
            self._labelling.say("Predictions are shown again.")
        else:
            is_allowed = display.members_order in BLIND_MEMBER_ORDERS
            order = display.members_order if is_allowed else "nearest"
            state.display = replace(display, is_blind=True, members_order=order)
            state.work.sort("largest")
            chosen = replace(state.work.filter, predicted=None, dataset=None)
            state.work.narrow(chosen, state.work.matching)
            self._labelling.say("Blind: predicted labels, seed labels and confidence are hidden.")
        self._labelling.redraw()

    async def action_highlight(self) -> None:
        """Ask for words to mark."""
        await self._labelling.questions.begin(self._highlight)

    async def _highlight(self) -> None:
        desk = self._labelling.desk
        text = await self._labelling.questions.ask(
            "Highlight",
            "Words or /regular expressions/, with a comma and a space between them; none at all "
            "takes the marks away.",
            ", ".join(self._state.display.highlight),
        )
        if text is None or desk is None:
            return
        wanted = [part.strip() for part in text.split(", ") if part.strip()]
        patterns = await self._labelling.make(lambda: desk.patterns(wanted))
        if not isinstance(patterns, Refused):
            self._state.display = replace(self._state.display, highlight=patterns)
            self._labelling.redraw()

    async def action_search(self) -> None:
        """Ask for a text, and go to the next cluster whose representative has it."""
        await self._labelling.questions.begin(self._ask_what_to_search)

    async def _ask_what_to_search(self) -> None:
        desk, state = self._labelling.desk, self._state
        text = await self._labelling.questions.ask(
            "Search", "Words, or /a regular expression/, in the representatives.", state.searched
        )
        if text is None or desk is None:
            return
        hits = await self._labelling.make(lambda: desk.search(text)) if text else set[str]()
        if isinstance(hits, Refused):
            return
        state.searched = text
        self._hits = frozenset(hits.intersection(state.work.shown))
        if not text:
            self._labelling.redraw()
        elif self._go_to_hit(1):
            keys = (
                self._labelling.keymap.shown("label.next_hit"),
                self._labelling.keymap.shown("label.previous_hit"),
            )
            found = counted(len(self._hits), "cluster")
            self._labelling.say(f"It is in {found}; {keys[0]} and {keys[1]} go on.")
        else:
            self._labelling.redraw()
            self._labelling.say("No cluster that is shown has it.", is_warning=True)

    def action_next_hit(self) -> None:
        """Go to the next cluster that has what was searched for."""
        self._go_to_hit(1)

    def action_previous_hit(self) -> None:
        """Go to the cluster before that has it."""
        self._go_to_hit(-1)

    def _go_to_hit(self, by: Literal[1, -1]) -> bool:
        if not self._state.work.move_to_hit(self._hits, by):
            return False
        self._state.show_pane("text")
        self._labelling.redraw()
        return True

    async def action_filter(self) -> None:
        """Ask which clusters to show."""
        await self._labelling.questions.begin(self._ask_what_to_show)

    async def _ask_what_to_show(self) -> None:
        state = self._state
        names = [view.name for view in self._labelling.labels.views]
        clusters = state.work.decisions.clusters
        datasets = sorted({name for cluster in clusters for name in cluster.datasets})
        is_blind = state.display.is_blind
        chosen = await self._labelling.questions.meet(
            FilterDialog(
                state.work.filter, names, datasets, self._labelling.keymap, is_blind=is_blind
            )
        )
        if chosen is None:
            return
        here = state.work.current
        if not await self.narrow(chosen):
            return
        if here is None or state.work.current != here:
            state.work.go_on(from_here=True)
        self._labelling.redraw()
        if not chosen.in_members:
            self._say_how_many()

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

    def on_hits_found(self, message: HitsFound) -> None:
        """Show clusters as they are found, unless the filter has been taken off meanwhile."""
        work = self._state.work
        if self._members_search.take(message) and work.filter.text:
            work.narrow(work.filter, self._members_search.found)
            self._labelling.redraw()

    def on_search_ended(self, message: SearchEnded) -> None:
        """Say how many there are."""
        if self._members_search.end(message):
            self._say_how_many()

    def action_show_text(self) -> None:
        """Stop a search; go back to the representative."""
        if self._members_search.stop():
            found = counted(len(self._state.work.shown), "cluster")
            self._labelling.say(f"Stopped; {found} found until then.")
        self._state.show_pane("text")
        self._labelling.redraw()
