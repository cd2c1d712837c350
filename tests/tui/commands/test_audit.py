"""The figures of the audit as the command prints them."""

import pytest

from engine.statistics.measures import wilson
from tests.commands import Commands
from tests.tui.audited import audit, label_clusters
from tui.services.results.audit import read_audit
from tui.services.workspace import Workspace


def test_before_any_round_the_command_prints_nulls(
    clustered_workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    figures = Commands(clustered_workspace.path, capsys).json("audit")
    assert (figures["n"], figures["false_positives"], figures["false_negatives"]) == (0, 0, 0)
    for name in ("accuracy", "weighted_accuracy", "interval", "consistency"):
        assert figures[name] is None
    assert set(figures["intervals"].values()) == {None}
    assert figures["by_dataset"] == figures["rounds"] == []
    assert figures["annotators"] == {
        "pairs": [],
        "alpha": None,
        "n": 0,
        "intervals": {"alpha": None},
    }


def test_the_command_prints_what_was_audited(
    clustered_workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    with clustered_workspace.database() as database:
        label_clusters(database, "ada", clusters=6)
        label_clusters(database, "bob", clusters=8, skip=2)
        audit(database, "ada")
        expected = read_audit(clustered_workspace, database).noise.weighted_accuracy
    run = Commands(clustered_workspace.path, capsys)
    figures = run.json("audit")
    assert figures["n"] + figures["unsure"] == figures["rounds"][0]["items"] == 16
    assert figures["left"] == 0
    share = wilson(figures["n"] - figures["wrong"], figures["n"])
    assert share is not None
    assert figures["accuracy"] == pytest.approx(share.value)
    assert figures["intervals"]["accuracy"] == pytest.approx([share.low, share.high])
    assert figures["interval"] == figures["intervals"]["accuracy"]
    assert figures["collapsed_accuracy"] == pytest.approx(
        1 - (figures["false_positives"] + figures["false_negatives"]) / figures["n"]
    )
    low, high = figures["intervals"]["weighted_accuracy"]
    assert low <= figures["weighted_accuracy"] <= high
    assert "Table 5" in figures["method"]
    for name in ("n", "unsure", "false_positives", "false_negatives", "wrong"):
        assert figures[name] == sum(group[name] for group in figures["by_dataset"])
    assert {item["kind"] for item in figures["rounds"]} == {"propagation", "consistency"}
    assert figures["consistency"]["annotator"] == "ada"
    assert figures["consistency"]["n"] + figures["consistency"]["unsure"] == 6
    (pair,) = figures["annotators"]["pairs"]
    assert (pair["first"], pair["second"], pair["n"], pair["agreement"]) == ("ada", "bob", 4, 1.0)
    assert figures["annotators"]["n"] == 4
    assert expected is not None
    assert figures["weighted_accuracy"] == expected.value


def test_audit_without_json_opens_the_app_there(
    clustered_workspace: Workspace,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    opened: list[str] = []
    monkeypatch.setattr("tui.running.run_app", lambda _, screen, __: opened.append(screen))
    monkeypatch.setattr("tui.commands.screens.require_terminal", lambda: None)
    Commands(clustered_workspace.path, capsys)("audit")
    assert opened == ["audit"]
