"""Interventions over time: a chart over the periods of the chosen series."""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Final

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.reactive import reactive

from store.counting import counted
from tui.frame.asking import Asking
from tui.frame.calls import Calls
from tui.frame.messages import Said
from tui.keys.keymap import Keymap
from tui.screens.dialogs.confirm import Confirm
from tui.screens.dialogs.page import Page
from tui.screens.loop.chart import draw_rates
from tui.screens.loop.messages import FlaggedRead, TrafficDrafted
from tui.screens.loop.wording import ABOUT_TRAFFIC, describe_flagged, title_of
from tui.services.numbers import show_rate, show_share
from tui.services.periods import MOST
from tui.services.results.intervention_words import marks_of, show_begin, show_change, show_p
from tui.widgets.plain import plain
from tui.widgets.plot.plot import Plot
from tui.widgets.table import Column, Row, Table

if TYPE_CHECKING:
    from engine.jobs.draft import JobDraft
    from store.interventions import Group
    from tui.screens.loop.desk import LoopDesk
    from tui.services.results.intervention_rates import Change, Period, Series
    from tui.services.results.interventions import Interventions, TrafficChange

OTHERS, OTHERS_OF_TALL = 2, 4  # series beside the chosen one; each takes a line of the key
TALL: Final = 30  # lines
TEXTS: Final = Column("texts (95 %)", right=True, optional=True)  # once they were compared
FIGURES: Final = (
    Column("flagged", right=True),
    Column("of", right=True),
    Column("per 1,000 (95 %)", right=True),
    Column("change"),
    Column("since last", right=True, optional=True),
    Column("p", right=True, optional=True),
    Column("since all", right=True, optional=True),
    Column("p", right=True, optional=True),
    TEXTS,
    Column("failed", right=True, optional=True),
    Column("no verdict", right=True, optional=True),
    Column("no text", right=True, optional=True),
    Column("called wrong", right=True, optional=True),
)
PLURALS: "Final[dict[Group | None, str]]" = {"category": "categories"}
CHANGES: Final = 5  # columns of them


class OverTimeView(Vertical):
    """A plot over a table, of at most MOST periods at once. The parent sets `found` and `desk`."""

    found: "reactive[Interventions | None]" = reactive(None, init=False)

    desk: "LoopDesk"

    def __init__(self, calls: Calls, keymap: Keymap) -> None:
        super().__init__(id="time")
        self._asking = Asking(self, calls)
        self._keymap = keymap
        self._plot = Plot()
        self._table = Table((Column(""), *FIGURES))
        self._name = ""  # of the chosen series
        self._place: int | None = None  # of the chosen period; None is the last

    def compose(self) -> ComposeResult:
        """Lay the plot over the table."""
        yield self._plot
        yield self._table

    def watch_found(self, before: "Interventions | None", found: "Interventions | None") -> None:
        """Show other figures, from the last period on where they are of something else."""
        if before is None or found is None or _subject(before) != _subject(found):
            self._place = None
        self._show()

    @property
    def chosen(self) -> "Series | None":
        """The chosen series; that of all if its name is not there."""
        found = self.found
        if found is None:
            return None
        return next((item for item in found.groups if item.name == self._name), found.all)

    @property
    def traffic(self) -> "TrafficChange | None":
        """How the texts of the chosen period changed, if that was measured."""
        period, found = self.period, self.found
        changes = found.traffic if found else ()
        return next((item for item in changes if period and item.begin == period.begin), None)

    @property
    def period(self) -> "Period | None":
        """The chosen period."""
        chosen = self.chosen
        return chosen.periods[self._row(chosen)] if chosen and chosen.periods else None

    def move(self, by: int) -> None:
        """Choose a later period, or an earlier one."""
        chosen = self.chosen
        if chosen and chosen.periods:
            self._place = min(max(self._row(chosen) + by, 0), len(chosen.periods) - 1)
            self._show()

    def turn(self, by: int) -> None:
        """Choose the next series, or the one before, around the ends."""
        found, chosen = self.found, self.chosen
        if found is not None and chosen is not None:
            series = (found.all, *found.groups)
            self._name = series[(series.index(chosen) + by) % len(series)].name
            self._place = None
            self._show()

    def open(self) -> None:
        """Read what was flagged in the chosen period."""
        found, series, period, traffic = self.found, self.chosen, self.period, self.traffic
        if found is None or series is None or period is None:
            self.post_message(Said("There is no period to open.", is_warning=True))
            return
        title, desk = title_of(period, found.by, series.name), self.desk
        self._asking.read(
            "flagged",
            lambda: FlaggedRead(title, period, traffic, desk.flagged(found, series, period)),
        )

    def on_flagged_read(self, message: FlaggedRead) -> None:
        """Show the texts over the screen."""
        message.stop()
        text = describe_flagged(message.period, message.traffic, message.records)
        self.app.push_screen(Page(message.title, text, self._keymap))

    def measure(self) -> None:
        """Find out what would be measured of how the texts changed."""
        found, desk = self.found, self.desk
        if found is not None:
            self._asking.read("traffic", lambda: TrafficDrafted(desk.draft_traffic(found)))

    def on_traffic_drafted(self, message: TrafficDrafted) -> None:
        """Ask before a job is started."""
        message.stop()
        (stage,) = message.draft.planned
        text = Content(ABOUT_TRAFFIC.format(rows=counted(stage.rows, "text")))
        question = "Measure how the texts changed from period to period?"
        start = partial(self._start, message.draft)
        self.app.push_screen(Confirm(question, text, self._keymap), start)

    async def _start(self, draft: "JobDraft", is_agreed: bool | None) -> None:
        if not is_agreed:
            self.post_message(Said("Nothing was started."))
            return
        job_id = await self._asking.write(partial(self.desk.start, draft))
        if job_id is not None:
            self.post_message(Said(f"Started job {job_id}; its figures appear in the table."))

    def note(self, text: str) -> None:
        """Say something below the table, until other figures are there."""
        self._table.border_subtitle = plain(text)

    def _row(self, chosen: "Series") -> int:
        last = len(chosen.periods) - 1
        return last if self._place is None else min(self._place, last)

    def _show(self) -> None:
        """Draw the chosen series around the chosen period."""
        found, chosen = self.found, self.chosen
        if found is None or chosen is None:
            return
        row = self._row(chosen)
        first, end = page_of(row, len(chosen.periods))
        shown = chosen.periods[first:end]
        most = OTHERS_OF_TALL if self.size.height >= TALL else OTHERS
        others = [item for item in found.groups if item is not chosen][:most]
        self._plot.picture = draw_rates(chosen, others, shown, found.by)
        self._plot.display = bool(shown)
        counts = chosen.counts
        rate = f"{show_rate(chosen.rate.per_1000)} per 1,000, n = {counts.verdicts:,}"
        self._table.set_title(f"{found.dataset}, {chosen.name}: {rate}")
        self._table.border_subtitle = plain(" · ".join(_places(found, chosen, first, end)))
        rows = period_rows(found, shown) or [("without a time", *_figures(chosen))]
        kept = [
            place for place, column in enumerate(FIGURES) if found.traffic or column is not TEXTS
        ]
        columns = (Column(found.by), *(FIGURES[place] for place in kept))
        narrowed = [(name, *(cells[place] for place in kept)) for name, *cells in rows]
        self._table.show(columns, narrowed, row - first if shown else None)


