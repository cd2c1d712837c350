"""The contestants of a dataset as lines of the chart, in one measure, and what signs mean."""

from typing import TYPE_CHECKING, Final

from tui.screens.accuracy.intervals import BAND, Contestant, Dot, Intervals
from tui.screens.accuracy.views import SHOWN_MEASURES, Subject
from tui.services.numbers import show_percent, show_rate
from tui.services.results.training_warnings import TRAINED
from tui.widgets.plot.ticks import Limits

if TYPE_CHECKING:
    from engine.statistics.estimate import Estimate
    from tui.screens.accuracy.views import DatasetScores
    from tui.services.results.scores import DetectorScores

KINDS: Final = {"detector": "●", "baseline": "■", "language model": "▲"}
BEST: Final = "★"
ALARMS: Final = {"per_1000": "alarms per 1,000", "fpr": "FPR"}  # of production, by measure
WIDEST: Final[dict[str, Limits]] = {"gap": (-100, 100), "per_1000": (0, 1000)}


def measure_name(subject: Subject) -> str:
    """How the measure that is shown is called."""
    name = shown_measure(subject)
    return ALARMS[name] if is_production(subject) else SHOWN_MEASURES[name]


def shown_measure(subject: Subject) -> str:
    """The measure that is shown; of production it is about alarms."""
    if is_production(subject) and subject.measure not in ALARMS:
        return "per_1000"
    return subject.measure


def next_measure(subject: Subject) -> str:
    """The measure after the one that is shown, around the end."""
    names = list(ALARMS if is_production(subject) else _measures(subject.scores))
    return names[(names.index(shown_measure(subject)) + 1) % len(names)]


def fitting_measure(measure: str, scores: "DatasetScores") -> str:
    """The measure, or of rows of one class the one that there is."""
    names = _measures(scores)
    return measure if measure in names else names[0]


def _measures(scores: "DatasetScores | None") -> list[str]:
    """What can be shown: of rows of one class, recall or FPR alone."""
    alone = {row.only_measure for row in scores.comparison.rows} if scores else set()
    names = [name for name in SHOWN_MEASURES if name in alone]
    return list(SHOWN_MEASURES) if None in alone or not names else names


def is_production(subject: Subject) -> bool:
    """Whether alarms are shown."""
    return bool(subject.scores and subject.scores.alarms)


def intervals_of(subject: Subject) -> Intervals:
    """The chart of the measure that is shown; of no contestant before scores are read."""
    scores, measure = subject.scores, shown_measure(subject)
    if scores is None:
        return Intervals()
    marked = subject.marked
    figure = _figure(scores, marked.detector_id, measure) if marked else None
    return Intervals(
        tuple(_contestant(subject, scores, item.detector_id, measure) for item in subject.listed),
        figure.interval if figure else None,
        WIDEST.get(measure, (0, 100)),
    )


def _contestant(
    subject: Subject, scores: "DatasetScores", detector_id: str, measure: str
) -> Contestant:
    row = scores.scores_of(detector_id)
    name = next(item.detector for item in subject.listed if item.detector_id == detector_id)
    return Contestant(
        name=name if row is None or row.is_fair else f"{TRAINED} {name}",
        sign=KINDS[row.kind] if row else KINDS["detector"],
        figure=_figure(scores, detector_id, measure),
        shown=_show(scores, detector_id, measure),
        note=f"{subject.sign_of(detector_id)}{best_sign(scores, detector_id, measure)} ",
        is_chosen=detector_id == subject.detector.detector_id,
    )


def describe_rows(subject: Subject) -> str:
    """The rows of each contestant: n = 150, or n = 100–150."""
    counts = sorted({item.n for item in subject.listed})
    return (
        f"n = {'–'.join(f'{n:,}' for n in dict.fromkeys((counts[0], counts[-1])))}"
        if counts
        else ""
    )


def best_sign(scores: "DatasetScores", detector_id: str, measure: str) -> str:
    """What marks the best of several; a blank for others."""
    comparison = scores.comparison
    is_best = comparison.best.get(measure) == detector_id and len(comparison.rows) > 1
    return BEST if is_best else " "


def _estimate(scores: "DatasetScores", detector_id: str, measure: str) -> "Estimate | None":
    if scores.alarms:
        found = scores.alarms_of(detector_id)
        return (found.per_1000 if measure == "per_1000" else found.fpr) if found else None
    row = scores.scores_of(detector_id)
    return row.measure(measure) if row else None


def _figure(scores: "DatasetScores", detector_id: str, measure: str) -> Dot | None:
    """The figure as it is on the axis: a share in per cent."""
    found, factor = _estimate(scores, detector_id, measure), 1 if measure == "per_1000" else 100
    if found is None:
        return None
    ends = (factor * found.low, factor * found.high) if found.interval else None
    return Dot(factor * found.value, ends)


def _show(scores: "DatasetScores", detector_id: str, measure: str) -> str:
    found = _estimate(scores, detector_id, measure)
    return show_rate(found) if measure == "per_1000" else show_percent(found)


def describe_signs(subject: Subject) -> str:
    """What the signs of the chart stand for, those that occur on it."""
    scores = subject.scores
    if scores is None:
        return ""
    rows = scores.comparison.rows
    kinds = {row.kind for row in rows} if not scores.alarms else {"detector"}
    parts = [f"{sign} {kind}" for kind, sign in KINDS.items() if kind in kinds]
    if scores.comparison.best.get(shown_measure(subject)) and len(rows) > 1:
        parts.append(f"{BEST} best")
    if subject.marked:
        parts.append(f"{BAND} interval of {subject.sign_of(subject.marked.detector_id)}")
    if any(not row.is_fair for row in rows):
        parts.append(f"{TRAINED} trained on these rows or near copies: cannot be best")
    return " · ".join(parts)


def describe_kind(row: "DetectorScores") -> str:
    """The sign of a contestant's kind."""
    return KINDS[row.kind]
