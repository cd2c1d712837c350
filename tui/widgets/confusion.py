"""One detector on one benchmark: its measures with intervals, and which label became which."""

from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from tui.inert import one_line
from tui.views import DetectorScores, Labels
from tui.widgets.figures import show_percent

CELL_WIDTH = 9
CORNER = "true ↓ predicted →"


class ConfusionMatrix(Widget):
    """Truth in rows, prediction in columns, under the measures of the positive labels."""

    scores: reactive[DetectorScores | None] = reactive(None, layout=True)
    positive: reactive[tuple[str, ...]] = reactive(())

    def __init__(self, labels: Labels) -> None:
        super().__init__()
        self._labels = labels

    def render(self) -> Content:
        """Draw measures and matrix."""
        scores = self.scores
        if scores is None:
            return Content("")
        positive = " or ".join(one_line(name) for name in self.positive)
        return Content("\n").join(
            [
                Content.assemble(
                    (one_line(scores.detector), "bold"),
                    (f"  recipe {one_line(scores.recipe)}, n = {scores.n:,}", "$quiet"),
                ),
                Content(_measures(scores)),
                Content.styled(f"positive: {positive}; intervals 95 %", "$quiet"),
                Content(""),
                *self._matrix(scores),
            ]
        )

    def _matrix(self, scores: DetectorScores) -> list[Content]:
        views = [self._labels.named(name) for name in scores.labels]
        wide = max(len(CORNER), *(len(view.name) + 2 for view in views))
        heads = [Content.styled(f"{view.glyph:>{CELL_WIDTH}}", view.style) for view in views]
        lines = [Content("").join([Content.styled(f"{CORNER:<{wide}}", "$quiet"), *heads])]
        for view, row in zip(views, scores.confusion, strict=True):
            cells = [
                Content.styled(f"{count:>{CELL_WIDTH},}", "bold" if view is other else "")
                for other, count in zip(views, row, strict=True)
            ]
            name = Content.styled(f"{view.glyph} {one_line(view.name):<{wide - 2}}", view.style)
            lines.append(Content("").join([name, *cells]))
        if scores.failed:
            lines.append(Content.styled(f"{scores.failed:,} rows have no prediction", "$warning"))
        return lines


def _measures(scores: DetectorScores) -> str:
    named = (
        ("accuracy", scores.accuracy),
        ("precision", scores.precision),
        ("recall", scores.recall),
        ("F1", scores.f1),
        ("FPR", scores.fpr),
    )
    return " · ".join(f"{name} {show_percent(share)}" for name, share in named)
