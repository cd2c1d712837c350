"""The scores by group, and which group is chosen in which comparison."""

from typing import TYPE_CHECKING

from textual.reactive import reactive

from tui.frame.snapshot import Labels
from tui.screens.drift.views import GroupChoice
from tui.screens.drift.wording import COMPARED
from tui.services.numbers import show_number, show_share
from tui.widgets.bar import marked_bar
from tui.widgets.table import Cell, Column, Row, Table

if TYPE_CHECKING:
    from tui.services.results.drift_scores import DriftScores, GroupScores

NARROW_BAR, WIDE_BAR = 12, 30
SCALE = Column("0 … 1", ornament=True)


class GroupTable(Table):
    """One row per group. The parent sets `scores` and `is_wide`, and moves the choice."""

    scores: "reactive[DriftScores | None]" = reactive(None, init=False)
    is_wide: reactive[bool] = reactive(False, init=False)
    comparison: reactive[str] = reactive("answer_seed", init=False)

    def __init__(self, labels: Labels) -> None:
        super().__init__((), id="groups")
        self._labels = labels

    @property
    def choice(self) -> GroupChoice | None:
        """The chosen group; None if there is none."""
        if self.scores is None or self.chosen is None:
            return None
        group = self.scores.groups[self.chosen]
        return GroupChoice(self.comparison, group.dataset, group.seed_label)

    def move(self, by: int) -> None:
        """Choose another group; at either end there is no further one."""
        if self.chosen is not None:
            self.chosen = min(max(self.chosen + by, 0), len(self.rows) - 1)

    def compare_next(self) -> None:
        """Compare other texts."""
        names = tuple(COMPARED)
        self.comparison = names[(names.index(self.comparison) + 1) % len(names)]

    def watch_scores(self, before: "DriftScores | None", scores: "DriftScores") -> None:
        """Show other scores; stay at the group."""
        names = [(group.dataset, group.seed_label) for group in scores.groups]
        chosen = 0 if names else None
        if before is not None and self.chosen is not None:
            group = before.groups[self.chosen]
            name = (group.dataset, group.seed_label)
            chosen = names.index(name) if name in names else chosen
        self._show(chosen)

    def watch_is_wide(self) -> None:
        """Show as many figures as there is room for."""
        self._show(self.chosen)

    def watch_comparison(self) -> None:
        """Show the scores of other texts."""
        self._show(self.chosen)

    def _show(self, chosen: int | None) -> None:
        self.set_title(f"BERTScore, {COMPARED[self.comparison]}")
        groups = self.scores.groups if self.scores else ()
        rows = [score_row(group, self.comparison, self._labels, self.is_wide) for group in groups]
        self.show(score_columns(self.is_wide), rows, chosen)


def score_columns(wide: bool) -> tuple[Column, ...]:
    """The columns of `score_row`."""
    names = (Column("dataset", flexible=True), Column("seed label", flexible=True))
    n, f1, floor = Column("n", right=True), Column("F1 (95 %)"), Column("floor", right=True)
    if not wide:
        return (*names, n, f1, floor, SCALE)
    inner = (Column("P", right=True), Column("R", right=True), f1, Column("median", right=True))
    return (
        *names,
        n,
        *inner,
        floor,
        Column("rescaled", right=True),
        SCALE,
    )


def score_row(group: "GroupScores", comparison: str, labels: Labels, wide: bool) -> Row:
    """A group's scores in one comparison; dashes where it was not made."""
    view = labels.named(group.seed_label) if group.seed_label else None
    label: Cell = (f"{view.glyph} {view.name}", view.style) if view else ("all labels", "bold")
    dataset: Cell = group.dataset if group.dataset else ("all datasets", "bold")
    score = group.compared(comparison)
    if score is None:
        return (dataset, label, *["–"] * (len(score_columns(wide)) - 2))
    drawn = marked_bar(score.f1.value, score.floor_f1, WIDE_BAR if wide else NARROW_BAR)
    n, f1, floor = f"{score.n:,}", show_share(score.f1), show_number(score.floor_f1)
    bar: Cell = (drawn, view.style if view else "")
    if not wide:
        return (dataset, label, n, f1, floor, bar)
    return (
        dataset, label, n, show_number(score.precision), show_number(score.recall),
        f1, show_number(score.median), floor, show_number(score.rescaled_f1), bar,
    )  # fmt: skip
