import polars as pl

from engine.jobs.draft import PlannedStage
from engine.jobs.parts import write_part
from engine.jobs.tables import SAMPLE_VECTORS
from engine.stages.vectors import VectorsParams
from store.schema import SAMPLES
from tests import rows
from tui.services.jobs.sample_vectors import plan_sample_vectors
from tui.services.workspace import Workspace

PARAMS = VectorsParams(encoder="path:e")
SAMPLES_HERE = rows.frame(
    SAMPLES, [{"sample_id": name, "text": f"text {name}"} for name in "abcd"], dataset="d"
)


def leave_job(workspace: Workspace, samples: pl.DataFrame, embedded: list[str]) -> None:
    """A job that was to embed samples and ended after these."""
    stage = PlannedStage("vectors", PARAMS, samples.height, {"samples": samples})
    job = workspace.supervisor.create([stage.spec], [stage.tables], "cpu")
    made = [{"sample_id": name, "job_id": job.job_id, "vector": [1.0, 2.0]} for name in embedded]
    frame = rows.frame(SAMPLE_VECTORS, made)
    write_part(job.stage_dir(0, "vectors"), 0, frame, SAMPLE_VECTORS)


def test_a_job_that_was_cancelled_leaves_its_vectors_to_the_next(
    empty_workspace: Workspace,
) -> None:
    leave_job(empty_workspace, SAMPLES_HERE, ["a", "c"])

    plan = plan_sample_vectors(empty_workspace, PARAMS, SAMPLES_HERE)

    assert plan.known["sample_id"].to_list() == ["a", "c"]
    assert plan.stage is not None
    assert plan.stage.tables["samples"]["sample_id"].to_list() == ["b", "d"]


def test_where_all_are_known_there_is_nothing_to_embed(empty_workspace: Workspace) -> None:
    leave_job(empty_workspace, SAMPLES_HERE, ["a", "b", "c", "d"])

    assert plan_sample_vectors(empty_workspace, PARAMS, SAMPLES_HERE).stage is None


def test_a_text_that_changed_and_another_space_are_embedded_again(
    empty_workspace: Workspace,
) -> None:
    leave_job(empty_workspace, SAMPLES_HERE, ["a", "b", "c", "d"])
    changed = SAMPLES_HERE.with_columns(
        text=pl.when(pl.col("sample_id") == "b").then(pl.lit("new")).otherwise("text")
    )
    other = PARAMS.model_copy(update={"detector_id": "d1"})

    assert plan_sample_vectors(empty_workspace, PARAMS, changed).known["sample_id"].to_list() == [
        "a", "c", "d"
    ]  # fmt: skip
    assert plan_sample_vectors(empty_workspace, other, SAMPLES_HERE).known.is_empty()
