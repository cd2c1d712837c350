"""The chosen detector on a dataset: its measures with intervals, and which label became which."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from store.counting import counted
from tui.frame.snapshot import Labels
from tui.screens.accuracy.views import Subject
from tui.screens.accuracy.wording import AREAS
from tui.services.inert import one_line
from tui.services.numbers import MEASURES, show_percent, show_speed
from tui.services.results.one_class import explain_one_class
from tui.services.results.training_warnings import warn_of_training

if TYPE_CHECKING:
    from tui.services.results.scores import DetectorScores

CELL_WIDTH: Final = 9
NARROWEST_CELL: Final = 5
FAILED: Final = ("no prediction", "failed", "$warning")
SIDES: Final = {"positive": ("positive", "+", "bold"), "negative": ("negative", "−", "")}
LINES: Final = ((0, 2), (2, 5), (5, 8))  # of measures, none of them wider than 76 cells
CHOSEN: Final = "▸"
CORNER: Final = "true ↓ predicted →"

Counts = Sequence[Sequence[int]]
Head = tuple[str, str, str]  # of a row or column: name, glyph, style


class ConfusionMatrix(Widget):
    """Truth in rows, prediction in columns, under the measures unless it `is_brief`.

    The parent sets both.
    """

    subject: reactive[Subject | None] = reactive(None, layout=True)
    is_brief: reactive[bool] = reactive(False, layout=True)

    def __init__(self, labels: Labels) -> None:
        super().__init__()
        self._labels = labels

    def render(self) -> Content:
        """Draw measures and matrix."""
        subject = self.subject
        if subject is None or subject.scores is None:
            return Content("")
        scores = subject.scores.scores_of(subject.detector.detector_id)
        if scores is None:
            return Content("No row with a label was evaluated, so none of them can be right.")
        positive = " or ".join(one_line(name) for name in subject.scores.comparison.positive)
        speed = _speed(scores, is_pair=subject.scores.comparison.kind == "pair")
        rows = f"  recipe {one_line(scores.recipe)}, n = {scores.n:,}{speed}"
        measures = _measures(scores, is_complete=subject.scores.is_complete)
        worth, width = "" if self.is_brief else "; intervals 95 %", self.size.width
        return Content("\n").join(
            [
                Content.assemble((one_line(scores.detector), "bold"), (rows, "$quiet")),
                *([] if self.is_brief else [*measures, *_worth(scores)]),
                Content.styled(f"positive: {positive}{worth}", "$quiet"),
                *([] if self.is_brief else _warnings(explain_one_class(scores.collapsed), width)),
                *_warnings(warn_of_training(scores), width),
                *self._matrix(scores, is_collapsed=subject.is_collapsed),
            ]
        )

    def _matrix(self, scores: "DetectorScores", *, is_collapsed: bool) -> list[Content]:
        confusion, counts = scores.confusion, scores.collapsed
        if is_collapsed:
            heads = list(SIDES.values())
            rows: Counts = (
                (counts.true_positives, counts.false_negatives),
                (counts.false_positives, counts.true_negatives),
            )
        else:
            heads = [head_of(name, self._labels) for name in confusion.labels]
            rows = confusion.rows
        lines = draw_matrix(heads, heads, rows, self.size.width)
        if scores.failed:
            failed = f"{counted(scores.failed, 'row')} without a prediction: wrong"
            lines.append(Content.styled(failed, "$warning"))
        return lines


def _warnings(text: str, width: int) -> list[Content]:
    return Content.styled(one_line(text), "$warning").wrap(width) if text and width else []


def _measures(scores: "DetectorScores", *, is_complete: bool) -> list[Content]:
    parts = [
        f"{text} {show_percent(scores.measure(name))}"
        for name, text in MEASURES.items()
        if is_complete or name not in AREAS
    ]
    return [Content(" · ".join(parts[start:end])) for start, end in LINES]


def head_of(name: str, labels: Labels) -> Head:
    """A label's name for its row, and its glyph for its column."""
    view = labels.named(name)
    return one_line(view.name), view.glyph, view.style


def draw_matrix(
    truths: Sequence[Head],
    predicted: Sequence[Head],
    counts: Counts,
    width: int,
    chosen: tuple[int, int] | None = None,
) -> list[Content]:
    """A heading and a line for each true label, the chosen cell marked by sign and colour.

    Cells are narrower if `width` is too small for all columns. What is right is bold.
    """
    wide = max(len(CORNER), *(len(name) + 2 for name, _, _ in truths))
    cell = max(NARROWEST_CELL, min(CELL_WIDTH, (width - wide) // len(predicted)))
    heads = [Content.styled(f"{glyph:>{cell}}", style) for _, glyph, style in predicted]
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


def _speed(scores: "DetectorScores", *, is_pair: bool) -> str:
    found = scores.speed
    if found is None:
        return ""
    return f"; {show_speed(found.rows_per_second, found.latency_ms, is_pair=is_pair)}"


def _worth(scores: "DetectorScores") -> list[Content]:
    """What probabilities are worth; nothing without any."""
    if scores.brier is None or scores.calibration_error is None:
        return []
    error = show_percent(scores.calibration_error)
    return [Content(f"Brier {show_percent(scores.brier)} · ECE {error}")]
