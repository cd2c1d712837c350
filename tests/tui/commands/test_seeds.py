"""Failures of a guard become seeds: the command, and what it leaves in the store."""

from pathlib import Path

import pytest

from store.database.connection import Database
from store.decisions import Decision, record
from tests import rows
from tests.commands import Commands
from tests.observed import NEGATIVE, POSITIVE, observe
from tui.services.workspace import Workspace

FLAGGED, PASSED = {"verdict": "flagged", "conversation": "k"}, {"verdict": "passed"}


def label(database: Database, cluster_id: str, name: str) -> None:
    record(database, "me", [Decision("label", cluster_id=cluster_id, label=name)])


@pytest.fixture
def logged(empty_workspace: Workspace, tmp_path: Path) -> Workspace:
    """A false alarm that is a pattern, and a miss."""
    with empty_workspace.database() as database:
        observe(database, tmp_path, [FLAGGED, FLAGGED, PASSED], {"c0": ["r0", "r1"], "c1": ["r2"]})
        label(database, "c0", NEGATIVE)
        label(database, "c1", POSITIVE)
    return empty_workspace


@pytest.fixture
def run(logged: Workspace, capsys: pytest.CaptureFixture[str]) -> Commands:
    return Commands(logged.path, capsys)


def seeds_of(workspace: Workspace) -> list[tuple[str, ...]]:
    with workspace.database() as database, database.read() as cursor:
        return cursor.rows(
            """SELECT external_id, text, label, group_key, source FROM samples
            WHERE dataset = 'failures' ORDER BY external_id"""
        )


def test_failures_become_seeds_that_name_their_pattern(run: Commands, logged: Workspace) -> None:
    out = run("seeds", "--from", "log", "--as", "failures")
    assert "3 labelled texts of log wrong: 2 false alarms, 1 miss, 1 pattern." in out
    assert "New seeds in failures: 3." in out
    assert "backquery run --dataset failures" in out
    assert seeds_of(logged) == [
        ("r0", "Text 0.", NEGATIVE, "k", "from-log-pattern-c0.jsonl"),
        ("r1", "Text 1.", NEGATIVE, "k", "from-log-pattern-c0.jsonl"),
        ("r2", "Text 2.", POSITIVE, None, "from-log-single-rows.jsonl"),
    ]


def test_a_second_call_doubles_nothing_and_follows_labels(run: Commands, logged: Workspace) -> None:
    run("seeds", "--from", "log", "--as", "failures")
    before = seeds_of(logged)
    again = run.json("seeds", "--from", "log", "--as", "failures")
    assert (again["new"], again["known"], again["relabelled"]) == (0, 3, 0)
    assert run.json("seeds", "--from", "log", "--as", "others")["new"] == 0
    assert seeds_of(logged) == before
    with logged.database() as database:
        label(database, "c0", rows.LABELS[1])
        label(database, "c1", NEGATIVE)
    again = run.json("seeds", "--from", "log", "--as", "failures")
    assert (again["misses"], again["new"], again["known"], again["relabelled"]) == (0, 0, 2, 3)
    assert [row[2] for row in seeds_of(logged)] == [rows.LABELS[1], rows.LABELS[1], NEGATIVE]


def test_what_cannot_be_seeds_is_refused(run: Commands, logged: Workspace) -> None:
    with logged.database() as database:
        rows.add_dataset(database, "held", [("b0", "Held.", NEGATIVE)], "benchmark")
    run("seeds", "--from", "held", "--as", "failures", status=1)
    assert "is a benchmark; as seeds, its rows would leak" in run.err
    run("seeds", "--from", "log", "--as", "log", status=1)
    assert "is no dataset of seeds" in run.err
    run("seeds", "--from", "nothing", "--as", "failures", status=1)
    assert "There is no dataset 'nothing'" in run.err


def test_without_labels_it_says_what_to_do(
    empty_workspace: Workspace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with empty_workspace.database() as database:
        observe(database, tmp_path, [FLAGGED], {"c0": ["r0"]})
    out = Commands(empty_workspace.path, capsys)("seeds", "--from", "log", "--as", "failures")
    assert "No labelled row of log" in out
    assert "backquery patterns --on log" in out


def test_pairs_are_no_seeds(
    empty_pair_workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    with empty_pair_workspace.database() as database:
        rows.add_records(database, "live", [{"context": "You help.", "verdict": "flagged"}])
    run = Commands(empty_pair_workspace.path, capsys)
    run("seeds", "--from", "live", "--as", "failures", status=1)
    assert "Pairs are no seeds" in run.err
    assert "among the examples of problem.toml" in run.err
