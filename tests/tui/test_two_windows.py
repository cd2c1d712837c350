"""Two processes at one workspace, one of which is the app: what each sees of the other."""

import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from store.clusters import list_clusters
from store.counts import count_all
from store.database.connection import Database
from store.database.owner import LOCK_NAME, Ownership, read_holder
from store.decisions import Decision, record, undo
from store.errors import LooksOn, WorkspaceHeld
from store.reading.arrivals import arrive
from store.reading.options import ImportOptions
from store.removal import remove_dataset
from tests.benchmarks.pseudoterminal import running
from tests.benchmarks.terminal import insist
from tests.tui.driving import make_app, seen, until, until_clusters
from tui.app import BackqueryApp
from tui.frame.opening import claim
from tui.frame.session import Session
from tui.frame.snapshot import Snapshot
from tui.screens.work_screen import WorkScreen
from tui.services.files.imports import import_files
from tui.services.files.label_renaming import rename_task_label
from tui.services.learning import Learning
from tui.services.workspace import Workspace


@pytest.fixture
def owner(clustered_workspace: Workspace) -> Iterator[Database]:
    """The database as the first window has it open."""
    with Database(clustered_workspace.path, role="the app", is_modest=True) as opened:
        yield opened


@pytest.fixture
def onlooker(owner: Database) -> Iterator[Database]:
    """The database as a second window has it."""
    with Database(owner.workspace, looks_on=True) as opened:
        yield opened


@pytest.fixture
def command(owner: Database) -> Iterator[Database]:
    """The database as a command has it."""
    with Database(owner.workspace) as opened:
        assert not opened.is_owner
        yield opened


def snapshot_of(app: BackqueryApp) -> Snapshot:
    """What the app shows of the workspace."""
    screen = app.screen
    assert isinstance(screen, WorkScreen)
    assert screen.snapshot is not None
    return screen.snapshot


def label_first(database: Database, label: str, annotator: str = "bob") -> None:
    cluster = list_clusters(database)[0]
    record(database, annotator, [Decision("label", cluster.cluster_id, label=label)])


async def test_the_app_shows_what_a_command_decides_and_takes_back(
    clustered_workspace: Workspace, owner: Database, command: Database
) -> None:
    app = make_app(clustered_workspace, owner)
    async with app.run_test(size=(160, 48)) as pilot:
        screen = await until_clusters(pilot)
        work = screen.labelling.state.work
        assert work.decisions.tally.labelled == 0
        label_first(command, "health-advice")
        await until(pilot, lambda: work.decisions.tally.labelled == 1)
        undo(command, "bob")
        await until(pilot, lambda: work.decisions.tally.labelled == 0)
        await pilot.press("1")
        await until(pilot, lambda: work.decisions.tally.labelled == 1)


async def test_the_app_shows_datasets_that_a_command_brings_and_removes(
    clustered_workspace: Workspace, owner: Database, command: Database, tmp_path: Path
) -> None:
    app = make_app(clustered_workspace, owner, "pipeline")
    async with app.run_test(size=(160, 48)) as pilot:
        await until(pilot, lambda: isinstance(app.screen, WorkScreen) and app.screen.snapshot)
        before = snapshot_of(app).seeds
        path = tmp_path / "more.csv"
        path.write_text("text,label\nDrink water.,health-advice\n")
        options = ImportOptions(dataset="more", roles=("seed",), text_column="text")
        with arrive([path]) as sources:
            import_files(clustered_workspace, command, sources, options)
        await until(pilot, lambda: snapshot_of(app).seeds == before + 1)
        remove_dataset(command, "more")
        await until(pilot, lambda: snapshot_of(app).seeds == before)


@pytest.mark.parametrize("looks_on", [False, True])
async def test_the_clusters_of_a_removed_dataset_leave_the_labelling_screen(
    clustered_workspace: Workspace,
    owner: Database,
    command: Database,
    onlooker: Database,
    looks_on: bool,
) -> None:
    app = make_app(clustered_workspace, onlooker if looks_on else owner)
    async with app.run_test(size=(160, 48)) as pilot:
        await until_clusters(pilot)
        with owner.read() as cursor:
            datasets = [name for (name,) in cursor.rows("SELECT DISTINCT dataset FROM samples")]
        for dataset in datasets:
            remove_dataset(command, dataset, with_answers=True)
        await until(pilot, lambda: snapshot_of(app).counts.clusters == 0)
        shown = await seen(pilot, "The clusters to label will appear here.")
        assert "Cluster 1 of" not in shown


async def test_a_window_that_looks_on_shows_what_the_other_does_and_writes_nothing(
    clustered_workspace: Workspace, owner: Database, onlooker: Database
) -> None:
    app = make_app(clustered_workspace, onlooker)
    async with app.run_test(size=(160, 48)) as pilot:
        screen = await until_clusters(pilot)
        work = screen.labelling.state.work
        await pilot.press("1")
        await seen(pilot, "This window only looks on")
        assert count_all(owner).decisions == 0
        assert work.decisions.tally.labelled == 0
        label_first(owner, "health-advice")
        await until(pilot, lambda: work.decisions.tally.labelled == 1)
        await pilot.press("f1")
        await until(pilot, lambda: snapshot_of(app).counts.clusters_decided == 1)


