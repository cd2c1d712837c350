"""Writing what did best as a recipe of its own."""

import tomllib

import pytest

from tui.services.errors import SettingsInvalid
from tui.services.files.tuned_recipe import change_text, write_tuned
from tui.services.results.tuning import TriedSettings
from tui.services.workspace import Workspace

BEST = TriedSettings(3, "two-stage", 9e-05, 2, "balanced", 3, 0.4, 0.8, 0.7, 0.9, (0.5,))


def test_the_settings_of_the_last_stage_are_those_that_did_best(
    imported_workspace: Workspace,
) -> None:
    path = write_tuned(imported_workspace, "two-stage", BEST, "Best of all.")
    assert path.name == "tuned.toml"
    found, source = imported_workspace.recipe("tuned"), imported_workspace.recipe("two-stage")
    assert (found.name, found.description) == ("tuned", "Best of all.")
    assert found.stage[0] == source.stage[0]
    assert found.stage[1].source == source.stage[1].source
    assert found.stage[1].training == {
        "learning_rate": 9e-05, "epochs": 2, "class_weights": "balanced",
    }  # fmt: skip


def test_comments_stay_and_settings_that_are_there_are_changed() -> None:
    text = """name = "mine" # my own
description = "d"
# first
[[stage]]
[[stage.source]]
rows = "real"
[[stage]]
[[stage.source]] # the second
rows = "synthetic"
[stage.training] # slower
epochs = 7 # long
weight_decay = 0.1
"""
    changed = change_text(text, "tuned", BEST, "n")
    for comment in ("# my own", "# first", "# the second", "# slower", "# long"):
        assert comment in changed
    assert tomllib.loads(changed)["stage"][1]["training"] == {
        "learning_rate": 9e-05, "class_weights": "balanced", "epochs": 2, "weight_decay": 0.1,
    }  # fmt: skip


def test_no_recipe_is_written_over_and_none_twice(imported_workspace: Workspace) -> None:
    first = write_tuned(imported_workspace, "two-stage", BEST, "One.")
    second = write_tuned(imported_workspace, "real", BEST, "Two.")
    assert (first.name, second.name) == ("tuned.toml", "tuned-2.toml")
    assert write_tuned(imported_workspace, "two-stage", BEST, "One.") == first


def test_a_form_that_cannot_be_changed_is_refused_with_what_to_set(
    imported_workspace: Workspace,
) -> None:
    odd = 'name = "odd"\ndescription = "d"\nstage = [{source = [{rows = "real"}]}]\n'
    (imported_workspace.path / "recipes" / "odd.toml").write_text(odd)
    with pytest.raises(SettingsInvalid, match="learning_rate = 9e-05, epochs = 2"):
        write_tuned(imported_workspace, "odd", BEST, "One.")
    assert not (imported_workspace.path / "recipes" / "tuned.toml").exists()
