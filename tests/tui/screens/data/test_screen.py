"""Rows of the workspace in tables: sorted, filtered, searched, opened."""

import csv
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from textual.pilot import Pilot

from store.database.connection import Database
from tests import rows
from tests.tui.driving import make_app, seen, shown, until
from tests.tui.filled import write_job
from tests.tui.scenes import job_running
from tui.screens.data.browser import TableBrowser
from tui.screens.data.record_dialog import RecordDialog
from tui.screens.data.screen import DataScreen
from tui.services.workspace import Workspace
from tui.widgets.plain import MARK_STYLE

WIDE, NARROW = (160, 48), (80, 24)


@asynccontextmanager
async def opened(
    workspace: Workspace, database: Database, size: tuple[int, int] = WIDE
) -> AsyncIterator[Pilot[None]]:
    """The app on the data screen, with the seeds listed."""
    app = make_app(workspace, database, "data")
    async with app.run_test(size=size) as pilot:
        await until(pilot, lambda: isinstance(app.screen, DataScreen))
        await seen(pilot, "Seeds: 450")
        yield pilot


def browser_of(pilot: Pilot[None]) -> TableBrowser:
    screen = next(item for item in pilot.app.screen_stack if isinstance(item, DataScreen))
    assert screen.browser is not None
    return screen.browser


async def test_each_table_has_its_rows(clustered_workspace: Workspace, database: Database) -> None:
    async with opened(clustered_workspace, database) as pilot:
        for title in ("Questions: 60", "Answers: 60", "Pairs: 60"):
            await pilot.press("v")
            await seen(pilot, title)
        await pilot.press("V")
        await seen(pilot, "Answers: 60")


async def test_a_column_sorts_up_then_down_then_not_at_all(
    clustered_workspace: Workspace, database: Database
) -> None:
    async with opened(clustered_workspace, database) as pilot:
        browser = browser_of(pilot)
        lengths = []
        for column in browser.columns:
            if column.name == "characters":
                break
            await pilot.press("l")
        for direction in ("▲", "▼", ""):
            before = browser.listing
            await pilot.press("s")
            await until(pilot, lambda before=before: browser.listing is not before)  # type: ignore[misc]
            await seen(pilot, f"{direction}characters")
            assert browser.row is not None
            lengths.append(browser.row.cells["characters"].value)
        with database.read() as cursor:
            least, most = cursor.one("SELECT min(length(text)), max(length(text)) FROM samples "
                                     "")  # fmt: skip
        assert lengths[0] <= least
        assert lengths[1] >= most
        assert browser.view.sort is None


async def test_a_search_counts_while_one_types_and_marks_what_it_found(
    clustered_workspace: Workspace, database: Database
) -> None:
    async with opened(clustered_workspace, database) as pilot:
        await pilot.press("slash", *"the")
        shown = await seen(pilot, "In ", " rows.")
        count = shown.split(" rows.")[0].split()[-1]
        await pilot.press("enter")
        await seen(pilot, f"Seeds: {count} of", "with “the”")
        row = browser_of(pilot).row
        assert row is not None
        text, hits = row.cells["seed"].text, row.cells["seed"].hits
        assert {text[start:end].lower() for start, end in hits} == {"the"}
        await pilot.press("slash", "up")
        await seen(pilot, f"In {count} rows.")
        await pilot.press("escape", "minus")
        await seen(pilot, "Seeds: 4")


async def test_a_pattern_that_is_none_says_so_while_one_types(
    clustered_workspace: Workspace, database: Database
) -> None:
    async with opened(clustered_workspace, database) as pilot:
        await pilot.press("slash", *"/(/")
        await seen(pilot, "is not a regular expression")
        await pilot.press("escape")


async def test_the_value_of_a_cell_keeps_rows_or_leaves_them_out(
    clustered_workspace: Workspace, database: Database
) -> None:
    async with opened(clustered_workspace, database) as pilot:
        await pilot.press("l", "equals_sign")
        await seen(pilot, "of 450", "label = ")
        kept = browser_of(pilot).listing
        await pilot.press("escape")
        await seen(pilot, "Seeds: 450")
        await pilot.press("exclamation_mark")
        await seen(pilot, "label ≠ ")
        left = browser_of(pilot).listing
        assert kept is not None
        assert left is not None
        assert kept.count + left.count == 450


async def test_a_filter_has_the_values_there_are_and_counts_the_rows(
    clustered_workspace: Workspace, database: Database
) -> None:
    async with opened(clustered_workspace, database) as pilot:
        await pilot.press("f")
        await seen(pilot, "Show only these rows", "‹any›", "chat-benchmark", "In 450 rows.")
        await pilot.press("right", "right")
        await seen(pilot, "‹chat-benchmark›", "In 150 rows.")
        await pilot.press("enter")
        await seen(pilot, "Seeds: 150 of 450 · dataset = chat-benchmark")
        await pilot.press("f", "ctrl+r", "enter")
        await seen(pilot, "Seeds: 450")


async def test_a_row_opens_with_all_that_hangs_on_it_and_the_next_follows(
    clustered_workspace: Workspace, database: Database
) -> None:
    async with opened(clustered_workspace, database) as pilot:
        await pilot.press("v", "v", "v")
        await seen(pilot, "Pairs: 60")
        await pilot.press("enter")
        await seen(pilot, "1 of 60", "SEED", "QUESTION", "ANSWER")
        await pilot.press("j")
        await seen(pilot, "2 of 60")
        await pilot.press("y")
        await until(pilot, lambda: pilot.app.clipboard)
        assert pilot.app.clipboard.startswith("SEED (")
        await pilot.press("escape")
        await seen(pilot, "row 2 of 60")


