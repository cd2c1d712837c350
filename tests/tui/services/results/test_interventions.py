"""Interventions over time: their rates, and which changes are marked."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import proportion_confint, proportions_ztest

from store.database.connection import Database
from store.errors import UnknownName
from tests.rows import add_dataset, add_records
from tui.services.errors import NothingToDo
from tui.services.results.intervention_rates import Period
from tui.services.results.interventions import read_interventions

MONDAY = datetime(2026, 10, 19, 10)
VIENNA = ZoneInfo("Europe/Vienna")


def day(number: int, flagged: int, passed: int, **columns: object) -> Iterator[dict[str, object]]:
    """Records of a day, the flagged ones first."""
    for place in range(flagged + passed):
        yield {
            "record_id": f"{number}-{place}-{columns.get('guard_version')}",
            "logged_at": MONDAY + timedelta(days=number),
            "verdict": "flagged" if place < flagged else "passed",
            **columns,
        }


def marks(periods: tuple[Period, ...]) -> list[tuple[bool, bool]]:
    return [
        (bool(x.since_last and x.since_last.is_marked), bool(x.since_all and x.since_all.is_marked))
        for x in periods
    ]


@pytest.fixture
def live(database: Database) -> Database:
    """Three days of one rate, a jump with version 2, and back; a day without a verdict."""
    add_records(
        database,
        "live",
        [
            *day(0, 20, 180), *day(1, 24, 176), *day(2, 18, 182),
            *day(3, 60, 140, guard_version="2", categories=["S1"]),
            *({**row, "verdict": "failed"} for row in day(4, 0, 5, guard_version="3")),
            *day(5, 22, 178), *day(6, 21, 179),
            {"record_id": "undated", "logged_at": None, "verdict": "flagged"},
        ],
    )  # fmt: skip
    return database


def test_rates_have_the_intervals_of_statsmodels(live: Database) -> None:
    found = read_interventions(live, "live", "day", zone=UTC)
    assert [period.counts.flagged for period in found.all.periods] == [20, 24, 18, 60, 0, 22, 21]
    for period in found.all.periods:
        if period.rate.share is None or period.rate.per_1000 is None:
            assert period.counts.failed == period.counts.records == 5
            continue
        low, high = proportion_confint(period.counts.flagged, 200, method="wilson")
        assert period.rate.share.interval == pytest.approx((low, high))
        assert period.rate.per_1000.interval == pytest.approx((1000 * low, 1000 * high))
        assert period.rate.per_1000.n == 200


def test_the_whole_has_also_what_was_logged_without_a_time(live: Database) -> None:
    found = read_interventions(live, "live", "week", zone=UTC)
    assert found.undated == 1
    assert (found.all.counts.records, found.all.counts.flagged) == (1206, 166)
    assert sum(period.counts.flagged for period in found.all.periods) == 165


def test_changes_are_corrected_over_all_periods_by_holm(live: Database) -> None:
    found = read_interventions(live, "live", "day", zone=UTC)
    changes = [c for x in found.all.periods for c in (x.since_last, x.since_all) if c]
    flagged = [20, 24, 18, 60, 22, 21]
    expected = []
    for place in range(1, len(flagged)):
        for before in (flagged[place - 1 : place], flagged[:place])[: 1 if place == 1 else 2]:
            expected.append(
                proportions_ztest([flagged[place], sum(before)], [200, 200 * len(before)])[1]
            )
    assert [change.p for change in changes] == pytest.approx(expected)
    _, adjusted, *_ = multipletests(expected, method="holm")
    assert [change.adjusted_p for change in changes] == pytest.approx(list(adjusted))


def test_the_jump_is_marked_and_the_way_back_and_nothing_else(live: Database) -> None:
    found = read_interventions(live, "live", "day", zone=UTC)
    nothing = (False, False)
    assert marks(found.all.periods) == [
        nothing, nothing, nothing, (True, True), nothing, (True, False), nothing
    ]  # fmt: skip
    jump = found.all.periods[3]
    assert jump.since_last is not None
    assert jump.since_last.difference.value == pytest.approx(60 / 200 - 18 / 200)
    assert jump.versions == ("guard 2",)


def test_versions_have_periods_of_their_own(live: Database) -> None:
    found = read_interventions(live, "live", "day", "version", zone=UTC)
    assert [(x.name, x.counts.flagged, len(x.periods)) for x in found.groups] == [
        ("guard 1", 106, 5), ("guard 2", 60, 1), ("guard 3", 0, 1)
    ]  # fmt: skip
    assert [x.name for x in read_interventions(live, "live", "day", "guard").groups] == ["guard"]


def test_a_category_is_a_share_of_all_verdicts(live: Database) -> None:
    found = read_interventions(live, "live", "day", "category", zone=UTC)
    rare = next(item for item in found.groups if item.name == "S1")
    assert [x.counts.flagged for x in rare.periods] == [0, 0, 0, 60, 0, 0, 0]
    assert [x.counts.verdicts for x in rare.periods] == [200, 200, 200, 200, 0, 200, 200]
    assert rare.counts.records == 1206


def test_a_day_on_which_the_clock_goes_back_has_25_hours_of_records(database: Database) -> None:
    start = datetime(2026, 10, 24, 12)
    records = [{"logged_at": start + timedelta(hours=number)} for number in range(48)]
    add_records(database, "live", records)
    found = read_interventions(database, "live", "day", zone=VIENNA)
    assert [period.counts.records for period in found.all.periods] == [10, 25, 13]
    sunday = found.all.periods[1]
    assert (sunday.begin.hour, sunday.end.hour) == (0, 0)
    hours = read_interventions(database, "live", "hour", zone=VIENNA).all.periods
    assert [period.counts.records for period in hours] == [1] * 48
    assert [str(x.begin) for x in hours if x.begin.hour == 2 and x.begin.day == 25] == [
        "2026-10-25 02:00:00+02:00", "2026-10-25 02:00:00+01:00"
    ]  # fmt: skip


def test_the_length_follows_from_how_many_periods_there_are(live: Database) -> None:
    assert read_interventions(live, "live", zone=UTC).by == "hour"


def test_rows_that_came_without_a_log_are_refused_with_the_way_out(database: Database) -> None:
    add_dataset(database, "plain", [("p0", "A text.", None)], "production")
    with pytest.raises(NothingToDo, match="backquery import LOG --dataset plain"):
        read_interventions(database, "plain")
    with pytest.raises(UnknownName):
        read_interventions(database, "elsewhere")
