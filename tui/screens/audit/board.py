"""The outcome of an audit: figures by dataset, how far people agree, and what was found wrong."""

from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import Container, Vertical
from textual.content import Content
from textual.widgets import Static

from store.counting import counted
from tui.frame.snapshot import Labels
from tui.screens.audit.views import AuditFigures, NoiseRow
from tui.services.inert import inert, one_line
from tui.services.numbers import show_percent, show_share
from tui.widgets.pane import Pane
from tui.widgets.plain import plain
from tui.widgets.table import Cell, Column, Row, Table

if TYPE_CHECKING:
    from store.audit_judgements import WrongLabel
    from store.origins import Pair

AGREEMENTS_SHOWN = 5
LEGEND = (
    "accuracy: each judged label counted once, as in STAR's Table 5 (Wilson, 95 %); weighted: "
    "for the labels it stands for (Hájek; Wilson at Kish's n)."
)
WIDE = 110  # columns from which all figures fit
WRONG_COLUMNS = (
    Column(""),
    Column("propagated", flexible=True),
    Column("judged", flexible=True),
    Column("text", flexible=True),
)


class AuditBoard(Vertical):
    """Figures over the list of wrong labels and the text of the chosen one."""

    def __init__(self, labels: Labels) -> None:
        super().__init__(id="board")
        self._labels = labels
        self._figures: AuditFigures | None = None
        self._pair: Pair | None = None
        self._chosen = 0
        self._shows_origin = False
        self._noise = Table((), id="noise")
        self._notes = Static(id="notes", markup=False)
        self._wrong = Table(WRONG_COLUMNS, id="wrong")
        self._text = Pane(id="chosen")

    def compose(self) -> ComposeResult:
        """Lay the figures over list and text."""
        yield self._noise
        yield self._notes
        yield Container(self._wrong, self._text, id="found")

    @property
    def chosen(self) -> "WrongLabel | None":
        """The wrong label that is chosen; None where there is none."""
        wrong = self._figures.wrong if self._figures else ()
        return wrong[self._chosen] if wrong else None

    def show_figures(self, figures: AuditFigures) -> None:
        """Show figures, with the row that was chosen before where it is still there."""
        self._figures = figures
        self._chosen = max(min(self._chosen, len(figures.wrong) - 1), 0)
        self._notes.update(Content("\n".join(_notes(figures))))
        self._draw_noise()
        self._draw_wrong()

    def on_resize(self) -> None:
        """Show as many figures as there is room for."""
        self._draw_noise()

    def _draw_noise(self) -> None:
        if self._figures is None:
            return
        is_wide = self.size.width >= WIDE
        rows = tuple(_noise_row(row, is_wide) for row in self._figures.noise)
        self._noise.set_title("Propagated labels as judged, per cent (95 % interval)")
        self._noise.set_reactive(Table.columns, _noise_columns(is_wide))
        self._noise.set_reactive(Table.rows, rows)
        self._noise.redraw()

    def move(self, by: int) -> None:
        """Choose another wrong label."""
        count = len(self._figures.wrong) if self._figures else 0
        self._chosen = max(min(self._chosen + by, count - 1), 0)
        self._draw_wrong()

    def show_pair(self, pair: "Pair") -> None:
        """Show an answer, unless another one is chosen by now."""
        if self.chosen is not None and self.chosen.answer_id == pair.answer_id:
            self._pair = pair
            self._draw_text()

    def toggle_origin(self) -> None:
        """Show or hide seed and question."""
        self._shows_origin = not self._shows_origin
        self._draw_text()

    def scroll_pages(self, pages: int) -> None:
        """Scroll the text."""
        self._text.scroll_pages(pages)

    def _draw_wrong(self) -> None:
        wrong = self._figures.wrong if self._figures else ()
        self._wrong.set_title(f"Judged wrong: {len(wrong) or 'none'}")
        self._wrong.set_reactive(Table.rows, tuple(self._wrong_row(item) for item in wrong))
        self._wrong.set_reactive(Table.chosen, self._chosen if wrong else None)
        self._wrong.redraw()
        self._draw_text()

    def _wrong_row(self, item: "WrongLabel") -> Row:
        mark = "✓" if item.override == item.judged else " "
        return (mark, self._label(item.label), self._label(item.judged), item.opening)

    def _label(self, name: str) -> tuple[str, str]:
        view = self._labels.named(name)
        return f"{view.glyph} {view.name}", view.style

    def _draw_text(self) -> None:
        chosen, pair = self.chosen, self._pair
        if chosen is None or pair is None or pair.answer_id != chosen.answer_id:
            self._text.border_title = ""
            self._text.show(Content(""))
            return
        now = ", overridden" if chosen.override == chosen.judged else ""
        self._text.border_title = plain(f"{chosen.dataset}{now}")
        self._text.show(_describe_pair(pair) if self._shows_origin else plain(pair.answer))


def _describe_pair(pair: "Pair") -> Content:
    return Content("\n").join(
        part
        for title, text in (
            ("SEED", pair.seed_text),
            ("QUESTION", pair.query),
            ("ANSWER", pair.answer),
        )
        for part in (Content.styled(title, "bold $accent"), Content(inert(text)))
    )


def _noise_columns(is_wide: bool) -> tuple[Column, ...]:
    names = ["FP", "FN", "wrong", "accuracy", "weighted"]
    if is_wide:
        names = ["unsure", *names, "pos./neg.", "pos./neg. weighted"]
    return (
        Column("dataset", flexible=True),
        Column("n", right=True),
        *(Column(name, right=True) for name in names),
    )


def _noise_row(row: NoiseRow, is_wide: bool) -> Row:
    dataset: Cell = row.dataset if row.dataset is not None else ("all datasets", "bold")
    counts = [row.false_positives, row.false_negatives, row.wrong]
    shares = [row.accuracy, row.weighted]
    if is_wide:
        counts = [row.unsure, *counts]
        shares += [row.collapsed, row.weighted_collapsed]
    figures = (*(f"{count:,}" for count in counts), *(show_percent(share) for share in shares))
    return (dataset, f"{row.n:,}", *figures)


def _notes(figures: AuditFigures) -> list[str]:
    """Return how to read the figures, what qualifies them, and how far people agree."""
    lines = [LEGEND]
    if figures.annotator is not None:
        left = f", {counted(figures.left, 'text')} not judged yet" if figures.left else ""
        alone = f" {counted(figures.single_member, 'cluster')} of one member left out."
        remark = f"Newest round, by {one_line(figures.annotator)}{left}."
        lines.append(remark + (alone if figures.single_member else ""))
    agreements = [
        f"{one_line(row.who)}: n = {row.n:,}, alike {show_percent(row.agreement)} %, "
        f"κ {show_share(row.kappa)}."
        for row in figures.agreements
    ]
    if figures.alpha_n:
        alpha = f"Krippendorff's α {show_share(figures.alpha)}"
        agreements.insert(1, f"Several people: n = {figures.alpha_n:,}, {alpha}.")
    lines += agreements[:AGREEMENTS_SHOWN]
    if len(agreements) > AGREEMENTS_SHOWN:
        lines.append(f"{len(agreements) - AGREEMENTS_SHOWN:,} more with --json.")
    return lines