def test_a_window_that_looks_on_starts_and_ends_no_jobs_and_takes_nothing_in(
    clustered_workspace: Workspace, owner: Database, onlooker: Database
) -> None:
    session = Session(clustered_workspace, onlooker)
    for forbidden in (session.draft, lambda: session.cancel("j"), lambda: session.resume("j")):
        with pytest.raises(LooksOn, match="only looks on"):
            forbidden()
    snapshot = session.snapshot()
    assert snapshot.counts == count_all(owner)
    assert "only looks on" in snapshot.due.refusal


def test_the_place_of_an_annotator_is_left_to_the_window_that_owns(
    clustered_workspace: Workspace, onlooker: Database
) -> None:
    from tui.frame.opening import OpenWorkspace
    from tui.screens.label.desk import LabelDesk

    settings = clustered_workspace.settings
    learning = Learning(onlooker, settings.labelling)
    opened = OpenWorkspace(clustered_workspace.path, settings, onlooker, learning)
    desk = LabelDesk(opened)
    before = {path.name for path in clustered_workspace.path.iterdir()}
    desk.remember(desk.open().place)
    assert {path.name for path in clustered_workspace.path.iterdir()} == before


async def test_a_label_that_a_command_renames_makes_the_app_open_the_workspace_again(
    clustered_workspace: Workspace, owner: Database, command: Database
) -> None:
    app = make_app(clustered_workspace, owner)
    async with app.run_test(size=(160, 48)) as pilot:
        await until_clusters(pilot)
        rename_task_label(clustered_workspace, command, "health-advice", "advice")
        await until(pilot, lambda: app.reopening)
    assert "task.toml was changed" in str(app.reopening)
    assert app.last_place.screen == "label"


def test_a_task_that_cannot_be_read_leaves_the_app_as_it_is(
    clustered_workspace: Workspace, owner: Database
) -> None:
    session, task = Session(clustered_workspace, owner), clustered_workspace.path / "task.toml"
    text = task.read_text()
    task.write_text(text[:40])
    assert session.why_reopen() is None
    task.write_text(text + "\n")
    assert session.why_reopen() is None
    task.write_text(text.replace("health-advice", "advice"))
    assert "task.toml" in str(session.why_reopen())


def test_settings_that_were_changed_make_the_app_open_the_workspace_again(
    clustered_workspace: Workspace, owner: Database
) -> None:
    path = clustered_workspace.path / "workspace.toml"
    text = path.read_text()
    session = Session(clustered_workspace, owner)
    assert session.why_reopen() is None
    path.write_text(f"# A remark.\n{text}")
    assert session.why_reopen() is None
    path.write_text(text.replace("temperature = 0.3", "temperature = "))
    assert session.why_reopen() is None
    path.write_text(text.replace("temperature = 0.3", "temperature = 1.0"))
    assert "workspace.toml was changed" in str(session.why_reopen())


def test_a_window_that_looks_on_opens_the_workspace_once_it_is_free(
    clustered_workspace: Workspace, owner: Database, onlooker: Database
) -> None:
    session = Session(clustered_workspace, onlooker)
    assert session.why_reopen() is None
    owner.close()
    assert "closed" in str(session.why_reopen())


def test_the_app_asks_before_it_looks_on_and_names_who_has_the_workspace(tmp_path: Path) -> None:
    asked: list[str] = []

    def decline(owner: str) -> bool:
        asked.append(owner)
        return False

    with Database(tmp_path, role="the app"):
        assert claim(tmp_path, lambda _: True) is None
        with pytest.raises(WorkspaceHeld, match="the app"):
            claim(tmp_path, decline)
        assert "the app (process" in asked[0]
    ownership = claim(tmp_path, decline)
    assert ownership is not None
    ownership.release()


def test_the_app_does_not_look_on_where_nobody_serves(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.frame.opening.PATIENCE_S", 0)
    with Ownership(tmp_path, "the app", 0), pytest.raises(WorkspaceHeld, match="serves no other"):
        claim(tmp_path, lambda _: True)
    assert (tmp_path / LOCK_NAME).read_text() == ""


def test_a_second_window_takes_over_when_the_first_is_closed(
    clustered_workspace: Workspace,
) -> None:
    command = [sys.executable, "-m", "tui", "-w", str(clustered_workspace.path), "label"]
    with ExitStack() as windows:
        first = windows.enter_context(running(command, 120, 40))
        first.wait_for("Cluster 1 of")
        second = windows.enter_context(running(command, 120, 40))
        second.wait_for("Look on from here")
        second.press("y\r")
        second.wait_for("looks on: ")
        second.wait_for("Cluster 1 of")
        holder = read_holder(clustered_workspace.path)
        assert holder is not None
        assert holder.pid == first.pid
        second.press("1")
        second.wait_for("only looks on")
        first.press("1")
        first.wait_for("Labelled")
        first.press("q")
        second.wait_for("This one has the workspace now.")
        insist(second, "1", "Labelled")
        with Database(clustered_workspace.path) as database:
            assert not database.is_owner
            assert count_all(database).decisions >= 2
