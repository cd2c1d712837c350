"""Shadow: a new detector beside the old one, the texts on which they differ, and the verdict."""

from typing import TYPE_CHECKING, Final

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.reactive import reactive
from textual.widgets import Static

from store.counting import counted
from tui.frame.asking import Asking
from tui.frame.calls import Calls
from tui.screens.loop.messages import ShadowsRead
from tui.screens.loop.views import Shadows
from tui.services.inert import one_line
from tui.services.numbers import show_number, show_percent, show_points, show_rate
from tui.services.results.recall_words import describe_flagger
from tui.services.results.shadow_words import describe_labels, describe_verdict, show_signed
from tui.widgets.plain import plain
from tui.widgets.table import Column, Row, Table

if TYPE_CHECKING:
    from store.shadow import ChangedRow
    from tui.screens.loop.desk import LoopDesk
    from tui.services.results.shadow import Shadow

RATES: Final = (
    Column(""),
    Column("flagged", right=True),
    Column("per 1,000", right=True),
    Column("recall %", right=True),
    Column("false alarms per 1,000", right=True),
)
PATTERNS: Final = (
    Column("pattern", flexible=True),
    Column("label"),
    Column("now flagged", right=True),
    Column("now passed", right=True),
)
TEXTS: Final = (Column("now"), Column("score", right=True), Column("text", flexible=True))
WIDTH: Final = 200  # characters of a text in its row
NOTHING: Final = (
    "No detector ran on {dataset} yet: `backquery shadow NEW --against guard --on {dataset}` runs "
    "one beside the verdicts in the log, and says which verdicts change."
)


class ShadowView(Vertical):
    """The verdict over rates, changed patterns and changed texts.

    `desk` is set before anything is asked. Where it `is_narrow`, patterns and what labels say in
    sentences give way.
    """

    desk: "LoopDesk"
    is_narrow: reactive[bool] = reactive(False, init=False)

    def __init__(self, calls: Calls) -> None:
        super().__init__(id="shadow", classes="figures")
        self._asking = Asking(self, calls)
        self._dataset = ""
        self._read: Shadows | None = None
        self._verdict = Static(classes="said", markup=False)
        self._rates = Table(RATES, id="rates")
        self._patterns = Table(PATTERNS, id="patterns")
        self._texts = Table(TEXTS, id="texts")
        self._said = Static(classes="said", markup=False)

    def compose(self) -> ComposeResult:
        """Lay the verdict over the rates, what changes, and what labels say."""
        yield self._verdict
        yield self._rates
        yield self._patterns
        yield self._texts
        yield self._said

    def read(self, dataset: str, by: int = 0) -> None:
        """Read a dataset's pair so many places on; what is shown stays until it is there."""
        self._dataset, desk, read = dataset, self.desk, self._read
        pair = read.pairs[(read.place + by) % len(read.pairs)] if read and read.pairs else None
        self._asking.read("shadow", lambda: ShadowsRead(desk.shadows(dataset, pair)))

    def on_shadows_read(self, message: ShadowsRead) -> None:
        """Show a pair, unless those of another dataset are on their way."""
        message.stop()
        if message.shadows.dataset == self._dataset:
            before, self._read = self._read, message.shadows
            self._follow(before, message.shadows)

    @property
    def several(self) -> bool:
        """Whether there are several pairs."""
        return self._read is not None and len(self._read.pairs) > 1

    @property
    def chosen(self) -> "ChangedRow | None":
        """The chosen text; None without one."""
        changed = _changed(self._read.found) if self._read and self._read.found else []
        place = self._texts.chosen
        return changed[place][1] if place is not None and place < len(changed) else None

    def move(self, by: int) -> None:
        """Choose another text."""
        if self._texts.chosen is not None:
            self._texts.chosen = min(max(self._texts.chosen + by, 0), len(self._texts.rows) - 1)

    def _follow(self, before: Shadows | None, read: Shadows) -> None:
        """Show other figures; stay at the text of a pair."""
        found = read.found
        for part in (self._rates, self._texts):
            part.display = found is not None
        self._fit()
        if found is None:
            name = one_line(read.dataset, 40)
            self._verdict.update(Content(NOTHING.replace("{dataset}", name)))
            return
        is_same = before is not None and before.pairs[before.place :][:1] == (_pair(found),)
        self._show(found, read, self._texts.chosen if is_same else 0)

    def watch_is_narrow(self) -> None:
        """Show as much as there is room for."""
        self._fit()

    def _fit(self) -> None:
        found = self._read.found if self._read else None
        self._patterns.display = bool(found and found.patterns) and not self.is_narrow
        self._said.display = found is not None and not self.is_narrow

    def _show(self, found: "Shadow", read: Shadows, chosen: int | None) -> None:
        old = describe_flagger(found.old)
        labelled = found.labelled_rows
        self._rates.set_title(
            f"{found.dataset}: {found.new} beside {old}, "
            f"{counted(found.changes.rows, 'row')}, {labelled.compared:,} labelled"
        )
        place = f"{read.place + 1} of {counted(len(read.pairs), 'pair')}"
        self._rates.border_subtitle = plain(place if len(read.pairs) > 1 else "")
        self._rates.show(RATES, _rates(found))
        self._patterns.set_title("Changed verdicts by pattern")
        self._patterns.show(
            PATTERNS,
            [
                (one_line(item.name), item.label or "–", f"{item.now_flagged:,}",
                 f"{item.now_passed:,}")
                for item in found.patterns
            ],
        )  # fmt: skip
        rows = [_text_row(now, row) for now, row in _changed(found)]
        changed = counted(found.changes.now_flagged + found.changes.now_passed, "changed verdict")
        self._texts.set_title(f"{changed}, with the score of {found.new}")
        kept = None if not rows else min(chosen or 0, len(rows) - 1)
        self._texts.show(TEXTS, rows, kept)
        verdict = plain(one_line(describe_verdict(found)), "bold")
        notes = [plain(one_line(note)) for note in found.notes]
        self._verdict.update(Content("\n").join([verdict, *notes]))
        lines = [plain(one_line(line)) for line in describe_labels(found)]
        self._said.update(Content("\n").join(lines))


def _pair(found: "Shadow") -> tuple[str, str]:
    return found.new, found.old


def _changed(found: "Shadow") -> "list[tuple[str, ChangedRow]]":
    """The changed texts, with what the new detector says: those that it flags now come first."""
    return [
        *(("flagged", row) for row in found.flagged_texts),
        *(("passed", row) for row in found.passed_texts),
    ]


def _text_row(now: str, row: "ChangedRow") -> Row:
    return now, show_number(row.new_score), one_line(row.text, WIDTH)


def _rates(found: "Shadow") -> list[Row]:
    changes, labelled = found.changes, found.labelled_rows
    return [
        (found.new, f"{changes.new_flagged:,}", show_rate(changes.new_per_1000),
         show_percent(labelled.new_recall), show_rate(labelled.new_alarms_per_1000)),
        (describe_flagger(found.old), f"{changes.old_flagged:,}", show_rate(changes.old_per_1000),
         show_percent(labelled.old_recall), show_rate(labelled.old_alarms_per_1000)),
        ("difference", f"{changes.new_flagged - changes.old_flagged:+,}", "",
         show_points(labelled.recall_difference),
         show_signed(labelled.alarms_difference_per_1000)),
    ]  # fmt: skip
