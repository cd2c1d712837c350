import json
import shutil
from pathlib import Path

import pytest

from engine.errors import ModelUnavailable
from engine.jobs.draft import JobDraft
from engine.jobs.records import StageSpec
from store.errors import UnknownName
from store.pairs import Draw
from tests import rows
from tests.tui.filled import fill
from tui.services.errors import DetectorMissing, NothingToDo
from tui.services.jobs.run_plan import RunRequest, draft_run
from tui.services.workspace import Workspace


def draft(workspace: Workspace, **request: object) -> JobDraft:
    with workspace.database() as database:
        return draft_run(workspace, database, RunRequest(**request))  # type: ignore[arg-type]


def names(found: JobDraft) -> list[str]:
    return [stage.name for stage in found.stages]


def test_from_fresh_seeds_everything_is_due_and_the_initial_detector_comes_before_predictions(
    imported_workspace: Workspace,
) -> None:
    found = draft(imported_workspace, draw=Draw(limit=20))
    assert names(found) == ["queries", "answers", "train", "predict", "embed", "cluster", "drift"]
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
    assert names(found) == ["queries", "answers", "predict", "embed", "cluster", "drift"]
    assert found.rows[0] == 240
    assert found.rows[1:] == (0, 0, 0, 0, 0)


def test_nothing_due_is_said_with_what_to_do(clustered_workspace: Workspace) -> None:
    with pytest.raises(NothingToDo, match="backquery label"):
        draft(clustered_workspace, stages=("cluster", "drift"))


def test_every_answer_model_answers_every_question(clustered_workspace: Workspace) -> None:
    settings = clustered_workspace.path / "workspace.toml"
    one = 'models = ["bundled:smollm2-135m-instruct"]'
    settings.write_text(settings.read_text().replace(one, one[:-1] + ', "path:other"]'))
    found = draft(Workspace.open(clustered_workspace.path), stages=("answers",))
    assert [stage.params["model"] for stage in found.stages] == ["path:other"]
    assert found.rows == (60,)


def test_without_labels_or_a_detector_brought_along_nothing_can_be_predicted(
    imported_workspace: Workspace, brought: Path
) -> None:
    with imported_workspace.database() as database, database.write() as cursor:
        cursor.execute("UPDATE samples SET label = NULL")
    with pytest.raises(DetectorMissing, match="--initial"):
        draft(imported_workspace)
    found = draft(imported_workspace, initial=f"path:{brought}", draw=Draw(limit=5))
    assert names(found)[:4] == ["train", "queries", "answers", "predict"]
    assert found.inputs[0]["training_rows"].is_empty()


@pytest.fixture
def brought(tmp_path: Path) -> Path:
    """The folder of a model that is brought along."""
    rows.stand_in(tmp_path, "brought")
    return tmp_path / "detectors" / "brought"


def adopt_by_hand(workspace: Workspace, stage: StageSpec) -> None:
    """Let the initial detector be the one that a stage adopts."""
    with workspace.database() as database, database.write() as cursor:
        cursor.execute(
            "UPDATE detectors SET base = ?, params = ? WHERE recipe = 'initial'",
            [stage.params["base"], json.dumps(stage.params)],
        )


def test_a_detector_that_was_adopted_is_adopted_again_only_if_it_changed(
    clustered_workspace: Workspace, brought: Path, tmp_path: Path
) -> None:
    reference = f"path:{brought}"
    first = draft(clustered_workspace, initial=reference).stages[0]
    adopt_by_hand(clustered_workspace, first)
    assert "train" not in names(draft(clustered_workspace, initial=reference))
    (brought / "tokenizer.json").write_text("{}")
    changed = draft(clustered_workspace, initial=reference).stages[0]
    assert changed.params["detector_id"] != first.params["detector_id"]
    shutil.copytree(brought, tmp_path / "other")
    other = draft(clustered_workspace, initial=f"path:{tmp_path / 'other'}")
    assert names(other)[0] == "train"


def test_a_detector_that_was_adopted_and_broke_is_adopted_again(
    clustered_workspace: Workspace, brought: Path
) -> None:
    reference = f"path:{brought}"
    adopt_by_hand(clustered_workspace, draft(clustered_workspace, initial=reference).stages[0])
    shutil.rmtree(clustered_workspace.path / "detectors" / "d-initial")
    assert names(draft(clustered_workspace, initial=reference))[0] == "train"


