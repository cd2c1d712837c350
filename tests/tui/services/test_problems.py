"""The problems in the package: each fits its task, and a new workspace has all that it needs."""

from pathlib import Path

import pytest

from engine.scenarios.draws import draw
from tui.services.problems import read_brief
from tui.services.settings import presets
from tui.services.workspace import Workspace

SHIPPED = sorted(path.stem for path in Path(str(presets() / "problems")).glob("*.toml"))


@pytest.mark.parametrize("name", SHIPPED)
def test_a_new_workspace_can_draw_from_the_problem_of_its_task(name: str, tmp_path: Path) -> None:
    workspace = Workspace.create(tmp_path / "w", task=name, preset="embedded")
    brief = read_brief(workspace)
    assert brief.problem.name == name
    assert set(brief.problem.labels) == set(workspace.task.labels)
    drawn = draw(brief.problem, seed=0, number=0)
    assert set(drawn.values) == {dimension.name for dimension in brief.problem.dimension}
    assert len(drawn.words) == 3


@pytest.mark.parametrize("name", SHIPPED)
def test_every_example_of_a_problem_shows_every_label(name: str, tmp_path: Path) -> None:
    problem = read_brief(Workspace.create(tmp_path / "w", task=name, preset="embedded")).problem
    assert len(problem.example) >= 6
    assert all(set(example.texts) == set(problem.labels) for example in problem.example)
