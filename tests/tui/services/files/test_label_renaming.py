"""A label renamed in the task, the store, recipes and detectors, and renamings that are refused."""

import json

import pytest

from engine.models.detector import Detector
from store.detectors import find_detector
from store.errors import UnknownName
from tests import rows
from tests.commands import Commands
from tests.tiny import tiny_bert
from tests.tui.filled import BENCHMARK, INITIAL
from tui.services.errors import LabelRefused, NameUnfit, ServiceError, SettingsInvalid
from tui.services.files.label_renaming import Renaming, rename_task_label
from tui.services.jobs.training import assemble_recipe
from tui.services.results.comparison import compare_detectors
from tui.services.task_labels import label_warnings
from tui.services.workspace import Workspace

OLD, NEW = "general-content", "other-content"
RECIPE = """name = "few"  # general-content too
description = "general-content"
[[stage]]
[[stage.source]]
rows = "real"
labels = ["general-content", 'health-advice']  # kept
"""


def rename(workspace: Workspace, old: str, new: str) -> Renaming:
    with workspace.database() as database:
        return rename_task_label(workspace, database, old, new)


def edit_task(workspace: Workspace, old: str, new: str) -> Workspace:
    path = workspace.path / "task.toml"
    path.write_text(path.read_text().replace(f'name = "{old}"', f'name = "{new}"'))
    return Workspace.open(workspace.path)


@pytest.mark.parametrize("is_edited_before", [False, True])
def test_everything_goes_on_under_the_new_name(
    evaluated_workspace: Workspace, is_edited_before: bool
) -> None:
    workspace = evaluated_workspace
    (workspace.path / "recipes" / "few.toml").write_text(RECIPE)
    if is_edited_before:
        workspace = edit_task(workspace, OLD, NEW)
    task = workspace.path / "task.toml"
    text = task.read_text()
    done = rename(workspace, OLD, NEW)
    assert done.samples > 0
    assert task.read_text() == text.replace(f'name = "{OLD}"', f'name = "{NEW}"')
    recipe = (workspace.path / "recipes" / "few.toml").read_text()
    assert recipe == RECIPE.replace(f'["{OLD}"', f'["{NEW}"')
    changed = Workspace.open(workspace.path)
    assert changed.task.labels == ("health-advice", "health-content", NEW)
    with changed.database() as database:
        assert label_warnings(changed.task, database) == ()
        assert find_detector(database, INITIAL).labels == changed.task.labels
        found = compare_detectors(changed, database, BENCHMARK)
        rows_of_recipe = assemble_recipe(changed, database, changed.recipe("few")).rows
    assert found.rows[0].confusion.labels == changed.task.labels
    assert set(rows_of_recipe["label"]) == {NEW, "health-advice"}


def test_a_detectors_own_folder_gives_the_new_name_and_the_same_probabilities(
    evaluated_workspace: Workspace,
) -> None:
    folder = tiny_bert(evaluated_workspace.path / "detectors" / INITIAL, rows.LABELS)
    (folder / "README.md").write_text(f"| seeds | {OLD} | 3 |\nnot {OLD}s, `{OLD}`\n")
    (folder / "backquery.json").write_text(json.dumps({"positive": [OLD], "threshold": 0.5}))
    (before,) = Detector.load(folder, "cpu").classify(["Rest."], 1)
    rename(evaluated_workspace, OLD, NEW)
    detector = Detector.load(folder, "cpu")
    assert detector.labels == ("health-advice", "health-content", NEW)
    assert detector.classify(["Rest."], 1)[0].probabilities == before.probabilities
    assert json.loads((folder / "config.json").read_text())["label2id"][NEW] == 2
    threshold = json.loads((folder / "backquery.json").read_text())
    assert threshold == {"positive": [NEW], "threshold": 0.5}
    card = (folder / "README.md").read_text()
    assert card == f"| seeds | {NEW} | 3 |\nnot {OLD}s, `{NEW}`\n"


def test_a_renaming_that_was_interrupted_is_finished_by_the_same_command(
    evaluated_workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("tui.services.files.label_renaming.write_text", die)
        with pytest.raises(KeyboardInterrupt):
            rename(evaluated_workspace, OLD, NEW)
    assert Workspace.open(evaluated_workspace.path).task.labels[-1] == OLD
    rename(evaluated_workspace, OLD, NEW)
    changed = Workspace.open(evaluated_workspace.path)
    assert changed.task.labels[-1] == NEW
    with changed.database() as database:
        assert label_warnings(changed.task, database) == ()


@pytest.mark.parametrize(
    ("old", "new", "error", "reason"),
    [
        ("nope", "x", UnknownName, "no label 'nope', nor 'x' in task.toml"),
        ("nope", OLD, UnknownName, "no label 'nope'"),
        (OLD, OLD, LabelRefused, "the same label"),
        (OLD, "health-advice", LabelRefused, "both are the task's"),
        (OLD, "a b", NameUnfit, "not a valid name"),
        (OLD, "", NameUnfit, "not a valid name"),
        (OLD, "x" * 101, NameUnfit, "not a valid name"),
    ],
)
def test_a_renaming_that_makes_no_sense_is_refused_and_changes_nothing(
    evaluated_workspace: Workspace, old: str, new: str, error: type[ServiceError], reason: str
) -> None:
    text = (evaluated_workspace.path / "task.toml").read_text()
    with pytest.raises(error, match=reason):
        rename(evaluated_workspace, old, new)
    assert (evaluated_workspace.path / "task.toml").read_text() == text


def test_a_label_that_was_removed_is_not_made_one_with_another_that_detectors_tell_from_it(
    evaluated_workspace: Workspace,
) -> None:
    path = evaluated_workspace.path / "task.toml"
    path.write_text(path.read_text().rpartition("[[label]]")[0])
    with pytest.raises(LabelRefused, match=rf"tell '{OLD}' from 'health-content'.*Put '{OLD}' ba"):
        rename(Workspace.open(evaluated_workspace.path), OLD, "health-content")


def test_a_recipe_that_cannot_be_read_keeps_everything_as_it_was(
    evaluated_workspace: Workspace,
) -> None:
    (evaluated_workspace.path / "recipes" / "broken.toml").write_text("name = ")
    with pytest.raises(SettingsInvalid, match=r"broken\.toml"):
        rename(evaluated_workspace, OLD, NEW)
    with evaluated_workspace.database() as database:
        assert label_warnings(evaluated_workspace.task, database) == ()


def test_a_detector_that_cannot_be_read_is_named_and_the_rest_is_renamed(
    evaluated_workspace: Workspace,
) -> None:
    config = evaluated_workspace.path / "detectors" / INITIAL / "config.json"
    config.write_text("{")
    assert rename(evaluated_workspace, OLD, NEW).unreadable == (config.parent,)
    assert Workspace.open(evaluated_workspace.path).task.labels[-1] == NEW


def test_the_command_says_what_it_changed(
    evaluated_workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    run = Commands(evaluated_workspace.path, capsys)
    run("task", "rename", OLD, NEW)
    assert f"{OLD} is {NEW} now" in run.err
    assert "task.toml" in run.err
    run("task", "rename", OLD, NEW, status=1)
    assert f"no label '{OLD}'" in run.err
