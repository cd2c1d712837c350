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
    reads: ClassVar[tuple[str, ...]] = ("answers", "queries")
    writes: ClassVar[str] = "classifications"
    Params: ClassVar[type[StageParams]] = ClassifyParams

    def run(self, inputs: Inputs, params: ClassifyParams) -> Iterator[pl.DataFrame]:
        """The rows, chunk by chunk; see `ClassifyParams.classify`. Raises ModelUnavailable."""
        answers = inputs.table("answers")
        texts = dict(zip(answers["answer_id"], answers["text"], strict=True))
        contexts = _read_contexts(inputs, answers) if params.takes_pairs else {}
        for chunk in params.classify(inputs, texts, contexts):
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


def _read_contexts(inputs: Inputs, answers: pl.DataFrame) -> dict[str, str | None]:
    """The contexts of answers: the texts of their queries, by the ids of the answers."""
    queries = inputs.table("queries").select("query_id", context="text")
    rows = answers.select("answer_id", "query_id").join(queries, on="query_id", how="left")
    return dict(rows.select("answer_id", "context").iter_rows())
