"""Vectors of samples for a job: those that earlier jobs made, and a stage for the others.

They are kept in the folders of jobs only, so a replay or a queue that is asked for again, or that
was cancelled halfway, embeds nothing twice as long as those are there.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from engine.errors import EngineError
from engine.jobs.draft import PlannedStage
from engine.jobs.job import JobFolder
from engine.jobs.parts import list_parts, read_parquet
from engine.jobs.tables import SAMPLE_VECTORS
from engine.stages.vectors import VectorsParams, VectorsStage
from tui.services.workspace import Workspace

_SAME = ("sample_id", "context", "text")


@dataclass(frozen=True, slots=True)
class VectorsPlan:
    """The vectors that are `known` (schema SAMPLE_VECTORS), and a stage where others lack."""

    known: pl.DataFrame
    stage: PlannedStage | None


def plan_sample_vectors(
    workspace: Workspace, params: VectorsParams, samples: pl.DataFrame
) -> VectorsPlan:
    """How samples (schema SAMPLES) get their vectors in a job."""
    found = [pl.DataFrame(schema=SAMPLE_VECTORS)]
    for job in workspace.supervisor.jobs():
        found += _vectors_of(job, params, samples)
    known = pl.concat(found).unique("sample_id", keep="last", maintain_order=True)
    lacking = samples.filter(~pl.col("sample_id").is_in(known["sample_id"].to_list()))
    if lacking.is_empty():
        return VectorsPlan(known, None)
    stage = PlannedStage(VectorsStage.name, params, lacking.height, {"samples": lacking})
    return VectorsPlan(known, stage)


def _vectors_of(
    job: JobFolder, params: VectorsParams, samples: pl.DataFrame
) -> Iterator[pl.DataFrame]:
    """What a job has of these samples, if their texts are as they were."""
    try:
        stages = job.spec().stages
    except EngineError:
        return
    for number, stage in enumerate(stages):
        if stage.name != VectorsStage.name or not _is_same_space(stage.params, params):
            continue
        embedded = read_parquet(job.inputs_dir(number, stage.name) / "samples.parquet")
        unchanged = embedded.join(samples, on=_SAME, how="semi", nulls_equal=True)
        for part in list_parts(job.stage_dir(number, stage.name)):
            yield read_parquet(part).join(unchanged, on="sample_id", how="semi")


def _is_same_space(made: dict[str, object], params: VectorsParams) -> bool:
    before = VectorsParams.model_validate(made)
    return (before.encoder, before.detector_id) == (params.encoder, params.detector_id)
