"""Labels of rows that task.toml does not have, or means otherwise: who refuses, and who goes on."""

import json

import pytest

from store.detectors import initial_detector, list_detectors
from store.pairs import Draw
from tests.commands import Commands
from tests.tui.filled import BENCHMARK
from tui.frame.next_step import next_step
from tui.frame.session import Session
from tui.services.errors import LabelUnknown, ThresholdOutdated
from tui.services.jobs.run_plan import RunRequest, draft_run
from tui.services.results.thresholds import keep_threshold, require_meaning
from tui.services.task_labels import describe_meanings, label_warnings
from tui.services.workspace import Workspace

OLD, NEW = "general-content", "other-content"


def edit_task(workspace: Workspace, old: str, new: str) -> Workspace:
    """Change task.toml by hand."""
    path = workspace.path / "task.toml"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))
    return Workspace.open(workspace.path)


@pytest.fixture
def renamed(evaluated_workspace: Workspace) -> Workspace:
    """A workspace in whose task.toml a label was renamed by hand."""
    return edit_task(evaluated_workspace, f'name = "{OLD}"', f'name = "{NEW}"')


@pytest.mark.parametrize(
    "arguments",
    [
        ("train", "real", "--preview"),
        ("compare", "--on", BENCHMARK),
        ("compare", "--on", BENCHMARK, "--recipes", "real"),
        ("evaluate", "stage-1", "--on", BENCHMARK),
        ("evaluate", "baseline:tfidf", "--on", BENCHMARK),
        ("threshold", "stage-1", "--at", "0.5"),
        ("threshold", "stage-1", "--on", BENCHMARK),
        ("export", "training-set", "--to", "t.csv", "--recipe", "real"),
    ],
)
def test_what_needs_a_labels_meaning_names_it_and_the_way_out(
    renamed: Workspace, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...]
) -> None:
    run = Commands(renamed.path, capsys)
    run(*arguments, status=1)
    assert f"the label '{OLD}', which task.toml lacks" in run.err
    assert f"`backquery task rename {OLD} NEW`" in run.err
    assert NEW in run.err


@pytest.mark.parametrize(
    "arguments",
    [
        ("status",),
        ("clusters",),
        ("drift",),
        ("recipes",),
        ("audit", "--json"),
        ("export", "labels", "--to", "labels.csv"),
    ],
)
def test_what_needs_no_meaning_goes_on(
    renamed: Workspace,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    arguments: tuple[str, ...],
) -> None:
    monkeypatch.chdir(renamed.path)
    Commands(renamed.path, capsys)(*arguments)


def test_a_run_asks_and_answers_but_predicts_nothing(renamed: Workspace) -> None:
    with renamed.database() as database:
        found = draft_run(renamed, database, RunRequest(draw=Draw(limit=80)))
        assert [stage.name for stage in found.stages] == ["queries", "answers", "embed", "drift"]
        assert f"task rename {OLD} NEW" in found.remarks[0]
        with pytest.raises(LabelUnknown, match=OLD):
            draft_run(renamed, database, RunRequest(stages=("train", "predict")))


def test_the_app_says_it_as_the_next_step(renamed: Workspace) -> None:
    with renamed.database() as database:
        snapshot = Session(renamed, database).snapshot()
    assert f"task rename {OLD} NEW" in next_step(snapshot).text
    assert snapshot.fault_warnings == ()


def test_a_detector_that_broke_is_named_in_the_app(evaluated_workspace: Workspace) -> None:
    (evaluated_workspace.path / "detectors" / "d-stage-1" / "config.json").unlink()
    with evaluated_workspace.database() as database:
        snapshot = Session(evaluated_workspace, database).snapshot()
    (warning,) = snapshot.fault_warnings
    assert "'stage-1' cannot be loaded" in warning


def test_a_label_that_only_an_earlier_detector_gives_warns_of_nothing_and_leaves_it_out(
    evaluated_workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    with evaluated_workspace.database() as database:
        with database.write() as cursor:
            cursor.execute(
                "UPDATE detectors SET labels = ['health-advice', 'gone'] WHERE name = 'stage-1'"
            )
        assert label_warnings(evaluated_workspace.task, database) == ()
    run = Commands(evaluated_workspace.path, capsys)
    found = run.json("compare", "--on", BENCHMARK)
    assert "stage-1" not in [row["detector"] for row in found["rows"]]
    assert len(found["rows"]) > 1
    assert "Left out: The detector 'stage-1' gives the label 'gone'" in run.err
    assert "Left out: initial could not be loaded; `backquery jobs log" in run.err


def test_another_meaning_is_said_for_the_detectors_that_were_trained_by_the_first(
    evaluated_workspace: Workspace,
) -> None:
    with evaluated_workspace.database() as database:
        with database.write() as cursor:
            cursor.execute(
                "UPDATE detectors SET params = ? WHERE name IN ('stage-1', 'synthetic')",
                [json.dumps({"positive": ["health-content"]})],
            )
        first, second = describe_meanings(evaluated_workspace.task, list_detectors(database))
    assert "'health-advice' was negative at the training of synthetic, stage-1 and is pos" in first
    assert "'health-content' was positive" in second
    assert "write `positive = true`" in second


def test_a_threshold_is_not_used_for_other_positive_labels(evaluated_workspace: Workspace) -> None:
    with evaluated_workspace.database() as database:
        detector = initial_detector(database)
        assert detector is not None
        keep_threshold(evaluated_workspace, database, detector, 0.5, "by hand")
    require_meaning(evaluated_workspace, detector)
    config = evaluated_workspace.path / "detectors" / detector.detector_id / "backquery.json"
    config.write_text(json.dumps({"positive": ["health-content"]}))
    with pytest.raises(ThresholdOutdated, match="health-content counted as positive"):
        require_meaning(evaluated_workspace, detector)
    config.write_text("{")
    require_meaning(evaluated_workspace, detector)
