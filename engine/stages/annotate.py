"""Stage `annotate`: which label a language model gives answers, told only what the labels mean.

What it says is that of an annotator of its own. It sets no label by itself.
"""

from collections.abc import Iterator
from typing import ClassVar

import polars as pl

from engine.jobs.params import StageParams
from engine.jobs.stage import Inputs
from engine.stages.classify import ClassifyParams
from store.bases import LLM
from store.schema import CLASSIFICATIONS


class AnnotateStage:
    """Asks about every answer that the job was given, as `judge` asks about samples."""

    name: ClassVar[str] = "annotate"
    reads: ClassVar[tuple[str, ...]] = ("answers",)
    writes: ClassVar[str] = "classifications"
    Params: ClassVar[type[StageParams]] = ClassifyParams

    def run(self, inputs: Inputs, params: ClassifyParams) -> Iterator[pl.DataFrame]:
        """The rows, chunk by chunk; see `ClassifyParams.classify`. Raises ModelUnavailable."""
        answers = inputs.table("answers")
        texts = dict(zip(answers["answer_id"], answers["text"], strict=True))
        for chunk in params.classify(inputs, texts):
            rows = [
                (
                    params.detector_id,
                    item.row_id,
                    f"{LLM}{params.model_name}",
                    inputs.job_id,
                    item.verdict.label,
                    item.reply,
                    item.verdict.error,
                )
                for item in chunk
            ]
            yield pl.DataFrame(rows, schema=dict(CLASSIFICATIONS), orient="row")
