"""Stage `terms`: what each cluster is called, by the terms that tell it from the others."""

from collections.abc import Iterator
from typing import ClassVar

import polars as pl
from pydantic import Field

from engine.clustering.terms import telling_terms
from engine.jobs.params import StageParams
from engine.jobs.stage import Inputs
from store.schema import CLUSTER_TERMS


class TermsParams(StageParams):
    """`terms` are kept of each cluster, found in its `members` that are nearest to the centre."""

    terms: int = Field(default=4, ge=1)
    members: int = Field(default=500, ge=1)


class TermsStage:
    """Writes one row per cluster, in a single part: a cluster's terms depend on all others."""

    name: ClassVar[str] = "terms"
    reads: ClassVar[tuple[str, ...]] = ("members", "answers")
    writes: ClassVar[str] = "cluster_terms"
    Params: ClassVar[type[StageParams]] = TermsParams

    def run(self, inputs: Inputs, params: TermsParams) -> Iterator[pl.DataFrame]:
        """The terms of all clusters."""
        if inputs.parts_done:
            return
        answers = inputs.table("answers").select("answer_id", "text").unique("answer_id")
        nearest = inputs.table("members").filter(pl.col("rank") < params.members)
        texts = nearest.select("cluster_id", "answer_id").join(answers, on="answer_id")
        if texts.is_empty():
            return
        texts = texts.sort("cluster_id", "answer_id")
        inputs.progress.start(total=texts.height)
        found = telling_terms(
            texts["text"].fill_null("").to_list(), texts["cluster_id"].to_list(), params.terms
        )
        yield pl.DataFrame(
            [(name, inputs.job_id, list(terms)) for name, terms in found.items()],
            schema=CLUSTER_TERMS,
            orient="row",
        )
        inputs.progress.advance(texts.height)
