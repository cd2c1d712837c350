"""Snapshots of scenes, compared with those that are kept beside the tests."""

import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from tests import rows
from tests.tui.driving import make_app
from tests.tui.filled import Step
from tests.tui.paired import PairStep
from tests.tui.playing import PicturedApp, Traffic
from tests.tui.scenes import Scene, Size
from tui.services.machine import Machine, MachineReader
from tui.services.workspace import Workspace

Compare = Callable[..., bool]
MACHINE = Machine(cores=8, busy=0.97, used_bytes=12 * 2**30, total_bytes=32 * 2**30, celsius=61.0)


@pytest.fixture
def looks_the_same(
    made_workspaces: dict[Step | PairStep, Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    snap_compare: Compare,
) -> Callable[[Scene, Size], bool]:
    """Whether a scene looks as in its snapshot."""
    monkeypatch.setenv("LOGNAME", "ann")
    monkeypatch.setattr(MachineReader, "read", lambda _: MACHINE)

    def play(scene: Scene, size: Size) -> bool:
        path, traffic = tmp_path / "workspace", Traffic()
        shutil.copytree(made_workspaces[scene.step], path)
        with rows.standing_clock(), scene.prepare(Workspace.open(path)), traffic.watched():
            workspace = Workspace.open(path)  # its files may be others now
            with workspace.database() as database:
                return snap_compare(
                    make_app(workspace, database, scene.screen, PicturedApp),
                    terminal_size=size,
                    run_before=partial(traffic.play, keys=scene.keys),
                )

    return play
