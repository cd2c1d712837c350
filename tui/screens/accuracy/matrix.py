"""One detector on one dataset: its measures with intervals, and which label became which."""

from collections.abc import Sequence

from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from store.counting import counted
from tui.frame.snapshot import Labels
from tui.screens.accuracy.tables import NAMES, PROBABILISTIC
from tui.screens.accuracy.views import DetectorScores
from tui.services.inert import one_line
from tui.services.numbers import show_percent, show_speed

CELL_WIDTH = 9
NARROWEST_CELL = 5
FAILED = ("no prediction", "failed", "$warning")
SIDES = {"positive": ("positive", "+", "bold"), "negative": ("negative", "−", "")}
LINES = ((0, 2), (2, 5), (5, 8))  # of measures, none of them wider than 76 cells
CHOSEN = "▸"
CORNER = "true ↓ predicted →"

Counts = Sequence[Sequence[int]]
Head = tuple[str, str, str]  # of a row or column: name, glyph, style


class ConfusionMatrix(Widget):
    """Truth in rows, prediction in columns, under the measures of the positive labels."""

    scores: reactive[DetectorScores | None] = reactive(None, layout=True)
    positive: reactive[tuple[str, ...]] = reactive(())
    is_whole: reactive[bool] = reactive(False, layout=True)
    is_collapsed: reactive[bool] = reactive(False, layout=True)

    def __init__(self, labels: Labels) -> None:
        super().__init__()
        self._labels = labels

    def render(self) -> Content:
        """Draw measures and matrix."""
        scores = self.scores
        if scores is None:
            return Content("No row with a label was judged, so there is nothing to be right about.")
        positive = " or ".join(one_line(name) for name in self.positive)
        return Content("\n").join(
            [
                Content.assemble(
                    (one_line(scores.detector), "bold"),
                    (
                        f"  recipe {one_line(scores.recipe)}, n = {scores.n:,}{_speed(scores)}",
                        "$quiet",
                    ),
                ),
                *self._measures(scores),
                Content.styled(f"positive: {positive}; intervals 95 %{_worth(scores)}", "$quiet"),
                *self._matrix(scores),
            ]
        )

    def _measures(self, scores: DetectorScores) -> list[Content]:
        parts = [
            f"{text} {show_percent(scores.shares[name])}"
            for name, text in NAMES.items()
            if self.is_whole or name not in PROBABILISTIC
        ]
        return [Content(" · ".join(parts[start:end])) for start, end in LINES]

    def _matrix(self, scores: DetectorScores) -> list[Content]:
        if self.is_collapsed:
            heads = list(SIDES.values())
            rows = collapse(scores, self.positive)
        else:
            heads = [head_of(name, self._labels) for name in scores.labels]
            rows = scores.confusion
        lines = draw_matrix(heads, heads, rows, self.size.width)
        if scores.failed:
            lines.append(
                Content.styled(
                    f"{counted(scores.failed, 'row')} without a prediction: wrong", "$warning"
                )
            )
        return lines


def head_of(name: str, labels: Labels) -> Head:
    """Return what stands for a label beside its row, and its glyph above its column."""
    view = labels.named(name)
    return one_line(view.name), view.glyph, view.style


def draw_matrix(
    truths: Sequence[Head],
    said: Sequence[Head],
    counts: Counts,
    width: int,
    chosen: tuple[int, int] | None = None,
) -> list[Content]:
    """Return a heading and a line for each true label, the chosen cell marked by sign and colour.

    Cells are narrower where `width` is too small for all columns. What is right is bold.
    """
    wide = max(len(CORNER), *(len(name) + 2 for name, _, _ in truths))
    cell = max(NARROWEST_CELL, min(CELL_WIDTH, (width - wide) // len(said)))
    heads = [Content.styled(f"{glyph:>{cell}}", style) for _, glyph, style in said]
    lines = [Content("").join([Content.styled(f"{CORNER:<{wide}}", "$quiet"), *heads])]
    for down, ((name, glyph, style), row) in enumerate(zip(truths, counts, strict=True)):
        cells = []
        for across, count in enumerate(row):
            is_chosen = (down, across) == chosen
            text = f"{CHOSEN if is_chosen else ''}{count:,}"
            marked = "bold on $chosen" if is_chosen else "bold" if down == across else ""
            space = " " * (cell - len(text))
            cells += [Content(space), Content.styled(text, marked)]
        label = Content.styled(f"{glyph} {name:<{wide - 2}}", style)
        lines.append(Content("").join([label, *cells]))
    return lines


def collapse(scores: DetectorScores, positive: Sequence[str]) -> Counts:
    """Return the matrix of positive and negative, positive first."""
    sides = [0 if label in positive else 1 for label in scores.labels]
    found = [[0, 0], [0, 0]]
    for side, row in zip(sides, scores.confusion, strict=True):
        for other, count in zip(sides, row, strict=True):
            found[side][other] += count
    return found


def _speed(scores: DetectorScores) -> str:
    if scores.rows_per_second is None or scores.latency_ms is None:
        return ""
    return f"; {show_speed(scores.rows_per_second, scores.latency_ms)}"


def _worth(scores: DetectorScores) -> str:
    if scores.brier is None or scores.calibration_error is None:
        return ""
    return f"; Brier {100 * scores.brier:.1f}, ECE {100 * scores.calibration_error:.1f}"
