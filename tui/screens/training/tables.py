"""The tables of the training screen: detectors and trainings, recipes, what they train on."""

from typing import TYPE_CHECKING, Final

from tui.frame.snapshot import Labels
from tui.screens.training.views import RecipeView, TrainingRow
from tui.widgets.job_progress import STATE_SIGNS
from tui.widgets.table import Cell, Column, Row

if TYPE_CHECKING:
    from tui.services.results.training_preview import LeakingRow, RowCount

PREVIEW: Final = 300  # characters of a text
LEAKS_SHOWN: Final = 10
SIGNS: Final = {
    **STATE_SIGNS,
    "trained": ("✓", "$success"),
    "adopted": ("✓", "$success"),
    "waiting": ("…", "$quiet"),
    "not begun": ("…", "$quiet"),
}
RECIPE_COLUMNS: Final = (
    Column("recipe", flexible=True),
    Column("stages", right=True),
    Column("what it trains on", flexible=True),
)
COUNT_COLUMNS: Final = (
    Column("stage", right=True),
    Column("source"),
    Column("dataset", flexible=True),
    Column("label", flexible=True),
    Column("rows", right=True),
)
LEAK_COLUMNS: Final = (
    Column("dataset", flexible=True),
    Column("too near by", flexible=True),
    Column("text", flexible=True),
    Column("benchmark", flexible=True),
    Column("its text", flexible=True),
)


def training_columns(wide: bool) -> tuple[Column, ...]:
    """The columns of `training_row`."""
    first = (Column(" "), Column("detector", flexible=True, named=True))
    counts = (Column("rows", right=True), Column("epochs", right=True), Column("loss", right=True))
    pace = (Column("rows/s", right=True), Column("time left", right=True))
    if not wide:
        return (*first, *counts, Column("state", flexible=True), *pace)
    recipe, state = Column("recipe", flexible=True), Column("state")
    return (*first, recipe, *counts, state, *pace, Column("when (UTC)"))


def training_row(row: TrainingRow, sign: str, wide: bool) -> Row:
    """A detector or training; `sign` marks its curve, a blank where it is not drawn."""
    mark, style = SIGNS.get(row.state, ("?", "$quiet"))
    share = f" {100 * row.share:.0f} %" if row.state == "running" and row.share is not None else ""
    state: Cell = (f"{mark} {row.state}{share}", style)
    counts = (f"{row.rows:,}", show_epochs(row), show_loss(row.loss))
    pace = (show_rate(row.rows_per_s), row.left or "–")
    if not wide:
        return (sign, row.name, *counts, state, *pace)
    return (sign, row.name, row.recipe, *counts, state, *pace, row.when[:16])


def show_epochs(row: TrainingRow) -> str:
    """How many epochs have begun, and of how many where there are more to come."""
    return f"{row.epochs}" if row.planned is None else f"{row.epochs} of {row.planned}"


def show_loss(loss: float | None) -> str:
    """A loss with four digits; a dash if there is none."""
    return "–" if loss is None else f"{loss:.4f}"


def show_rate(rows_per_s: float | None) -> str:
    """How many rows are done in a second; a dash if it is not known."""
    if rows_per_s is None:
        return "–"
    return f"{rows_per_s:,.1f}" if rows_per_s < 100 else f"{rows_per_s:,.0f}"


def recipe_row(recipe: RecipeView) -> Row:
    """A recipe, for RECIPE_COLUMNS."""
    stages = "–" if recipe.stages is None else str(recipe.stages)
    return (recipe.name, stages, recipe.description)


def count_row(row: "RowCount", labels: Labels) -> Row:
    """How many rows there are of a kind, for COUNT_COLUMNS."""
    view = labels.named(row.label)
    label: Cell = (f"{view.glyph} {view.name}", view.style)
    return (f"{row.stage}", row.source, row.dataset, label, f"{row.rows:,}")


def leak_row(leak: "LeakingRow") -> Row:
    """A row that was left out beside the benchmark's, for LEAK_COLUMNS."""
    return (
        leak.dataset, f"{leak.leaked}: {leak.reason}, {leak.similarity:.2f}",
        leak.leaked_text[:PREVIEW],
        leak.benchmark, leak.benchmark_text[:PREVIEW],
    )  # fmt: skip
