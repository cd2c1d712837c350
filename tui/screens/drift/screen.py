"""How far answers have drifted from their seeds: by group, where, their labels, single pairs."""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar, Final

from textual.binding import BindingType
from textual.content import Content

from tui.keys.bindings import bindings
from tui.screens.dialogs.prompt import Prompt
from tui.screens.drift.base import UNGROUPED, VIEWS, DriftBase
from tui.screens.drift.pair_dialog import PairDialog
from tui.screens.drift.views import COMPARED, PAIRS_SHOWN

if TYPE_CHECKING:
    from store.drift_pairs import DriftedPair
    from store.origins import Pair

ORDERS: Final = ("most drifted", "least drifted", "most at odds")
DONE: Final = {"exclude": "left out of training", "include": "taken back into training"}


class DriftScreen(DriftBase):
    """What the keys of the drift screen do."""

    CSS_PATH = "screen.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("drift")]

    def action_move(self, by: int) -> None:
        """Choose another group, or another pair; scroll what has no groups."""
        if self.look.view == "pairs":
            self._move_to_pair(self.look.pair + by)
        elif self.look.view in UNGROUPED:
            self.scroll_table(by)
        else:
            place = min(max(self.look.group + by, 0), max(len(self.view.rows) - 1, 0))
            self.change(group=place, page=0, pair=0)

    def _move_to_pair(self, place: int) -> None:
        """Go to a pair of the page; beyond its end lies the next page, before it the last one."""
        count, page = len(self.group.pairs) if self.group else 0, self.look.page
        if place >= count == PAIRS_SHOWN:
            self.change(page=page + 1, pair=0)
        elif place < 0 < page:
            self.change(page=page - 1, pair=PAIRS_SHOWN - 1)
        else:
            self.change(pair=max(0, min(place, count - 1)))

    def action_next_view(self) -> None:
        """Show what comes after the scores, and in the end these again."""
        views = VIEWS if self.is_narrow else VIEWS[1:]
        place = views.index(self.look.view) if self.look.view in views else 0
        self.change(view=views[(place + 1) % len(views)])

    def action_show_scores(self) -> None:
        """Go back to the scores."""
        self.change(view="scores")

    def action_compare(self) -> None:
        """Compare other texts: where drift happens."""
        names = tuple(COMPARED)
        place = names.index(self.look.compared)
        self.change(compared=names[(place + 1) % len(names)])

    def action_order(self) -> None:
        """Order the pairs in another way, and show them."""
        place = ORDERS.index(self.look.order)
        self.change(order=ORDERS[(place + 1) % len(ORDERS)], view="pairs", page=0, pair=0)

    def action_filter(self) -> None:
        """Show only pairs whose answer has a text."""
        text = Content("Show pairs whose answer has these words, or /a regular expression/. "
                       "Nothing shows all.")  # fmt: skip
        prompt = Prompt("Filter", text, self.keymap, begin_with=self.look.pattern)
        self.app.push_screen(prompt, self._filter)

    async def _filter(self, typed: str | None) -> None:
        """Show the pairs with a pattern, unless it is none; an empty one shows all."""
        desk, pattern = self.desk, (typed or "").strip()
        if typed is None or desk is None:
            return
        if not pattern or await self.write(lambda: desk.find(pattern)) is not None:
            self.change(pattern=pattern, view="pairs", page=0, pair=0)

    def action_open(self) -> None:
        """Show the pairs of the group; among them, open one."""
        pairs = self.group.pairs if self.group else ()
        if self.look.view != "pairs":
            self.change(view="pairs")
        elif pairs:
            dialog = PairDialog(
                pairs, min(self.look.pair, len(pairs) - 1), self.labels, self.keymap,
                read=self._texts,
            )  # fmt: skip
            self.app.push_screen(dialog, self._come_back)

    async def action_exclude(self) -> None:
        """Leave the chosen pair out of training, or take it back in."""
        pair, desk = self._pair, self.desk
        if pair is not None and desk is not None:
            key = self.keymap.shown("drift.exclude")
            back = f"Left out of training; {key} takes it back in."
            said = "Taken back into training." if pair.is_excluded else back
            await self._decide(lambda: desk.exclude(pair), said)

    async def action_ask_again(self) -> None:
        """Leave the chosen pair out, and have its seed asked about again by the next run."""
        pair, desk = self._pair, self.desk
        if pair is not None and desk is not None:
            key = self.keymap.shown("drift.undo")
            said = f"Left out; the next run writes another question for its seed. {key} undoes it."
            await self._decide(lambda: desk.send_back(pair), said)

    async def _decide(self, call: "Callable[[], DriftedPair]", said: str) -> None:
        """Decide on the chosen pair, and show it as it is then."""
        place, changed = self.look.pair, await self.write(call)
        if changed is not None and self.group is not None:
            pairs = (*self.group.pairs[:place], changed, *self.group.pairs[place + 1 :])
            self.group = replace(self.group, pairs=pairs)
            self.show_look()
            self.say(said)

    async def action_undo(self) -> None:
        """Undo the person's newest action, whatever it was, and read the group again."""
        desk = self.desk
        action = await self.write(desk.undo) if desk is not None else None
        if action is not None:
            self.read_group()
            self.say(f"Undid: {DONE.get(action.kind, action.kind)}.")

    @property
    def _pair(self) -> "DriftedPair | None":
        """The chosen pair, where pairs are looked at."""
        pairs = self.group.pairs if self.group else ()
        is_there = self.look.view == "pairs" and self.look.pair < len(pairs)
        return pairs[self.look.pair] if is_there else None

    async def _texts(self, pair: "DriftedPair") -> "Pair | None":
        desk = self.desk
        return await self.write(lambda: desk.texts(pair)) if desk is not None else None

    def _come_back(self, place: int | None) -> None:
        if place is not None:
            self.change(pair=place)