@pytest.mark.parametrize(
    "reference", ["path:/nope", "path:", "nope", "openai:x@http://127.0.0.1:1/v1"]
)
def test_a_reference_that_leads_nowhere_is_refused_before_anything_starts(
    clustered_workspace: Workspace, reference: str
) -> None:
    with pytest.raises(ModelUnavailable):
        draft(clustered_workspace, initial=reference)


def test_a_dataset_that_is_unknown_or_has_no_seeds_is_refused_with_those_that_do(
    clustered_workspace: Workspace,
) -> None:
    with pytest.raises(UnknownName, match=r"no dataset 'nope'.*abstracts"):
        draft(clustered_workspace, draw=Draw(datasets=("nope",)))
    with pytest.raises(UnknownName, match=r"'chat-benchmark' has no seeds.*abstracts"):
        draft(clustered_workspace, draw=Draw(datasets=("abstracts", "chat-benchmark")))


def test_a_broken_initial_detector_lets_other_stages_run_and_is_named(
    clustered_workspace: Workspace,
) -> None:
    weights = clustered_workspace.path / "detectors" / "d-initial" / "model.safetensors"
    weights.write_bytes(weights.read_bytes() + b"x")
    found = draft(clustered_workspace)
    assert names(found) == ["queries", "answers", "embed", "drift"]
    (remark,) = found.remarks
    assert "model.safetensors is not whole" in remark
    assert "run train predict" in remark
    assert names(draft(clustered_workspace, stages=("train", "predict"))) == ["train", "predict"]
    with clustered_workspace.database() as database, database.write() as cursor:
        cursor.execute("DELETE FROM predictions WHERE item_kind = 'answer'")
    with pytest.raises(DetectorMissing, match="not whole"):
        draft(clustered_workspace, stages=("predict",))


def choose_embeddings(workspace: Workspace, embeddings: str) -> Workspace:
    settings = workspace.path / "workspace.toml"
    text = settings.read_text()
    settings.write_text(text.replace('embeddings = "both"', f'embeddings = "{embeddings}"', 1))
    return Workspace.open(workspace.path)


def forget(workspace: Workspace, *tables: str) -> None:
    with workspace.database() as database, database.write() as cursor:
        for table in tables:
            cursor.execute(f"DELETE FROM {table}")


def test_answers_are_embedded_once_if_clusters_need_it_and_by_name_in_any_case(
    clustered_workspace: Workspace,
) -> None:
    with pytest.raises(NothingToDo):
        draft(clustered_workspace, stages=("embed",))
    forget(clustered_workspace, "vectors")
    found = draft(clustered_workspace, stages=("embed",))
    assert found.rows == (60,)
    assert found.stages[0].params["encoder"] == "bundled:all-minilm-l6-v2"
    assert "embed" in names(draft(clustered_workspace))
    by_detector = choose_embeddings(clustered_workspace, "detector")
    assert "embed" not in names(draft(by_detector))
    assert names(draft(by_detector, stages=("embed",))) == ["embed"]


def test_clusters_bring_the_vectors_along_that_they_need(clustered_workspace: Workspace) -> None:
    forget(clustered_workspace, "members", "clusters", "clusterings")
    found = draft(clustered_workspace, stages=("cluster",))
    assert names(found) == ["cluster"]
    (tables,) = found.inputs
    assert tables["vectors"].height == tables["predictions"].height == 60
    params = found.stages[0].params
    assert (params["embeddings"], params["encoder"]) == ("both", "bundled:all-minilm-l6-v2")
    forget(clustered_workspace, "vectors")
    found = draft(clustered_workspace, stages=("cluster",))
    assert names(found) == ["embed", "cluster"]
    assert found.rows == (60, 60)
    by_detector = choose_embeddings(clustered_workspace, "detector")
    found = draft(by_detector, stages=("cluster",))
    assert names(found) == ["cluster"]
    assert "vectors" not in found.inputs[0]
    assert found.stages[0].params["encoder"] is None


def test_a_change_of_template_makes_other_questions(clustered_workspace: Workspace) -> None:
    template = clustered_workspace.path / "templates" / "five-examples.toml"
    template.write_text(template.read_text().replace("Question:", "Query:"))
    found = draft(clustered_workspace, stages=("queries",))
    assert found.rows == (300,)


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
        assert found.rows == (due,)
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
    assert found.rows == (60,)
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
