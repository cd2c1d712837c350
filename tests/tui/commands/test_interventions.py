"""The command that shows interventions over time."""

from datetime import datetime, timedelta

import pytest

from tests import rows
from tests.commands import Commands
from tests.rows import add_dataset, add_records
from tui.services.workspace import Workspace


@pytest.fixture
def run(empty_workspace: Workspace, capsys: pytest.CaptureFixture[str]) -> Commands:
    with empty_workspace.database() as database:
        add_records(
            database,
            "live",
            [
                {
                    "record_id": f"{day}-{place}",
                    "logged_at": datetime(2026, 10, 24 + day, 12) + timedelta(minutes=place),
                    "verdict": "flagged" if place < flagged else "passed",
                    "categories": ["\x1b[31mS1"] if place < flagged else [],
                }
                for day, flagged in enumerate((5, 6, 60))
                for place in range(100)
            ],
        )
        add_dataset(database, "plain", [("p0", "A text.", None)], "production")
    return Commands(empty_workspace.path, capsys)


def test_the_table_has_rates_with_intervals_and_marks_a_change(run: Commands) -> None:
    shown = run("interventions", "--on", "live", "--by", "day")
    first, _, last = [line for line in shown.splitlines() if line.startswith("2026-10-2")]
    assert first.split()[:5] == ["2026-10-24", "Sat", "5", "100", "50.0"]
    assert "(21.5–111.8)" in first
    assert "+540.0 (+422.5 to +" in last
    assert "▲△" in last
    assert shown.count("▲") == 2  # and in how to read it


def test_each_category_has_a_table_and_its_name_is_inert(run: Commands) -> None:
    shown = run("interventions", "--on", "live", "--by", "week", "--group", "category")
    assert "live by category" in shown
    assert "[31mS1, by week" in shown
    assert "\x1b" not in shown


def test_json_has_every_figure_with_its_interval(run: Commands) -> None:
    found = run.json("interventions", "--on", "live", "--group", "category")
    assert (found["by"], found["undated"]) == ("hour", 0)
    assert found["all"]["intervals"]["per_1000"][0] == pytest.approx(192.1, abs=0.1)
    last = found["groups"][0]["periods"][-1]
    assert last["since_last"]["is_marked"]
    assert last["begin"] == "2026-10-26 13:00:00+00:00"


def test_a_dataset_without_a_log_is_refused(run: Commands) -> None:
    run("interventions", "--on", "plain", status=1)
    assert "import LOG --dataset plain --role production" in run.err


def test_how_the_texts_changed_is_a_table_of_its_own(
    run: Commands, empty_workspace: Workspace
) -> None:
    with empty_workspace.database() as database:
        for number, features in enumerate(("embedding", "length")):
            frame = rows.traffic(
                f"t{number}", features=features, before=datetime(2026, 10, 24),
                begin=datetime(2026, 10, 25),
            )  # fmt: skip
            rows.ingest(database, empty_workspace.path, "traffic", frame, part=number)
    shown = run("interventions", "--on", "live", "--by", "day")
    assert "Texts against those of the period before (ROC-AUC)" in shown
    last = next(line for line in shown.splitlines() if line.count("0.600 (0.500–0.700)") == 2)
    assert last.split()[:4] == ["2026-10-25", "Sun", "40", "30"]
    (change,) = run.json("interventions", "--on", "live", "--by", "day")["traffic"]
    assert change["intervals"]["embedding"] == [0.5, 0.7]
