from dataclasses import replace
from pathlib import Path

import pytest

from tests.tui.tried import write_trial
from tui.services.errors import SettingsInvalid
from tui.services.files.chosen_way import use_way
from tui.services.results.trial import TriedWay, last_trial, read_trial
from tui.services.workspace import Workspace


@pytest.fixture
def ways(imported_workspace: Workspace) -> tuple[TriedWay, ...]:
    write_trial(imported_workspace)
    job = last_trial(imported_workspace)
    assert job is not None
    return read_trial(job, imported_workspace.settings).ways


def settings(workspace: Workspace) -> Path:
    return workspace.path / "workspace.toml"


def test_a_way_changes_only_what_it_has_of_its_own(
    imported_workspace: Workspace, ways: tuple[TriedWay, ...]
) -> None:
    before = settings(imported_workspace).read_text()
    changes = use_way(imported_workspace, ways[3])
    assert [(item.name, item.before, item.after) for item in changes] == [
        ("queries.template", "five-examples", "papers"),
        ("queries.sampling.temperature", 0.3, 1.0),
    ]
    after = before.replace('"five-examples"', '"papers"').replace(
        "temperature = 0.3", "temperature = 1.0"
    )
    assert settings(imported_workspace).read_text() == after
    queries = Workspace.open(imported_workspace.path).settings.queries
    assert (queries.template, queries.sampling.temperature) == ("papers", 1.0)


def test_the_current_way_changes_nothing(
    imported_workspace: Workspace, ways: tuple[TriedWay, ...]
) -> None:
    assert ways[0].is_current
    assert use_way(imported_workspace, ways[0]) == ()


def test_a_file_that_could_not_be_used_then_stays_as_it_is(
    imported_workspace: Workspace, ways: tuple[TriedWay, ...]
) -> None:
    path = settings(imported_workspace)
    text = path.read_text().replace("candidates = 1", "candidates = 4")
    text = text.replace("temperature = 0.3", "temperature = 0.5")
    path.write_text(text)
    cold = replace(ways[0], temperature=0.0)
    with pytest.raises(SettingsInvalid, match="at temperature 0 all candidates"):
        use_way(imported_workspace, cold)
    assert path.read_text() == text


def test_a_form_that_cannot_be_changed_is_said_with_what_to_write(
    imported_workspace: Workspace, ways: tuple[TriedWay, ...]
) -> None:
    path = settings(imported_workspace)
    text = path.read_text().replace('template = "five-examples"', 'template = """five-examples"""')
    path.write_text(text)
    with pytest.raises(SettingsInvalid, match=r"queries.template.*'papers'"):
        use_way(imported_workspace, ways[2])
    assert path.read_text() == text
