"""The pairs of the chosen group, page by page, and what is decided on them."""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.reactive import reactive

from tui.frame.asking import Asking
from tui.frame.calls import Calls
from tui.frame.messages import Said
from tui.frame.snapshot import Labels
from tui.keys.keymap import Keymap
from tui.screens.dialogs.prompt import Prompt
from tui.screens.drift.messages import PairsFiltered, PairsRead
from tui.screens.drift.pair_dialog import PairDialog
from tui.screens.drift.pair_rows import COLUMNS, pair_row
from tui.screens.drift.views import ORDERS, PAIRS_SHOWN, PairsChoice, Subject
from tui.screens.drift.wording import name_group
from tui.services.inert import one_line
from tui.widgets.paging import Paging
from tui.widgets.table import Table

if TYPE_CHECKING:
    from tui.services.results.drift_pairs import DriftedPair, Pair, PairOrder


class PairsView(Vertical):
    """One row per pair, and what its keys do. The parent sets `subject` and `cluster`.

    `cluster`, its number on the map and its id, narrows the pairs to its members.
    """

    subject: reactive[Subject | None] = reactive(None, init=False)
    cluster: reactive[tuple[int, str] | None] = reactive(None, init=False)

    def __init__(self, calls: Calls, keymap: Keymap, labels: Labels) -> None:
        super().__init__(id="pairs")
        self._asking = Asking(self, calls)
        self._keymap = keymap
        self._labels = labels
        self._order, self._pattern, self._paging = ORDERS[0], "", Paging(PAIRS_SHOWN)
        self._pairs: tuple[DriftedPair, ...] = ()
        self._table = Table(COLUMNS)
        self._wanted: tuple[str, ...] = ()  # answers, the first of which is to be opened

    def compose(self) -> ComposeResult:
        """Show the table alone."""
        yield self._table

    @property
    def choice(self) -> PairsChoice:
        """Which pairs of the group are listed."""
        cluster_id = self.cluster[1] if self.cluster else None
        return PairsChoice(self._order, self._pattern, self._paging.page, cluster_id)

    @property
    def _place(self) -> int:
        return min(self._paging.place, max(len(self._pairs) - 1, 0))

    def watch_subject(self, before: Subject | None, subject: Subject | None) -> None:
        """List the pairs of another group from the first on."""
        if before is not None and subject is not None and not before.has_pairs_of(subject):
            self._paging = Paging(PAIRS_SHOWN)
        self._show()
        self.read()

    def watch_cluster(self) -> None:
        """List the pairs of another cluster, or of all, from the first on."""
        self._list(self._order, self._pattern)

    def open_nearest(self, cluster: tuple[int, str] | None, answer_ids: tuple[str, ...]) -> None:
        """List the pairs of a cluster, and open the first of these answers that is among them."""
        self._wanted = answer_ids
        if cluster == self.cluster:
            self.read()
        self.cluster = cluster

    def read(self) -> None:
        """Read the pairs of the page."""
        subject, choice = self.subject, self.choice
        if subject is not None:
            self._asking.read(
                "pairs",
                lambda: PairsRead(
                    subject, choice, subject.desk.pairs(subject.config_hash, subject.group, choice)
                ),
            )

    def on_pairs_read(self, message: PairsRead) -> None:
        """Show the pairs."""
        message.stop()
        if (message.subject, message.choice) == (self.subject, self.choice):
            self._pairs = message.pairs
            self._show()
            self._open_wanted()

    def _open_wanted(self) -> None:
        places = {pair.answer_id: place for place, pair in enumerate(self._pairs)}
        place = next((places[name] for name in self._wanted if name in places), None)
        self._wanted = ()
        if place is not None:
            self._paging = replace(self._paging, place=place)
            self._show()
            self.open()

    def _show(self) -> None:
        if self.subject is None:
            return
        first, pairs = self._paging.first, self._pairs
        places = f" ({first + 1:,}–{first + len(pairs):,})" if pairs else ": none"
        having = f" with “{one_line(self._pattern)}”" if self._pattern else ""
        cluster = f" of cluster {self.cluster[0]}" if self.cluster else ""
        group = name_group(self.subject.group)
        self._table.set_title(f"Pairs{cluster}{having}, {self._order} first{places}: {group}")
        rows = [pair_row(pair, self._labels) for pair in pairs]
        self._table.show(COLUMNS, rows, self._place if rows else None)

    def move(self, by: int) -> None:
        """Choose another pair, on the next page or the one before if need be."""
        page = self._paging.page
        self._paging = self._paging.move(by, len(self._pairs))
        self._show()
        if self._paging.page != page:
            self.read()

    def _list(self, order: "PairOrder", pattern: str) -> None:
        """List pairs in an order, with a pattern, from the first on."""
        self._order, self._pattern, self._paging = order, pattern, Paging(PAIRS_SHOWN)
        self._show()
        self.read()

    def order_next(self) -> None:
        """List the pairs in another order."""
        self._list(ORDERS[(ORDERS.index(self._order) + 1) % len(ORDERS)], self._pattern)

    def ask_filter(self) -> None:
        """Ask what answers must have to be listed."""
        text = Content("Show pairs whose answer has these words, or /a regular expression/. "
                       "Nothing shows all.")  # fmt: skip
        prompt = Prompt("Filter", text, self._keymap, begin_with=self._pattern)
        self.app.push_screen(prompt, self._filter)

    async def _filter(self, typed: str | None) -> None:
        """List the pairs with a pattern, unless it is not valid; an empty one lists all."""
        subject, pattern = self.subject, (typed or "").strip()
        if typed is None or subject is None:
            return
        if not pattern or await self._asking.write(lambda: subject.desk.find(pattern)) is not None:
            self._list(self._order, pattern)
            self.post_message(PairsFiltered())

    def open(self) -> None:
        """Show the chosen pair in full, and from there the others of the page."""
        if self._pairs:
            dialog = PairDialog(
                self._pairs, self._place, self._labels, self._keymap, read=self._texts
            )
            self.app.push_screen(dialog, self._come_back)

    async def _texts(self, pair: "DriftedPair") -> "Pair | None":
        subject = self.subject
        return (
            await self._asking.write(lambda: subject.desk.texts(pair))
            if subject is not None
            else None
        )

    def _come_back(self, place: int | None) -> None:
        if place is not None:
            self._paging = replace(self._paging, place=place)
            self._show()

    async def exclude(self) -> None:
        """Leave the chosen pair out of training, or take it back in."""
        if self.subject is not None and self._pairs:
            desk, pair = self.subject.desk, self._pairs[self._place]
            back = f"Left out of training; {self._keymap.shown('drift.exclude')} takes it back in."
            text = "Taken back into training." if pair.is_excluded else back
            await self._decide(lambda: desk.exclude(pair), text)

    async def ask_again(self) -> None:
        """Leave the chosen pair out, and have its seed asked about again by the next run."""
        if self.subject is not None and self._pairs:
            desk, pair = self.subject.desk, self._pairs[self._place]
            undo = f"{self._keymap.shown('drift.undo')} undoes it."
            text = f"Left out; the next run writes another question for its seed. {undo}"
            await self._decide(lambda: desk.send_back(pair), text)

    async def _decide(self, call: "Callable[[], DriftedPair]", text: str) -> None:
        """Decide on a pair, show it as it is then, and say so."""
        changed = await self._asking.write(call)
        if changed is not None:
            same = (pair.answer_id == changed.answer_id for pair in self._pairs)
            self._pairs = tuple(
                changed if is_same else pair
                for is_same, pair in zip(same, self._pairs, strict=True)
            )
            self._show()
            self.post_message(Said(text))
