"""Interventions over time as a picture: the chosen series with intervals, others as lines."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from tui.frame.snapshot import GLYPHS
from tui.services.results.intervention_words import name_tick
from tui.widgets.plot.picture import DASHES, Entry, Line, Picture, Points, Rule, Spot

if TYPE_CHECKING:
    from datetime import datetime

    from tui.services.periods import Length
    from tui.services.results.intervention_rates import Period, Series

CHOSEN: Final = "$primary"
STYLES: Final = ("$label-1", "$label-3", "$label-4", "$label-5")  # unlike the chosen one's
RISE, FALL = "▲", "▼"
DOT: Final = "●"
SIGNS: Final = tuple(sign for sign in GLYPHS if sign not in (RISE, FALL, DOT))


def draw_rates(
    chosen: "Series", others: "Sequence[Series]", shown: "Sequence[Period]", by: "Length"
) -> Picture | None:
    """The rate per 1,000 in the `shown` periods of a series, and of others in their time.

    None if no period has a rate. Periods are beside each other in their order; a line breaks where
    some between had no record.
    """
    if not any(period.rate.share for period in shown):
        return None
    drawn = [(chosen, tuple(shown)), *((item, _within(item, shown)) for item in others)]
    begins = sorted({period.begin for _, periods in drawn for period in periods})
    places = {begin.timestamp(): float(place) for place, begin in enumerate(begins)}
    lines = [
        Line(points, style, dash, sign if number else "")
        for number, (_, periods) in enumerate(drawn)
        for sign, style, dash in [_look(number)]
        for points in _unbroken(periods, places)
    ]
    spots = tuple(_spots(shown, places))
    heights = [y for line in lines for _, y in line.points]
    heights += [end for spot in spots for end in spot.reach or ()]
    edges = (-0.5, len(begins) - 0.5)
    return Picture(
        across=f"{by} of local time", up="flagged per 1,000 (95 %)",
        x_range=edges, y_range=(0.0, *heights), x_limits=edges, y_limits=(0.0, 1000.0),
        x_names=tuple((places[begin.timestamp()], name_tick(begin, by)) for begin in begins),
        lines=tuple(lines), spots=spots, rules=tuple(_rules(shown, places)),
        key=tuple(_key([item for item, _ in drawn])) if others else (),
    )  # fmt: skip


def _within(series: "Series", shown: "Sequence[Period]") -> "tuple[Period, ...]":
    """The periods of a series in the time of others."""
    begin, end = shown[0].begin, shown[-1].end
    return tuple(item for item in series.periods if begin <= item.begin < end)


def _look(number: int) -> tuple[str, str, str]:
    """The sign, style and dash of the chosen series, 0, and of those beside it."""
    if number == 0:
        return DOT, CHOSEN, DASHES[0]
    place = (number - 1) % len(STYLES)
    return SIGNS[place % len(SIGNS)], STYLES[place], DASHES[number % len(DASHES)]


def _unbroken(periods: "Sequence[Period]", places: "dict[float, float]") -> Iterator[Points]:
    """Runs of neighbouring periods with a rate, as points."""
    run: list[tuple[float, float]] = []
    end: datetime | None = None
    for period in periods:
        rate = period.rate.per_1000
        if run and (rate is None or period.begin != end):
            yield tuple(run)
            run = []
        if rate is not None:
            run.append((places[period.begin.timestamp()], rate.value))
        end = period.end
    if run:
        yield tuple(run)


def _spots(periods: "Sequence[Period]", places: "dict[float, float]") -> Iterator[Spot]:
    for period in periods:
        rate = period.rate.per_1000
        if rate is not None:
            place = places[period.begin.timestamp()]
            yield Spot(place, rate.value, _sign(period), CHOSEN, rate.interval)


def _sign(period: "Period") -> str:
    change = period.since_last
    if change is None or not change.is_marked:
        return DOT
    return RISE if change.difference.value > 0 else FALL


def _rules(periods: "Sequence[Period]", places: "dict[float, float]") -> Iterator[Rule]:
    """A line where a version of a guard begins, but for the first."""
    known: set[str] = set()
    for period in periods:
        if known and not known >= set(period.versions):
            yield Rule(places[period.begin.timestamp()], "$quiet")
        known |= set(period.versions)


def _key(drawn: "Sequence[Series]") -> Iterator[Entry]:
    for number, series in enumerate(drawn):
        sign, style, dash = _look(number)
        counts = series.counts
        yield Entry(sign, f"{series.name}: {counts.flagged:,} of {counts.verdicts:,}", style, dash)
