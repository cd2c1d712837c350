"""Finding clusters: orders, filters, searches, highlighted words, blind mode."""

from dataclasses import replace
from typing import ClassVar

from textual.binding import BindingType
from textual.containers import Vertical
from textual.widget import Widget

from store.counting import counted
from tui.frame.calls import Refused
from tui.keys.bindings import bindings_named
from tui.screens.label.filtering import Filtering
from tui.screens.label.filters import BLIND_ORDERS, ORDERS
from tui.screens.label.labelling import Labelling
from tui.screens.label.messages import HitsFound, SearchEnded
from tui.screens.label.searching import Searching
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
        self._searching = Searching(labelling)
        self.filtering = Filtering(self, labelling)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Let no key act here that was meant for a dialog."""
        return not self._labelling.questions.is_open

    def on_unmount(self) -> None:
        """End what goes on in the background."""
        self.filtering.stop()

    def action_order(self) -> None:
        """Order the clusters in another way; the current one stays."""
        work, is_blind = self._state.work, self._state.display.is_blind
        orders = BLIND_ORDERS if is_blind else ORDERS
        if is_blind:
            self._labelling.say("In blind mode there is no order that follows predictions.")
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
            state.work.narrow(state.work.filter.without_predictions(), state.work.matching)
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
        """Ask what to search for."""
        await self._labelling.questions.begin(self._searching.ask)

    def action_next_hit(self) -> None:
        """Go to the next cluster that has what was searched for."""
        self._searching.go_on(1)

    def action_previous_hit(self) -> None:
        """Go to the cluster before that has it."""
        self._searching.go_on(-1)

    async def action_filter(self) -> None:
        """Ask which clusters to show."""
        await self._labelling.questions.begin(self.filtering.ask)

    def on_hits_found(self, message: HitsFound) -> None:
        """Show clusters as they are found."""
        self.filtering.take(message)

    def on_search_ended(self, message: SearchEnded) -> None:
        """Say how many were found."""
        self.filtering.end(message)

    def action_show_text(self) -> None:
        """Stop a search; go back to the representative."""
        if self.filtering.stop():
            found = counted(len(self._state.work.shown), "cluster")
            self._labelling.say(f"Stopped; {found} found until then.")
        self._state.show_pane("text")
        self._labelling.redraw()
