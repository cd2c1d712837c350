"""Interventions of deployed guards over time, from the records of a log, in local time."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import Final

from engine.statistics.estimate import Estimate
from store.database.connection import Database
from store.datasets import require_dataset
from store.interventions import (
    FlaggedRecord,
    Group,
    count_categories,
    count_verdicts,
    hours_logged,
    list_flagged,
)
from store.traffic import TrafficFigure, list_traffic
from tui.services.errors import NothingToDo
from tui.services.periods import Length, begins_of, choose_length
from tui.services.results.intervention_counts import (
    NAMELESS,
    Cells,
    cells_by_category,
    cells_of_all,
    cells_of_guards,
)
from tui.services.results.intervention_rates import Calendar, Period, Series, rate_all

ALL: Final = "all"


@dataclass(frozen=True, slots=True)
class TrafficChange:
    """How well texts of a period can be distinguished from those of the period `before`.

    0.5 is not at all, 1 always; by embedding, and by length alone. None if there were too few.
    """

    before: datetime
    begin: datetime
    n_before: int
    n: int
    embedding: Estimate | None
    length: Estimate | None


@dataclass(frozen=True, slots=True)
class Interventions:
    """Interventions on a dataset by hour, day or week; `undated` records are in no period.

    `groups` are the series of `group`, most flagged first; none without one. `traffic` is how its
    texts changed, as far as that was measured, in the order of time.
    """

    dataset: str
    by: Length
    group: Group | None
    undated: int
    all: Series
    groups: tuple[Series, ...]
    traffic: tuple[TrafficChange, ...]


def read_interventions(
    database: Database,
    dataset: str,
    by: Length | None = None,
    group: Group | None = None,
    zone: tzinfo | None = None,
) -> Interventions:
    """The interventions on a dataset in periods of a length, chosen by their number if None.

    `zone` is whose time is local; None is this machine's. Raises UnknownName, and NothingToDo for
    rows that came without a log.
    """
    require_dataset(database, dataset)
    hours = [hour.replace(tzinfo=UTC) for hour in hours_logged(database, dataset)]
    length = by or choose_length(hours, zone)
    begins = sorted(begins_of(hours, length, zone))
    verdicts = count_verdicts(database, dataset, begins)
    if verdicts.is_empty():
        raise NothingToDo(
            f"{dataset!r} came without a log, so it has neither verdicts nor times. Import the log "
            f"of a guard with `backquery import LOG --dataset {dataset} --role production`."
        )
    everything = cells_of_all(verdicts)
    grouped: Mapping[str, Cells] = {}
    if group == "category":
        flagged = count_categories(database, dataset, begins)
        grouped = cells_by_category(flagged, everything)
    elif group is not None:
        grouped = cells_of_guards(verdicts, with_version=group == "version")
    calendar = Calendar(length, zone)
    return Interventions(
        dataset=dataset,
        by=length,
        group=group,
        undated=everything[None].counts.records if None in everything else 0,
        all=rate_all({ALL: everything}, calendar)[0],
        groups=rate_all(grouped, calendar),
        traffic=_read_traffic(database, dataset, length, zone),
    )


def _read_traffic(
    database: Database, dataset: str, length: Length, zone: tzinfo | None
) -> tuple[TrafficChange, ...]:
    figures: dict[tuple[datetime, datetime], dict[str, TrafficFigure]] = {}
    for figure in list_traffic(database, dataset):
        if figure.period == length:
            figures.setdefault((figure.before, figure.begin), {})[figure.features] = figure
    return tuple(
        TrafficChange(
            before=before.replace(tzinfo=UTC).astimezone(zone),
            begin=begin.replace(tzinfo=UTC).astimezone(zone),
            n_before=found["embedding"].n_before,
            n=found["embedding"].n,
            embedding=_area(found["embedding"]),
            length=_area(found["length"]),
        )
        for (before, begin), found in figures.items()
    )


def _area(figure: TrafficFigure) -> Estimate | None:
    if figure.auc is None or figure.low is None or figure.high is None:
        return None
    return Estimate(figure.auc, (figure.low, figure.high), figure.n_before + figure.n)


def read_flagged(
    database: Database, found: Interventions, series: Series, period: Period, limit: int
) -> tuple[FlaggedRecord, ...]:
    """At most so many of the records of a series that were flagged in a period, newest first."""
    named = None
    if found.group is not None and series is not found.all:
        named = found.group, "" if series.name in NAMELESS else series.name
    begin, end = (moment.astimezone(UTC) for moment in (period.begin, period.end))
    return tuple(list_flagged(database, found.dataset, begin, end, named, limit))
