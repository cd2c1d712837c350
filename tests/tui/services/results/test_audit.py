"""The figures of the audit, from the command and from the bridge that the app uses."""

from dataclasses import replace

import pytest

from engine.statistics.measures import wilson
from store.database.connection import Database
from tests import rows
from tests.commands import Commands
from tests.tui.audited import audit, label_clusters
from tui.services.results.audit import Audits, audit_figures
from tui.services.workspace import Workspace

ADVICE, CONTENT, GENERAL = rows.LABELS


@pytest.fixture
def audits(clustered_workspace: Workspace, database: Database) -> Audits:
    label_clusters(database, clustered_workspace.settings.annotator, clusters=4)
    return Audits(clustered_workspace, database)


def test_before_any_round_the_command_prints_nulls(
    clustered_workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    figures = Commands(clustered_workspace.path, capsys).json("audit")
    assert (figures["n"], figures["false_positives"], figures["false_negatives"]) == (0, 0, 0)
    for name in ("accuracy", "weighted_accuracy", "interval", "weighted_interval", "consistency"):
        assert figures[name] is None
    assert figures["by_dataset"] == figures["rounds"] == []
    assert figures["annotators"] == {"pairs": [], "alpha": None, "alpha_interval": None, "n": 0}


def test_the_command_prints_what_was_judged(
    clustered_workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    with clustered_workspace.database() as database:
        label_clusters(database, "ada", clusters=6)
        label_clusters(database, "bob", clusters=8, skip=2)
        audit(database, "ada")
        expected = audit_figures(clustered_workspace, database)
    run = Commands(clustered_workspace.path, capsys)
    figures = run.json("audit")
    assert figures["n"] + figures["unsure"] == figures["rounds"][0]["items"] == 16
    assert figures["left"] == 0
    share = wilson(figures["n"] - figures["wrong"], figures["n"])
    assert share is not None
    assert figures["accuracy"] == pytest.approx(share.value)
    assert figures["interval"] == pytest.approx([share.low, share.high])
    assert figures["collapsed_accuracy"] == pytest.approx(
        1 - (figures["false_positives"] + figures["false_negatives"]) / figures["n"]
    )
    low, high = figures["weighted_interval"]
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
    assert figures["weighted_accuracy"] == expected["weighted_accuracy"]


def test_audit_without_json_opens_the_app_there(
    clustered_workspace: Workspace,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    opened: list[str] = []
    monkeypatch.setattr("tui.app.run_app", lambda _, screen: opened.append(screen))
    monkeypatch.setattr("tui.commands.label.require_terminal", lambda: None)
    Commands(clustered_workspace.path, capsys)("audit")
    assert opened == ["audit"]


def test_the_newest_round_is_what_figures_are_of(audits: Audits) -> None:
    state = audits.draw("propagation")
    assert state.item is not None
    state = audits.judge(state.item, GENERAL)
    assert audits.figures().noise[0].n == 1
    state = audits.draw("propagation")
    assert state.round is not None
    assert state.round.judged == 0
    assert audits.figures().noise[0].n == 0
    assert audits.state() == state


def test_taking_back_goes_into_a_finished_round_only_where_none_is_open(audits: Audits) -> None:
    state = audits.draw("consistency")
    while state.item is not None:
        state = audits.judge(state.item, ADVICE)
    assert state.prospect is not None
    assert state.prospect.items == 8
    state = audits.take_back()
    assert state.round is not None
    assert (state.round.kind, state.round.left) == ("consistency", 1)
    assert state.item is not None
    assert audits.judge(state.item, None).opened == ()


def test_an_open_round_is_only_its_annotators(
    audits: Audits, clustered_workspace: Workspace, database: Database
) -> None:
    audits.draw("propagation")
    settings = clustered_workspace.settings.model_copy(update={"annotator": "eve"})
    other = Audits(replace(clustered_workspace, settings=settings), database)
    assert other.state().opened == ()
    assert other.state().has_rounds
    assert audits.state().opened != ()


def test_the_workspace_says_how_many_members_and_clusters_a_round_takes(
    clustered_workspace: Workspace, database: Database
) -> None:
    path = clustered_workspace.path / "workspace.toml"
    path.write_text(f"{path.read_text()}\n[audit]\nper_cluster = 1\nconsistency = 3\n")
    label_clusters(database, "ada", clusters=4)
    workspace = Workspace.open(clustered_workspace.path)
    ada = workspace.settings.model_copy(update={"annotator": "ada"})
    audits = Audits(replace(workspace, settings=ada), database)
    rounds = [audits.draw(kind).round for kind in ("propagation", "consistency")]
    assert [item.items for item in rounds if item] == [4, 3]
