"""Stage `vectors`: where samples lie, by a sentence encoder or a detector.

Its rows stay in the folder of their job: rows are chosen and replayed by them in the same job, and
vectors that are stored are those of answers. A sample that cannot be embedded has an `error`.
"""

from collections.abc import Callable, Iterator
from typing import ClassVar

import polars as pl
from pydantic import Field

from engine.jobs.params import StageParams
from engine.jobs.stage import Inputs
from engine.jobs.tables import SAMPLE_VECTORS
from engine.models.detector import Detector, detector_folder
from engine.models.encoder import Encoder
from engine.models.inputs import contexts_of
from engine.stages.embed import embed_texts
from store.schema import LIST_OF_FLOATS


class VectorsParams(StageParams):
    """`encoder` is a model reference; with a `detector_id`, its embeddings are taken instead."""

    encoder: str
    detector_id: str | None = None
    part_rows: int = Field(default=128, ge=1)
    batch_rows: int = Field(default=32, ge=1)


class VectorsStage:
    """Embeds in the order of the samples' ids, so part n always holds the same rows."""

    name: ClassVar[str] = "vectors"
    reads: ClassVar[tuple[str, ...]] = ("samples",)
    writes: ClassVar[str] = "sample_vectors"
    Params: ClassVar[type[StageParams]] = VectorsParams

    def run(self, inputs: Inputs, params: VectorsParams) -> Iterator[pl.DataFrame]:
        """One frame of up to `part_rows` vectors after the other. Raises ModelUnavailable."""
        samples = inputs.table("samples").unique("sample_id", keep="first").sort("sample_id")
        done = min(inputs.parts_done * params.part_rows, samples.height)
        inputs.progress.start(samples.height, done)
        if done == samples.height:
            return
        embed = _load_detector(inputs, params) if params.detector_id else _load(inputs, params)
        for start in range(done, samples.height, params.part_rows):
            part = samples.slice(start, params.part_rows)
            rows = part.select("sample_id", job_id=pl.lit(inputs.job_id)).hstack(embed(part))
            yield rows.cast(SAMPLE_VECTORS)
            inputs.progress.advance(part.height)


Embed = Callable[[pl.DataFrame], pl.DataFrame]
"""From samples to their vectors: columns vector and error."""


def _load(inputs: Inputs, params: VectorsParams) -> Embed:
    encoder = Encoder(params.encoder, inputs.device)
    return lambda samples: embed_texts(samples["text"], encoder, params.batch_rows)


def _load_detector(inputs: Inputs, params: VectorsParams) -> Embed:
    assert params.detector_id is not None
    detector = Detector.load(detector_folder(inputs.workspace, params.detector_id), inputs.device)

    def embed(samples: pl.DataFrame) -> pl.DataFrame:
        verdicts = detector.classify(
            samples["text"].to_list(), params.batch_rows, contexts=contexts_of(samples)
        )
        return pl.DataFrame(
            {
                "vector": [verdict.embedding for verdict in verdicts],
                "error": [verdict.error for verdict in verdicts],
            },
            schema={"vector": LIST_OF_FLOATS, "error": pl.String},
        )

    return embed
