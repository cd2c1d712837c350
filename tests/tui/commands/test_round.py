"""The command that turns the loop, with a tiny detector, a log, and labels that a person gives."""

from datetime import timedelta

import pytest
from jsonschema import Draft202012Validator

from store.decisions import Decision, record
from tests import rows
from tests.commands import Commands
from tests.json_schemas import schema_of
from tui.services.workspace import Workspace

ADVICE, _, GENERAL = rows.LABELS
ROUND = ("round", "--on", "live", "--sample", "20")
OURS = ("--detector", "initial")


@pytest.fixture
def run(trained: Commands) -> Commands:
    """The commands of a workspace with an initial detector and the log of a guard."""
    log(trained, range(60))
    return trained


def log(run: Commands, numbers: range) -> None:
    """Records of the guard, of which every tenth was flagged."""
    with Workspace.open(run.workspace).database() as database:
        rows.add_records(
            database,
            "live",
            [
                {
                    "record_id": f"r{number}",
                    "text": f"The ferry at {number} takes {number % 7} hours.",
                    "score": number % 10 / 10,
                    "verdict": "flagged" if number % 10 == 9 else "passed",
                    "logged_at": rows.NOON.replace(tzinfo=None) + timedelta(minutes=number),
                }
                for number in numbers
            ],
        )


def label_as_the_guard(run: Commands) -> int:
    """Label every cluster that waits as the guard judged it; return how many there were."""
    waiting = [item for item in run.json("clusters") if item["label"] is None]
    with Workspace.open(run.workspace).database() as database:
        for item in waiting:
            label = ADVICE if item["predicted_label"] == ADVICE else GENERAL
            record(database, "ann", [Decision("label", item["cluster_id"], label=label)])
    return len(waiting)


def test_a_round_waits_for_labels_trains_and_compares(run: Commands) -> None:
    found = run.json(*ROUND)
    Draft202012Validator(schema_of("round")).validate(found)
    assert "wait for your label: `backquery label`" in run.err
    (turn,) = found["rounds"]
    assert (turn["deployed"], turn["is_finished"], turn["successor"]) == ("guard", False, None)
    assert turn["figures"]["per_1000"] == pytest.approx(100)

    keys = label_as_the_guard(run)
    shown = run(*ROUND)
    assert "Rounds of live" in shown
    (turn,) = run.json(*ROUND, "--show")["rounds"]
    assert (turn["is_finished"], turn["successor"]) == (True, "round-1")
    assert (turn["figures"]["keys"], turn["figures"]["annotators"]) == (keys, ["ann"])
    assert turn["figures"]["precision"] == 1
    assert turn["figures"]["false_alarms"] == 0


def test_the_next_round_is_of_what_was_logged_since(run: Commands) -> None:
    run(*ROUND, *OURS)
    label_as_the_guard(run)
    run(*ROUND, *OURS)
    run(*ROUND, *OURS, status=1)
    assert "No guard has judged anything in live since the last round." in run.err

    log(run, range(60, 90))
    (_, second) = run.json(*ROUND, *OURS)["rounds"]
    assert (second["number"], second["figures"]["records"]) == (2, 30)
    assert second["figures"]["flagged"] == 3


def test_with_go_on_what_nobody_labelled_is_left_so(run: Commands) -> None:
    run(*ROUND, "--go-on", status=1)
    assert "asks for rows of production, and none was labelled yet" in run.err
    first = run.json("clusters")[0]
    with Workspace.open(run.workspace).database() as database:
        record(database, "ann", [Decision("label", first["cluster_id"], label=GENERAL)])
    (turn,) = run.json(*ROUND, "--go-on")["rounds"]
    assert (turn["is_finished"], turn["figures"]["keys"]) == (True, 1)
