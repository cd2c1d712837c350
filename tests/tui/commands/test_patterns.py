"""The command that groups rows of production, where nothing is left to select."""

import pytest

from store.decisions import Decision, record
from tests.commands import Commands
from tests.rows import LABELS
from tests.tui.filled import write_job
from tests.tui.production import LIVE, add_patterns
from tui.screens.label.filters import Filter
from tui.screens.label.place import read_place
from tui.services.workspace import Workspace


@pytest.fixture
def run(clustered_workspace: Workspace, capsys: pytest.CaptureFixture[str]) -> Commands:
    add_patterns(clustered_workspace)
    return Commands(clustered_workspace.path, capsys)


def test_without_anything_new_the_patterns_are_shown(
    run: Commands, clustered_workspace: Workspace
) -> None:
    with clustered_workspace.database() as database:
        record(database, "ada", [Decision("label", "p-cough", label=LABELS[0])])
    out = run("patterns", "--on", LIVE)
    assert "No row of 'live' that was flagged is left" in run.err
    assert "cough syrup, rest" in out
    assert "[b]An odd one[/b] ␛[31mnumber 7." in out
    assert "8 of 20 rows flagged; 8 in patterns, 4 in labelled ones, 4 undecided." in out
    assert "Precision 100.0 (20.7–100.0) %." in out
    assert "`backquery label --dataset live --selected patterns`" in out


def test_label_opens_on_what_was_selected_for_patterns(
    run: Commands, clustered_workspace: Workspace
) -> None:
    run("label", "--dataset", LIVE, "--selected", "patterns", status=1)
    assert "terminal" in run.err
    place = read_place(clustered_workspace.path, clustered_workspace.settings.annotator)
    assert place.filter == Filter(dataset=LIVE, selected="patterns")
    run("label", "--dataset", "nowhere", status=1)
    assert "nowhere" in run.err


def test_a_dataset_that_is_not_of_production_is_refused(run: Commands) -> None:
    run("patterns", "--on", "laypeople", status=1)
    assert "'laypeople' is not of production. Datasets of production: live." in run.err


def test_while_a_job_runs_the_patterns_are_shown_and_nothing_is_selected(
    run: Commands, clustered_workspace: Workspace
) -> None:
    job = write_job(clustered_workspace, "20260106-090000-aaaa", [])
    with job.lock():
        assert "cough syrup, rest" in run("patterns", "--on", LIVE, "--rows", "passed")
        assert f"Job {job.job_id} is still running" in run.err
        assert "nothing is added to what is shown" in run.err
        run("patterns", "--on", LIVE, "--titles", status=1)
        assert f"Job {job.job_id} is still running" in run.err
