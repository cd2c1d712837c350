"""A view: how the share of right labels grew with the decisions, and what more would bring."""

from typing import TYPE_CHECKING, Final

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from tui.frame.asking import Asking
from tui.frame.calls import Calls
from tui.screens.audit.messages import QualityRead
from tui.services.results.quality_words import describe_quality
from tui.widgets.plot.picture import DASHES, FAINT_DASH, Entry, Line, Picture, Spot
from tui.widgets.plot.plot import Plot

if TYPE_CHECKING:
    from tui.screens.audit.desk import AuditDesk
    from tui.services.results.label_quality import LabelQuality

RIGHT: Final = "$label-1"
LABELLED: Final = "$label-2"
QUIET: Final = "$quiet"
FORECAST: Final = "◇"
WAITING: Final = "Labels right: estimating …"
ABOUT: Final = (
    "Each decision is predicted by a model that was fitted without its cluster, and counts for the "
    "answers it stands for; of decisions that an audit drew by chance, where there are ten, only "
    "these count. Without them it is a guide: doubtful answers, decided first, make it too low, "
    "typical ones too high. Dotted: the goal."
)
NO_CURVE: Final = (
    'A curve is drawn where labels are learned (`[labelling] spread = "learned"`), from ten '
    "decisions with two labels on."
)


class QualityCurve(Vertical):
    """The estimate in words over its curve. `desk` is set before anything is asked of it."""

    desk: "AuditDesk"

    def __init__(self, calls: Calls) -> None:
        super().__init__(id="curve")
        self._asking = Asking(self, calls)
        self._words = Static(WAITING, classes="words", markup=False)
        self._plot = Plot()
        self._legend = Static(classes="legend", markup=False)

    def compose(self) -> ComposeResult:
        """Lay the words over the curve."""
        yield self._words
        yield self._plot
        yield self._legend

    def refresh_findings(self) -> None:
        """Estimate again by the decisions now."""
        desk = self.desk
        self._asking.read("quality", lambda: QualityRead(desk.quality()))

    def on_quality_read(self, message: QualityRead) -> None:
        """Show the estimate."""
        message.stop()
        quality = message.quality
        picture = draw_quality(quality)
        self._words.update(Content(describe_quality(quality)))
        self._plot.picture = picture
        self._plot.display = picture is not None
        self._legend.update(Content(ABOUT if picture else NO_CURVE))


def draw_quality(quality: "LabelQuality") -> Picture | None:
    """The curve with intervals, and the forecast; None where there is no curve."""
    known = [(point.decisions, item) for point in quality.curve if (item := point.right)]
    if not known:
        return None
    labelled = [(x.decisions, x.labelled.value) for x in quality.curve if x.labelled]
    ahead, now = quality.forecast, known[-1][0]
    most = now + ahead.more if ahead else now
    goal = ahead.goal if ahead else None
    values = [end for _, item in known for end in (item.low, item.high)]
    lines = [Line(tuple((float(x), item.value) for x, item in known), RIGHT)]
    key = [Entry("●", f"right, 95 % intervals, n = {known[-1][1].n:,}", RIGHT)]
    if any(share < 1 for _, share in labelled):
        lines.append(Line(tuple((float(x), share) for x, share in labelled), LABELLED, DASHES[1]))
        key.append(Entry("", "answers with a label", LABELLED, DASHES[1]))
    spots = [Spot(x, item.value, "●", RIGHT, (item.low, item.high)) for x, item in known]
    if ahead is not None and goal is not None:
        values.append(goal)
        lines.append(Line(((float(known[0][0]), goal), (float(most), goal)), QUIET, FAINT_DASH))
        if ahead.more:
            spots.append(Spot(float(most), goal, FORECAST, RIGHT))
            key.append(Entry(FORECAST, f"forecast, {100 * goal:.0f} %", RIGHT))
    return Picture(
        "decisions", "share right", (float(known[0][0]), float(most)), tuple(values),
        (0.0, None), (0.0, 1.0), x_step=5, lines=tuple(lines), spots=tuple(spots), key=tuple(key),
    )  # fmt: skip