def page_of(row: int, rows: int) -> tuple[int, int]:
    """The first row beside which a row is shown, and the one after the last; the last page is full.

    So the newest periods are seen with those before them.
    """
    end = rows - MOST * ((rows - 1 - row) // MOST)
    return max(end - MOST, 0), end


def _subject(found: "Interventions") -> tuple[str, str]:
    return found.dataset, found.by


def _places(found: "Interventions", chosen: "Series", first: int, end: int) -> Iterator[str]:
    """Which of the groups, which of the periods, and what is in none of them."""
    if found.groups:
        place = f"{found.groups.index(chosen) + 1} of " if chosen in found.groups else ""
        yield place + counted(len(found.groups), str(found.group), PLURALS.get(found.group, ""))
    if end - first < len(chosen.periods):
        yield f"{found.by}s {first + 1:,}–{end:,} of {len(chosen.periods):,}"
    if found.undated:
        yield f"{counted(found.undated, 'record')} without a time"


def period_rows(found: "Interventions", periods: "Sequence[Period]") -> list[Row]:
    """A row for each period: its rate, how that and the texts changed, what is counted apart."""
    texts = {change.begin: show_share(change.embedding) for change in found.traffic}
    return [
        (
            show_begin(period.begin, found.by),
            *_figures(
                period, marks_of(period), *_change(period.since_last), *_change(period.since_all),
                texts.get(period.begin, ""),
            ),
        )
        for period in periods
    ]  # fmt: skip


def _figures(item: "Period | Series", marks: str = "", *changes: str) -> Row:
    """The cells of FIGURES; without changes these are empty."""
    counts = item.counts
    return (
        f"{counts.flagged:,}", f"{counts.verdicts:,}", show_rate(item.rate.per_1000),
        (marks, "bold $warning"), *(changes or ("",) * CHANGES),
        f"{counts.failed:,}", f"{counts.without_verdict:,}",
        f"{counts.redacted + counts.absent:,}", f"{counts.disputed:,}",
    )  # fmt: skip


def _change(change: "Change | None") -> tuple[str, str]:
    return show_change(change), show_p(change.adjusted_p) if change else ""