async def test_what_was_searched_for_is_marked_in_all_that_hangs_on_an_opened_row(
    clustered_workspace: Workspace, database: Database
) -> None:
    async with opened(clustered_workspace, database) as pilot:
        await pilot.press("v", "v", "v")
        await seen(pilot, "Pairs: 60")
        await pilot.press("slash", *"the", "enter")
        await seen(pilot, "with “the”")
        await pilot.press("enter")
        await seen(pilot, "QUESTION")
        dialog = pilot.app.screen
        assert isinstance(dialog, RecordDialog)
        text = dialog.text._text
        marks = [span for span in text.spans if span.style == MARK_STYLE]
        assert marks
        assert {text.plain[span.start : span.end].lower() for span in marks} == {"the"}


async def test_where_there_is_room_the_current_row_is_seen_beside_the_table(
    clustered_workspace: Workspace, database: Database
) -> None:
    async with opened(clustered_workspace, database) as pilot:
        await pilot.press("v", "v", "v")
        await seen(pilot, "Pairs: 60", "Row 1 ", "ANSWER")
        await pilot.press("j")
        await seen(pilot, "Row 2 ")
        await pilot.press("p")
        await until(pilot, lambda: "Row 2 " not in shown(pilot))
        await pilot.press("j", "p")
        await seen(pilot, "Row 3 ", "QUESTION")


async def test_a_narrow_screen_keeps_its_room_for_the_table(
    clustered_workspace: Workspace, database: Database
) -> None:
    async with opened(clustered_workspace, database, NARROW) as pilot:
        await until(pilot, lambda: "row 1 of 450" in shown(pilot))
        assert "Row 1 " not in shown(pilot)
        assert "p row" not in shown(pilot)


async def test_an_answer_leads_to_its_cluster(
    clustered_workspace: Workspace, database: Database
) -> None:
    async with opened(clustered_workspace, database) as pilot:
        await pilot.press("G", "c")
        await seen(pilot, "There is no answer here yet.")
        await pilot.press("v", "v")
        await seen(pilot, "Answers: 60")
        await pilot.press("c")
        await until(pilot, lambda: pilot.app.current_mode == "label")


async def test_rows_that_come_in_appear_and_the_current_one_stays(
    clustered_workspace: Workspace, database: Database
) -> None:
    async with opened(clustered_workspace, database) as pilot:
        await pilot.press("v", "v")
        await seen(pilot, "Answers: 60")
        browser = browser_of(pilot)
        await pilot.press("G", "k")
        await seen(pilot, "row 59 of 60")
        assert browser.row is not None
        here = browser.row.row_id
        with database.read() as cursor:
            samples = [item for (item,) in cursor.rows(
                "SELECT sample_id FROM samples WHERE sample_id NOT IN "
                "(SELECT sample_id FROM queries) LIMIT 2")]  # fmt: skip
        asked = rows.queries(samples, error="no reply", text=None)
        write_job(clustered_workspace, "20260107-090000-aaaa",
                  [("queries", asked), ("answers", rows.answers(samples))])  # fmt: skip
        await seen(pilot, "Answers: 62", "row 59 of 62")
        assert browser.row is not None
        assert browser.row.row_id == here


async def test_a_question_without_an_answer_shows_its_error(
    clustered_workspace: Workspace, database: Database
) -> None:
    with database.read() as cursor:
        (sample,) = cursor.one(
            "SELECT sample_id FROM samples WHERE sample_id NOT IN (SELECT sample_id FROM queries)"
        )
    asked = rows.queries([sample], text=None, error="the server \x1b[31msaid 500")
    write_job(clustered_workspace, "20260107-090000-aaaa", [("queries", asked)])
    async with opened(clustered_workspace, database) as pilot:
        await pilot.press("v", "v", "v")
        await seen(pilot, "Pairs: 61")
        await pilot.press("G", "enter")
        shown = await seen(pilot, "61 of 61", "! the server")
        assert "\x1b" not in shown


async def test_the_table_can_be_scrolled_to_every_column(
    clustered_workspace: Workspace, database: Database
) -> None:
    async with opened(clustered_workspace, database, NARROW) as pilot:
        await pilot.press("v", "v")
        await seen(pilot, "Answers: 60", "more columns")
        for column in browser_of(pilot).columns:
            await seen(pilot, column.title)
            await pilot.press("l")
        await seen(pilot, "id")


async def test_it_can_be_read_while_a_job_runs(
    clustered_workspace: Workspace, database: Database
) -> None:
    with job_running(clustered_workspace):
        async with opened(clustered_workspace, database) as pilot:
            await pilot.press("G")
            await seen(pilot, "row 450 of 450")


async def test_all_rows_that_are_listed_are_written_in_their_order(
    clustered_workspace: Workspace, database: Database
) -> None:
    async with opened(clustered_workspace, database) as pilot:
        await pilot.press("l", "equals_sign")
        await seen(pilot, "label = ")
        await pilot.press("s", "h", "s")
        await seen(pilot, "by seed ▲")
        listing = browser_of(pilot).listing
        assert listing is not None
        await pilot.press("w")
        await seen(pilot, f"Wrote {listing.count} rows with all columns: exports/data-seeds-")
    (path,) = (clustered_workspace.path / "exports").glob("data-seeds-*.csv")
    with path.open(newline="", encoding="utf-8") as file:
        found = list(csv.DictReader(file))
    assert len(found) == listing.count
    assert {row["label"] for row in found} == {found[0]["label"]}
    texts = [row["seed"].lower()[:80] for row in found]
    assert texts == sorted(texts)
