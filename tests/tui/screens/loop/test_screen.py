"""The screen of the loop: interventions over time, by period and group, and what was flagged."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, timedelta

import pytest
from textual.pilot import Pilot

from tests import rows
from tests.rows import add_records
from tests.tui.driving import make_app, seen, shown, until
from tests.tui.logged import logged, logged_without_times
from tui.screens.dialogs.confirm import Confirm
from tui.screens.dialogs.page import Page
from tui.screens.loop.over_time import page_of
from tui.services.numbers import show_rate
from tui.services.results.intervention_words import show_begin
from tui.services.results.interventions import Interventions, read_interventions
from tui.services.workspace import Workspace

App = Pilot[None]
WIDE = (160, 48)


@asynccontextmanager
async def loop_of(workspace: Workspace) -> AsyncIterator[App]:
    """Open the screen, and wait for its figures."""
    with workspace.database() as database:
        async with make_app(workspace, database, "loop").run_test(size=WIDE) as pilot:
            await seen(pilot, "assistant, all:")
            yield pilot


@pytest.fixture
def workspace(imported_workspace: Workspace) -> Workspace:
    with logged(imported_workspace):
        return imported_workspace


def figures(workspace: Workspace, **choice: object) -> Interventions:
    with workspace.database() as database:
        return read_interventions(database, "assistant", **choice)  # type: ignore[arg-type]


async def test_each_day_has_its_rate_with_interval_and_n(workspace: Workspace) -> None:
    found = figures(workspace)
    async with loop_of(workspace) as pilot:
        screen = shown(pilot)
    for period in found.all.periods:
        line = next(x for x in screen.splitlines() if show_begin(period.begin, "day") in x)
        counts = period.counts
        assert f"{counts.flagged}  {counts.verdicts}" in line
        assert show_rate(period.rate.per_1000) in line
    marked = [x for x in found.all.periods if x.since_last and x.since_last.is_marked]
    assert marked
    assert "1 record without a time" in screen


async def test_keys_change_the_length_and_the_group(workspace: Workspace) -> None:
    async with loop_of(workspace) as pilot:
        await pilot.press("t")
        await seen(pilot, "hour of local time", "hours ")
        await pilot.press("t", "t")
        await seen(pilot, "week of local time", "2026-03-09 Mon")
        await pilot.press("g")
        await seen(pilot, "2 versions", "health-guard 1.4: ", "health-guard 2.0: ")
        await pilot.press("l")
        await seen(pilot, "1 of 2 versions", "assistant, health-guard")
        await pilot.press("h", "h")
        await seen(pilot, "2 of 2 versions")
        await pilot.press("g")
        text = await seen(pilot, "3 categories", "dosage: ")
    assert "␛[31m[b]other[/b]" in text


async def test_enter_shows_what_was_flagged_in_the_chosen_period(workspace: Workspace) -> None:
    period = figures(workspace).all.periods[-2]
    async with loop_of(workspace) as pilot:
        await pilot.press("k", "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, Page))
        text = await seen(pilot, f"{period.counts.flagged} of {period.counts.verdicts} flagged")
        assert f"day from {show_begin(period.begin, 'day')}" in text
        assert "UTC · " in text
        assert "␛[2JTake two tablets" in text
        await pilot.press("escape")
        await until(pilot, lambda: not isinstance(pilot.app.screen, Page))


async def test_only_what_the_chosen_category_flagged_is_opened(workspace: Workspace) -> None:
    found = figures(workspace, group="category")
    dosage = next(item for item in found.groups if item.name == "dosage")
    place = [item.name for item in found.groups].index("dosage") + 1
    async with loop_of(workspace) as pilot:
        await pilot.press("g", "g")
        await seen(pilot, "3 categories")
        await pilot.press(*["l"] * place, "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, Page))
        last = dosage.periods[-1].counts
        text = await seen(pilot, f"{last.flagged} of {last.verdicts} flagged")
        assert " · dosage · " in text
        assert " · diagnosis · " not in text


async def test_b_shows_the_next_dataset(workspace: Workspace) -> None:
    with workspace.database() as database:
        add_records(database, "another", [{"record_id": "x0", "verdict": "flagged"}])
    with workspace.database() as database:
        async with make_app(workspace, database, "loop").run_test(size=WIDE) as pilot:
            await seen(pilot, "another, all: 1000.0")
            await pilot.press("b")
            await seen(pilot, "assistant, all:")


async def test_a_log_without_times_has_its_rate_and_no_period(
    imported_workspace: Workspace,
) -> None:
    with logged_without_times(imported_workspace):
        pass
    async with loop_of(imported_workspace) as pilot:
        await seen(pilot, "200 records without a time")
        await pilot.press("j", "enter")
        await seen(pilot, "There is no period to open.")


async def test_records_that_come_while_the_screen_is_shown_are_counted(
    workspace: Workspace,
) -> None:
    before = figures(workspace).all.counts.verdicts
    with workspace.database() as database:
        async with make_app(workspace, database, "loop").run_test(size=WIDE) as pilot:
            await seen(pilot, f"n = {before:,}")
            add_records(database, "assistant", [{"record_id": "more", "verdict": "flagged"}])
            await seen(pilot, f"n = {before + 1:,}")


@pytest.mark.parametrize(
    ("row", "rows", "page"),
    [(0, 1, (0, 1)), (59, 60, (0, 60)), (0, 61, (0, 1)), (1, 61, (1, 61)), (60, 61, (1, 61)),
     (0, 2400, (0, 60)), (2399, 2400, (2340, 2400))],
)  # fmt: skip
def test_the_newest_periods_are_on_a_full_page(row: int, rows: int, page: tuple[int, int]) -> None:
    assert page_of(row, rows) == page


async def test_d_measures_how_the_texts_changed_after_asking(workspace: Workspace) -> None:
    async with loop_of(workspace) as pilot:
        await pilot.press("d")
        await until(pilot, lambda: isinstance(pilot.app.screen, Confirm))
        await seen(pilot, "Measure how the texts changed", "texts of the newest periods")
        await pilot.press("n")
        await seen(pilot, "Nothing was started.")
        await pilot.press("d")
        await until(pilot, lambda: isinstance(pilot.app.screen, Confirm))
        await pilot.press("y")
        await seen(pilot, "Started job ")
    job = workspace.supervisor.jobs()[-1]
    assert [stage.name for stage in job.spec().stages] == ["traffic"]
    workspace.supervisor.cancel(job)


async def test_how_the_texts_changed_is_beside_the_rate(workspace: Workspace) -> None:
    last = figures(workspace).all.periods[-1].begin.astimezone(UTC).replace(tzinfo=None)
    with workspace.database() as database:
        for number, (features, auc) in enumerate((("embedding", 0.85), ("length", 0.55))):
            frame = rows.traffic(
                f"t{number}", dataset="assistant", begin=last, before=last - timedelta(days=1),
                features=features, auc=auc, low=auc - 0.05, high=auc + 0.05,
            )  # fmt: skip
            rows.ingest(database, workspace.path, "traffic", frame, part=number)
    async with loop_of(workspace) as pilot:
        await seen(pilot, "0.850 (0.800–0.900)")
        await pilot.press("enter")
        await seen(pilot, "0.550 (0.500–0.600) by their length", "(n = 40 and 30)")
