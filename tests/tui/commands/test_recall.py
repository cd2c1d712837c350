"""The command that estimates what a guard misses, with a tiny detector and encoder."""

import pytest
from jsonschema import Draft202012Validator

from store.decisions import Decision, record
from tests import rows
from tests.commands import Commands
from tests.json_schemas import schema_of
from tests.tui.filled import write_job
from tui.services.workspace import Workspace

ADVICE, _, GENERAL = rows.LABELS


@pytest.fixture
def run(trained: Commands) -> Commands:
    """The commands of a workspace with an initial detector and a log of 120 rows."""
    with Workspace.open(trained.workspace).database() as database:
        rows.add_records(
            database,
            "live",
            [
                {
                    "text": f"The ferry at {n} takes {n % 7} hours.",
                    "score": n / 120,
                    "verdict": "flagged" if n >= 110 else "passed",
                }
                for n in range(120)
            ],
        )
    return trained


def test_a_sample_is_drawn_labelled_one_row_a_key_and_estimated_from(run: Commands) -> None:
    found = run.json("recall", "--on", "live", "--sample", "24", "--bins", "2")
    Draft202012Validator(schema_of("recall")).validate(found)
    assert (found["drawn"], found["labelled"], found["per_10000"]) == (24, 0, None)
    job = write_job(Workspace.open(run.workspace), "20260106-090000-aaaa", [])
    with job.lock():  # what is known is shown while a job runs
        assert "24 rows to label: `backquery label`" in run("recall", "--on", "live")
        assert f"Job {job.job_id} is still running" in run.err

    clusters = run.json("clusters")
    assert [item["size"] for item in clusters] == [1] * 24
    assert {item["predicted_label"] for item in clusters} == {"health-content"}
    with Workspace.open(run.workspace).database() as database:
        decisions = [
            Decision("label", cluster_id=item["cluster_id"], label=GENERAL if place else ADVICE)
            for place, item in enumerate(clusters)
        ]
        record(database, "ann", decisions)
    found = run.json("recall", "--on", "live")
    Draft202012Validator(schema_of("recall")).validate(found)
    assert (found["labelled"], found["misses"]) == (24, 1)
    low, high = found["intervals"]["per_10000"]
    assert 0 < low < found["per_10000"] < high < 10_000
    shown = run("recall", "--on", "live")
    assert "24 of 24 rows labelled. Of 120 rows, the guard flagged 10." in shown
    assert "label patterns of them (`backquery patterns --on live`)" in shown


def test_a_new_detector_runs_beside_the_guard_and_nothing_is_decided_without_labels(
    run: Commands,
) -> None:
    found = run.json("shadow", "initial", "--against", "guard", "--on", "live")
    Draft202012Validator(schema_of("shadow")).validate(found)
    assert (found["rows"], found["old_flagged"], found["verdict"]) == (120, 10, "UNDECIDED")
    again = run("shadow", "initial", "--against", "guard", "--on", "live")
    assert "initial beside the guard on 120 rows of live" in again
    assert "No row with a label is left to compare them on: `backquery patterns" in again
    assert "UNDECIDED: recall within 5 points is unclear, false alarms are unclear" in again
    assert "Job" not in run.err

    with Workspace.open(run.workspace).database() as database:
        more = [{"record_id": f"m{n}", "text": f"A new row {n}."} for n in range(5)]
        rows.add_records(database, "live", more)
    assert run.json("shadow", "initial", "--against", "guard", "--on", "live")["rows"] == 125
    evaluated = [job["total"] for job in run.json("jobs") if job["stages"] == ["evaluate"]]
    assert sorted(evaluated) == [5, 120]  # the second time the new rows alone
    run("shadow", "initial", "--against", "initial", "--on", "live", status=1)
    assert "Name a new detector" in run.err


def test_it_says_what_is_missing(run: Commands) -> None:
    run("recall", "--on", "d", status=1)
    assert "'d' is not of production" in run.err
    run("recall", "--on", "live", "--detector", "initial", status=1)
    assert "`backquery evaluate initial --on live`" in run.err
