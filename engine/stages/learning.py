"""Stage `learning`: active learning replayed on samples whose labels are known.

Its rows are read from the job's folder and never stored with the others: nobody gave these labels.
"""

from collections.abc import Iterator
from dataclasses import asdict
from typing import ClassVar

import polars as pl
from pydantic import Field

from engine.jobs.params import StageParams
from engine.jobs.stage import Inputs
from engine.jobs.tables import LEARNING_CURVES
from engine.selection.replay import KnownRows, replay_learning
from engine.selection.strategy import Strategy
from store.spaces import matrix_of


class LearningParams(StageParams):
    """Which strategies are replayed, up to which ascending budgets, from how many starts.

    `encoder` and `detector_id` say whose vectors the samples have, as in `VectorsParams`.
    """

    encoder: str
    detector_id: str | None = None

    strategies: tuple[Strategy, ...] = Field(min_length=1)
    budgets: tuple[int, ...] = Field(min_length=1)
    starts: int = Field(ge=1)
    positives: tuple[str, ...] = Field(min_length=1)
    seed: int = 0


class LearningStage:
    """Writes a part for each start: a row for every strategy and budget.

    The samples have a column `is_held_out` beside those of SAMPLES.
    """

    name: ClassVar[str] = "learning"
    reads: ClassVar[tuple[str, ...]] = ("samples", "sample_vectors")
    writes: ClassVar[str] = "learning_curves"
    Params: ClassVar[type[StageParams]] = LearningParams

    def run(self, inputs: Inputs, params: LearningParams) -> Iterator[pl.DataFrame]:
        """The starts in their order. Samples without a vector are left out."""
        rows = inputs.table("samples").height
        inputs.progress.start(params.starts * rows, inputs.parts_done * rows)
        if inputs.parts_done >= params.starts:
            return
        known = _read_known(inputs)
        for start in range(inputs.parts_done, params.starts):
            inputs.progress.note(f"start {start + 1} of {params.starts}")
            yield _replay(inputs.job_id, known, params, start)
            inputs.progress.advance(rows)
        inputs.progress.note("")


def _read_known(inputs: Inputs) -> KnownRows:
    vectors = inputs.table("sample_vectors").filter(pl.col("error").is_null())
    samples = inputs.table("samples").unique("sample_id", keep="first").sort("sample_id")
    rows = samples.join(
        vectors.select("sample_id", "vector"), on="sample_id", maintain_order="left"
    )
    return KnownRows(
        matrix_of(rows["vector"]), tuple(rows["label"]), rows["is_held_out"].to_numpy()
    )


def _replay(job_id: str, known: KnownRows, params: LearningParams, start: int) -> pl.DataFrame:
    """The points of all strategies from one start (schema LEARNING_CURVES)."""
    held_out = int(known.is_held_out.sum())
    about = {
        "start": start,
        "job_id": job_id,
        "pool": len(known.labels) - held_out,
        "held_out": held_out,
    }
    rows = [
        {**about, **asdict(point)}
        for strategy in params.strategies
        for point in replay_learning(
            known, frozenset(params.positives), strategy, params.budgets, _seed(params, start)
        )
    ]
    return pl.DataFrame(rows, schema=LEARNING_CURVES)


def _seed(params: LearningParams, start: int) -> int:
    """A seed apart from those of other starts, which are followed by one for each budget."""
    return params.seed + start * (len(params.budgets) + 1)
