"""A view: what each detector would give at a threshold that just keeps to a bound."""

from functools import partial
from typing import TYPE_CHECKING, Final

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.reactive import reactive
from textual.widgets import Static

from tui.keys.keymap import Keymap
from tui.screens.accuracy.contestants import describe_kind
from tui.screens.accuracy.ranking import order_best_first
from tui.screens.accuracy.views import Subject
from tui.screens.accuracy.wording import HOW_TO_READ, WAITING, name_dataset
from tui.services.inert import one_line
from tui.services.numbers import RATES, show_percent
from tui.services.results.rate_warnings import warn_of_rates
from tui.services.results.training_warnings import TRAINED
from tui.widgets.table import Column, Row, Table

if TYPE_CHECKING:
    from collections.abc import Callable

    from engine.statistics.estimate import Estimate
    from tui.services.results.scores import DetectorScores

NOTHING: Final = "No row with a label was evaluated."
SHORT: Final = {
    "recall_at_fpr_1": "recall @1 %",
    "recall_at_fpr_5": "@5 %",
    "recall_at_fpr_10": "@10 %",
    "fpr_at_recall_80": "FPR @80 %",
    "fpr_at_recall_90": "@90 %",
}
COLUMNS: Final = (
    Column(" "),
    Column(" ", optional=True),
    Column("detector", flexible=True, named=True),
    Column("n", right=True),
    *(Column(title, right=True) for title in SHORT.values()),
)


class RatesView(Vertical):
    """One row per detector, as in the measures. The parent sets `subject`."""

    subject: reactive[Subject | None] = reactive(None, init=False)

    def __init__(self, keymap: Keymap) -> None:
        super().__init__(id="rates")
        self._keymap = keymap
        self._table = Table(COLUMNS)
        self._words = Static(classes="words", markup=False)

    def compose(self) -> ComposeResult:
        """Lay the table over what it cannot say, and how to read it."""
        yield self._table
        yield self._words
        yield Static(Content(HOW_TO_READ["rates"]), classes="legend")

    def on_resize(self, _event: events.Resize) -> None:
        """Show intervals in the table, or of the chosen detector alone where it is narrow."""
        self._show()

    def watch_subject(self) -> None:
        """Show another detector, or other scores."""
        self._show()

    def _show(self) -> None:
        subject = self.subject
        if subject is None:
            return
        is_narrow = self.screen.has_class("-narrow")
        scores, title = subject.scores, name_dataset(subject, self._keymap)
        is_read = scores is not None and (scores.is_complete or not scores.comparison.rows)
        self._table.set_title(title if is_read else f"{title}: {WAITING}")
        rows = order_best_first(scores.comparison.rows, subject.measure) if scores else ()
        ids = [row.detector_id for row in rows]
        own = subject.detector.detector_id
        chosen = ids.index(own) if own in ids else None
        if not is_read:
            self._table.show(COLUMNS, [_row(subject, row, None) for row in rows], chosen)
            self._words.update("")
            return
        show = partial(show_percent, with_interval=not is_narrow)
        self._table.show(COLUMNS, [_row(subject, row, show) for row in rows], chosen)
        words = list(warn_of_rates(rows))
        if is_narrow and chosen is not None:
            words = [*_lines(rows[chosen]), *words]
        self._words.update(Content("\n".join(words) if rows else NOTHING))


def _row(
    subject: Subject, row: "DetectorScores", show: "Callable[[Estimate | None], str] | None"
) -> Row:
    """A detector's rates; dots before they are read, without a way to `show` them."""
    found = [row.measure(name) for name in SHORT]
    n = next((f"{item.n:,}" for item in found if item), "–")
    return (
        subject.sign_of(row.detector_id),
        describe_kind(row),
        row.detector if row.is_fair else f"{TRAINED} {row.detector}",
        n if show else "…",
        *(show(item) if show else "…" for item in found),
    )


def _lines(row: "DetectorScores") -> list[str]:
    """The rates with their intervals, two of them a line."""
    parts = [f"{text} {show_percent(row.measure(name))}" for name, text in RATES.items()]
    lines = [" · ".join(parts[first : first + 2]) for first in range(0, len(parts), 2)]
    return [f"{one_line(row.detector)}, 95 % intervals:", *lines]
