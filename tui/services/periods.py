"""Periods of local time: which one a moment is in, and how long they should be."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final, Literal

Length = Literal["hour", "day", "week"]

LENGTHS: Final[tuple[Length, ...]] = ("hour", "day", "week")
MOST: Final = 60  # periods, where their length is chosen for the user
HOUR: Final = timedelta(hours=1)
_LAST: Final = HOUR - timedelta(microseconds=1)
_WITHIN_NEXT: Final[dict[Length, timedelta]] = {
    "hour": HOUR,
    "day": timedelta(days=1, hours=2),  # days have 23 to 25 hours
    "week": timedelta(days=7, hours=2),
}


def begin_of(moment: datetime, length: Length, zone: tzinfo | None = None) -> datetime:
    """When the period began that a moment is in, both in UTC.

    `zone` is whose hours, days and weeks, from Monday on, are meant; None is this machine's. An
    hour that the clock shows twice is two periods.
    """
    local = moment.astimezone(zone)
    if length == "hour":
        return local.replace(minute=0, second=0, microsecond=0).astimezone(UTC)
    day = local.date() - timedelta(days=local.weekday() if length == "week" else 0)
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)


def end_of(begin: datetime, length: Length, zone: tzinfo | None = None) -> datetime:
    """When the period after the one that began at `begin` begins, in UTC."""
    return begin_of(begin + _WITHIN_NEXT[length], length, zone)


def begins_of(
    hours: Iterable[datetime], length: Length, zone: tzinfo | None = None
) -> set[datetime]:
    """When the periods begin, in UTC, that have a moment of these whole hours of UTC."""
    found = set()
    for hour in hours:
        found |= {begin_of(hour, length, zone), begin_of(hour + _LAST, length, zone)}
    return found


def choose_length(hours: Iterable[datetime], zone: tzinfo | None = None) -> Length:
    """The shortest length of at most MOST periods with a moment of these hours; else weeks."""
    known = list(hours)
    for length in LENGTHS:
        if len(begins_of(known, length, zone)) <= MOST:
            return length
    return LENGTHS[-1]
