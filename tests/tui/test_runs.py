import pytest

from engine.job import StageSpec
from store.pairs import Draw
from tests import rows
from tests.tui.filled import fill
from tui.errors import DetectorMissing, NothingToDo
from tui.runs import JobDraft, RunRequest, draft_run
from tui.workspace import Workspace


def draft(workspace: Workspace, **request: object) -> JobDraft:
    with workspace.database() as database:
        return draft_run(workspace, database, RunRequest(**request))  # type: ignore[arg-type]


def names(found: JobDraft) -> list[str]:
    return [stage.name for stage in found.stages]


def test_from_fresh_seeds_everything_is_due_and_the_initial_detector_comes_before_predictions(
    imported_workspace: Workspace,
) -> None:
    found = draft(imported_workspace, draw=Draw(limit=20))
    assert names(found) == ["queries", "answers", "train", "predict", "cluster", "drift"]
    assert found.rows[0] == 20
    assert found.inputs[2]["training_rows"].height == 300


def test_only_the_stages_asked_for_are_run_but_predict_brings_the_detector_it_needs(
    imported_workspace: Workspace,
) -> None:
    assert names(draft(imported_workspace, stages=("queries",))) == ["queries"]
    both = draft(imported_workspace, stages=("queries", "answers", "predict"))
    assert names(both) == ["queries", "answers", "train", "predict"]


def test_what_is_done_is_not_due_again(clustered_workspace: Workspace) -> None:
    found = draft(clustered_workspace)
    assert names(found) == ["queries", "answers", "predict", "cluster", "drift"]
    assert found.rows[0] == 240
    assert found.rows[1:] == [0, 0, 0, 0]


def test_nothing_due_is_said_with_what_to_do(clustered_workspace: Workspace) -> None:
    with pytest.raises(NothingToDo, match="backquery label"):
        draft(clustered_workspace, stages=("cluster", "drift"))


def test_every_answer_model_answers_every_question(clustered_workspace: Workspace) -> None:
    settings = clustered_workspace.path / "workspace.toml"
    one = 'models = ["bundled:smollm2-135m-instruct"]'
    settings.write_text(settings.read_text().replace(one, one[:-1] + ', "path:other"]'))
    found = draft(Workspace.open(clustered_workspace.path), stages=("answers",))
    assert [stage.params["model"] for stage in found.stages] == ["path:other"]
    assert found.rows == [60]


def test_without_labels_or_a_detector_brought_along_nothing_can_be_predicted(
    imported_workspace: Workspace,
) -> None:
    with imported_workspace.database() as database, database.write() as cursor:
        cursor.execute("UPDATE samples SET label = NULL")
    with pytest.raises(DetectorMissing, match="--initial"):
        draft(imported_workspace)
    brought = draft(imported_workspace, initial="path:mine", draw=Draw(limit=5))
    assert names(brought)[2:4] == ["train", "predict"]
    assert brought.inputs[2]["training_rows"].is_empty()


def test_a_detector_that_was_adopted_is_not_adopted_again(clustered_workspace: Workspace) -> None:
    with clustered_workspace.database() as database, database.write() as cursor:
        cursor.execute("UPDATE detectors SET base = 'path:mine' WHERE recipe = 'initial'")
    assert "train" not in names(draft(clustered_workspace, initial="path:mine"))
    assert "train" in names(draft(clustered_workspace, initial="path:another"))


def test_a_change_of_template_makes_other_questions(clustered_workspace: Workspace) -> None:
    template = clustered_workspace.path / "templates" / "five-examples.toml"
    template.write_text(template.read_text().replace("Question:", "Query:"))
    found = draft(clustered_workspace, stages=("queries",))
    assert found.rows == [300]


def test_another_number_of_candidates_makes_other_questions_another_encoder_only_of_several(
    clustered_workspace: Workspace,
) -> None:
    settings = clustered_workspace.path / "workspace.toml"
    text = settings.read_text()
    for candidates, encoder, due in ((1, "path:other", 240), (4, "path:other", 300)):
        chosen = text.replace("candidates = 1 ", f"candidates = {candidates} ", 1)
        named = chosen.replace('encoder = "bundled:all-minilm-l6-v2"', f'encoder = "{encoder}"', 1)
        settings.write_text(named)
        found = draft(Workspace.open(clustered_workspace.path), stages=("queries",))
        assert found.rows == [due]
        params = found.stages[0].params
        assert (params["candidates"], params["encoder"]) == (candidates, encoder)


def test_production_is_compared_only_when_it_is_named_and_there_is_some(
    clustered_workspace: Workspace,
) -> None:
    with pytest.raises(NothingToDo, match="--role production"):
        draft(clustered_workspace, stages=("production",))
    with clustered_workspace.database() as database:
        rows.add_dataset(database, "real", [("p0", "You could rest.", None)], "production")
    assert "production" not in names(draft(clustered_workspace))
    found = draft(clustered_workspace, stages=("answers", "production"))
    assert names(found) == ["production"]
    assert found.rows == [60]
    assert found.stages[0].params["datasets"] == ["real"]
    (tables,) = found.inputs
    assert tables["samples"].height == 61


def test_without_answers_nothing_is_compared_with_production(imported_workspace: Workspace) -> None:
    with imported_workspace.database() as database:
        rows.add_dataset(database, "real", [("p0", "You could rest.", None)], "production")
    with pytest.raises(NothingToDo, match="no answer yet"):
        draft(imported_workspace, stages=("production",))
    together = draft(imported_workspace, stages=("queries", "answers", "production"))
    assert names(together) == ["queries", "answers", "production"]


def test_stages_of_a_draft_are_valid_jobs(imported_workspace: Workspace) -> None:
    found = draft(imported_workspace, draw=Draw(limit=3))
    job = imported_workspace.supervisor.create(found.stages, found.inputs, "cpu")
    assert job.state() == "queued"
    assert all(isinstance(stage, StageSpec) for stage in job.spec().stages)
    assert len(job.spec().inputs) == sum(len(tables) for tables in found.inputs)


def test_with_every_seed_done_nothing_is_due(empty_workspace: Workspace) -> None:
    fill(empty_workspace, "clustered", seeds=300)
    with pytest.raises(NothingToDo):
        draft(empty_workspace)
