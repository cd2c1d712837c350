"""What the audit screen asks of the store."""

from dataclasses import replace

import pytest

from store.database.connection import Database
from tests import rows
from tests.tui.audited import label_clusters
from tui.screens.audit.desk import AuditDesk
from tui.services.workspace import Workspace

ADVICE, _, GENERAL = rows.LABELS


@pytest.fixture
def desk(clustered_workspace: Workspace, database: Database) -> AuditDesk:
    label_clusters(database, clustered_workspace.settings.annotator, clusters=4)
    return AuditDesk(clustered_workspace, database)


def test_the_newest_round_is_what_figures_are_of(desk: AuditDesk) -> None:
    state = desk.draw("propagation")
    assert state.item is not None
    state = desk.record(state.item, GENERAL)
    assert desk.findings().report.noise.n == 1
    state = desk.draw("propagation")
    assert state.round is not None
    assert state.round.judged == 0
    assert desk.findings().report.noise.n == 0
    assert desk.state() == state


def test_taking_back_goes_into_a_finished_round_only_where_none_is_open(desk: AuditDesk) -> None:
    state = desk.draw("consistency")
    while state.item is not None:
        state = desk.record(state.item, ADVICE)
    assert state.prospect is not None
    assert state.prospect.items == 8
    state = desk.take_back()
    assert state.round is not None
    assert (state.round.kind, state.round.left) == ("consistency", 1)
    assert state.item is not None
    assert desk.record(state.item, None).opened == ()


def test_an_open_round_is_only_its_annotators(
    desk: AuditDesk, clustered_workspace: Workspace, database: Database
) -> None:
    desk.draw("propagation")
    settings = clustered_workspace.settings.model_copy(update={"annotator": "eve"})
    other = AuditDesk(replace(clustered_workspace, settings=settings), database)
    assert other.state().opened == ()
    assert other.state().has_rounds
    assert desk.state().opened != ()


def test_the_workspace_says_how_many_members_and_clusters_a_round_takes(
    clustered_workspace: Workspace, database: Database
) -> None:
    path = clustered_workspace.path / "workspace.toml"
    path.write_text(f"{path.read_text()}\n[audit]\nper_cluster = 1\nconsistency = 3\n")
    label_clusters(database, "ada", clusters=4)
    workspace = Workspace.open(clustered_workspace.path)
    ada = workspace.settings.model_copy(update={"annotator": "ada"})
    desk = AuditDesk(replace(workspace, settings=ada), database)
    rounds = [desk.draw(kind).round for kind in ("propagation", "consistency")]
    assert [item.items for item in rounds if item] == [4, 3]
