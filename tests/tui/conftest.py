"""Workspaces for tests of the app: made once, copied for each test."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.suspects.child import examine
from store.database.connection import Database
from tests import rows
from tests.tui.filled import Step, fill, make_workspace
from tests.tui.paired import PairStep, fill_pairs, make_pair_workspace
from tui.services.workspace import Workspace


@pytest.fixture(autouse=True)
def _examine_labels_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let confident learning run in this process: to import it takes a child seconds each time."""
    monkeypatch.setattr("tui.services.results.suspects.find_issues_apart", examine)


@pytest.fixture(scope="session")
def made_workspaces(tmp_path_factory: pytest.TempPathFactory) -> dict[Step | PairStep, Path]:
    """One workspace for each step, filled with few seeds; two of a task of pairs."""
    made: dict[Step | PairStep, Path] = {}
    steps: tuple[Step, ...] = ("made", "imported", "clustered", "evaluated")
    for step in steps:
        workspace = make_workspace(tmp_path_factory.mktemp(step) / "workspace")
        with rows.standing_clock():
            fill(workspace, step, seeds=60)
        made[step] = workspace.path
    pair_steps: tuple[PairStep, ...] = ("pairs made", "pairs clustered")
    for pair_step in pair_steps:
        workspace = make_pair_workspace(tmp_path_factory.mktemp("pairs") / "workspace")
        with rows.standing_clock():
            fill_pairs(workspace, pair_step)
        made[pair_step] = workspace.path
    return made


def _copy(source: Path, tmp_path: Path) -> Workspace:
    shutil.copytree(source, tmp_path / "workspace")
    return Workspace.open(tmp_path / "workspace")


@pytest.fixture
def empty_workspace(tmp_path: Path) -> Workspace:
    return make_workspace(tmp_path / "workspace")


@pytest.fixture
def imported_workspace(made_workspaces: dict[Step | PairStep, Path], tmp_path: Path) -> Workspace:
    """Seeds and a benchmark, and nothing made of them."""
    return _copy(made_workspaces["imported"], tmp_path)


@pytest.fixture
def clustered_workspace(made_workspaces: dict[Step | PairStep, Path], tmp_path: Path) -> Workspace:
    """Clusters to label, made from 60 seeds; 240 more are due."""
    return _copy(made_workspaces["clustered"], tmp_path)


@pytest.fixture
def evaluated_workspace(made_workspaces: dict[Step | PairStep, Path], tmp_path: Path) -> Workspace:
    """Clusters, and detectors with evaluations."""
    return _copy(made_workspaces["evaluated"], tmp_path)


@pytest.fixture
def empty_pair_workspace(made_workspaces: dict[Step | PairStep, Path], tmp_path: Path) -> Workspace:
    """A task of pairs, and no rows."""
    return _copy(made_workspaces["pairs made"], tmp_path)


@pytest.fixture
def pair_workspace(made_workspaces: dict[Step | PairStep, Path], tmp_path: Path) -> Workspace:
    """Clusters of invented prompts to label."""
    return _copy(made_workspaces["pairs clustered"], tmp_path)


@pytest.fixture
def database(clustered_workspace: Workspace) -> Iterator[Database]:
    """The open database of the clustered workspace."""
    with clustered_workspace.database() as opened:
        yield opened
