"""What `w` writes of each screen, and what it says where there is nothing."""

import csv
from pathlib import Path
from xml.etree import ElementTree

import pytest
from textual.pilot import Pilot

from tests.tui.driving import make_app, seen, until, until_clusters
from tui.screens.writing import written_table
from tui.services.workspace import Workspace
from tui.widgets.table import Column, Table

SIZE = (160, 48)


def written(workspace: Workspace, kind: str) -> list[Path]:
    """Files of a kind in exports/, the first written first."""
    found = (workspace.path / "exports").glob(f"*.{kind}")
    return sorted(found, key=lambda path: (len(path.name), path.name))  # a second has a number


async def write(pilot: Pilot[None], workspace: Workspace, count: int) -> None:
    """Press the key and wait for so many tables."""
    await pilot.press("w")
    await until(pilot, lambda: len(written(workspace, "csv")) == count)
    await seen(pilot, "Wrote exports/")


def read(path: Path) -> list[list[str]]:
    """A CSV file's rows, heading first."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


async def test_the_table_and_the_chart_that_are_shown_are_written(
    evaluated_workspace: Workspace,
) -> None:
    with evaluated_workspace.database() as database:
        async with make_app(evaluated_workspace, database, "drift").run_test(size=SIZE) as pilot:
            await seen(pilot, "all datasets", "% of pairs")
            await write(pilot, evaluated_workspace, 1)
    (table,) = written(evaluated_workspace, "csv")
    heading, *rows = read(table)
    assert heading[:3] == ["dataset", "seed label", "n"]
    assert "0 … 1" not in heading
    assert rows[0][0] == "all datasets"
    assert all(row[2].isdigit() for row in rows)
    (figure,) = written(evaluated_workspace, "svg")
    text = " ".join(ElementTree.parse(figure).getroot().itertext()).replace("\xa0", " ")
    assert "% of pairs" in text
    assert "http" not in figure.read_text(encoding="utf-8").replace("http://www.w3.org/2000", "")


async def test_the_queue_is_written_in_full_and_blindly_without_predictions(
    clustered_workspace: Workspace,
) -> None:
    with clustered_workspace.database() as database:
        async with make_app(clustered_workspace, database).run_test(size=SIZE) as pilot:
            screen = await until_clusters(pilot)
            clusters = screen.labelling.state.work.clusters()
            await write(pilot, clustered_workspace, 1)
            await pilot.press("B")
            await write(pilot, clustered_workspace, 2)
    openly, blindly = (read(path) for path in written(clustered_workspace, "csv"))
    assert "predicted" in openly[0]
    assert "predicted" not in blindly[0]
    for rows in (openly, blindly):
        assert [row[0] for row in rows[1:]] == [cluster.cluster_id for cluster in clusters]
        assert rows[1][-1] == clusters[0].representative


@pytest.mark.parametrize(
    ("screen", "says", "first"),
    [
        ("pipeline", "Label by the representatives", "seeds"),
        ("training", "trained", "two-stage"),
        ("accuracy", "95 %", "two-stage"),
    ],
)
async def test_other_screens_write_what_they_show(
    evaluated_workspace: Workspace, screen: str, says: str, first: str
) -> None:
    with evaluated_workspace.database() as database:
        async with make_app(evaluated_workspace, database, screen).run_test(size=SIZE) as pilot:
            await seen(pilot, says)
            await pilot.press("w")
            await seen(pilot, f"Wrote exports/{screen}")
    rows = [row for path in written(evaluated_workspace, "csv") for row in read(path)]
    assert any(first in cell for row in rows for cell in row)
    assert len(written(evaluated_workspace, "md")) == len(written(evaluated_workspace, "csv"))


async def test_where_nothing_is_shown_nothing_is_written(empty_workspace: Workspace) -> None:
    with empty_workspace.database() as database:
        async with make_app(empty_workspace, database, "jobs").run_test(size=SIZE) as pilot:
            await seen(pilot, "Jobs will be listed here.")
            await pilot.press("w")
            await seen(pilot, "There is no table here to write.")
    assert written(empty_workspace, "*") == []


def test_numbers_become_numbers_and_ornaments_are_left_out() -> None:
    columns = (Column(" "), Column("name"), Column("n", right=True), Column("bar", ornament=True))
    table = Table(columns)
    rows = (("●", ("a", "bold"), "1,234", "━"), ("", "b", "–", ""), ("", "1", "0.5 (0.4)", ""))
    table.set_reactive(Table.rows, rows)
    found = written_table(table, "table")
    assert found.columns == ("name", "n")
    assert found.rows == (("a", 1234), ("b", None), ("1", "0.5 (0.4)"))
