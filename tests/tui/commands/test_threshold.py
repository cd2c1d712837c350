"""The command that chooses a threshold."""

from pathlib import Path

import pytest

from tests import rows
from tests.commands import Commands
from tests.tui.evaluated import add_detectors, add_evaluation, make_evaluated
from tui.services.workspace import Workspace


def test_the_command_needs_a_dataset_for_a_rule(
    evaluated_workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    run = Commands(evaluated_workspace.path, capsys)
    run("threshold", "two-stage", "--rule", "max-f1", status=2)
    run("threshold", "two-stage", "--at", "0.5", "--reset", status=2)
    assert "no threshold" in run("threshold", "two-stage")


def test_json_has_the_curve_and_what_the_threshold_gives(
    empty_workspace: Workspace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    evaluated = make_evaluated(300, 1)
    with empty_workspace.database() as database:
        samples = [(sample_id, f"Text {sample_id}.", label) for sample_id, label, _ in evaluated]
        rows.add_dataset(database, "held-out", samples, "train")
        add_detectors(database, tmp_path, "d1")
        add_evaluation(database, tmp_path, "d1", "held-out", evaluated)
    run = Commands(empty_workspace.path, capsys)
    assert run.json("threshold", "d1")["at"] is None
    found = run.json("threshold", "d1", "--on", "held-out", "--rule", "max-f1")
    assert (found["chosen"]["rule"], found["n"]) == ("max-f1", 300)
    names = ("precision", "recall", "f1", "false_positive_rate")
    assert set(found["curve"][0]) == {"threshold", *names}
    for name in ("accuracy", *names):
        low, high = found["at"]["intervals"][name]
        assert low <= found["at"][name] <= high
