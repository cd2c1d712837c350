"""Interventions of deployed guards over time, from the records of a log, in local time."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, tzinfo
from typing import Final

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
class Interventions:
    """Interventions on a dataset by hour, day or week; `undated` records are in no period.

    `groups` are the series of `group`, most flagged first; none without one.
    """

    dataset: str
    by: Length
    group: Group | None
    undated: int
    all: Series
    groups: tuple[Series, ...]


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
    )


def read_flagged(
    database: Database, found: Interventions, series: Series, period: Period, limit: int
) -> tuple[FlaggedRecord, ...]:
    """At most so many of the records of a series that were flagged in a period, newest first."""
    named = None
    if found.group is not None and series is not found.all:
        named = found.group, "" if series.name in NAMELESS else series.name
    begin, end = (moment.astimezone(UTC) for moment in (period.begin, period.end))
    return tuple(list_flagged(database, found.dataset, begin, end, named, limit))
