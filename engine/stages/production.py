"""Stage `production`: how well seeds, and answers, differ from what a product really writes.

By embeddings, and beside that by length alone, because length often gives a text away. Both are
given as the texts are, and on rows of similar length whose texts are cut to one length.
"""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, ClassVar

import polars as pl
from pydantic import Field

from engine.errors import NothingDue
from engine.jobs.draft import PlannedStage
from engine.jobs.due import RunPlan
from engine.jobs.params import StageParams
from engine.jobs.records import installed_versions
from engine.jobs.stage import Inputs
from engine.models.bundled import MINILM
from engine.models.encoder import Encoder
from engine.models.text_sets import TextSet, normalised, separate
from engine.statistics.two_sample import (
    FOLDS,
    ROUNDS,
    link_groups,
    match_lengths,
    shared_length,
)
from store.drift_schema import COMPARED, TWO_SAMPLE
from store.ids import row_id


class ProductionParams(StageParams):
    """`datasets` hold production; at most `limit` rows of each set are drawn by `seed`."""

    datasets: tuple[str, ...] = Field(min_length=1)
    encoder: str = f"bundled:{MINILM}"
    limit: int = Field(default=2000, ge=1)
    seed: int = 0


class ProductionStage:
    """Writes a part for each of COMPARED: four figures, by two kinds of features."""

    name: ClassVar[str] = "production"
    reads: ClassVar[tuple[str, ...]] = ("answers", "queries", "samples")
    writes: ClassVar[str] = "two_sample"
    Params: ClassVar[type[StageParams]] = ProductionParams

    def plan(self, run: RunPlan) -> Iterator[PlannedStage]:
        """One stage for all answers, their seeds and production, only where it was named.

        Raises NothingDue where there is no production, or no answer.
        """
        if self.name not in run.named:
            return
        production = run.stored.production_samples()
        if production.is_empty():
            raise NothingDue(
                "No dataset has the role production. Bring texts of a real product in with "
                "`backquery import FILE --dataset NAME --role production`."
            )
        answers = run.stored.usable_answers(only_worded=True)
        if answers.is_empty() and not run.draft.writes("answers"):
            raise NothingDue(
                "There is no answer yet to compare with production; `backquery run` makes them."
            )
        params = ProductionParams(
            datasets=tuple(sorted(set(production["dataset"]))),
            encoder=run.settings.queries.encoder,
            seed=run.settings.seed,
        )
        lineage = run.lineage(answers["answer_id"])
        samples = pl.concat([lineage["samples"], production]).unique(
            "sample_id", maintain_order=True
        )
        yield PlannedStage(self.name, params, answers.height, {**lineage, "samples": samples})

    def run(self, inputs: Inputs, params: ProductionParams) -> Iterator[pl.DataFrame]:
        """The figures of seeds, then those of answers."""
        drawn = draw_sets(inputs, params)
        left = COMPARED[inputs.parts_done :]
        heights = {name: drawn[name].height for name in COMPARED}
        waiting = sum(heights[name] for name in left)
        inputs.progress.start(total=sum(heights.values()), done=sum(heights.values()) - waiting)
        if not left:
            return
        encoder = Encoder(params.encoder, inputs.device)
        production = TextSet.read(drawn["production"], encoder)
        for name in left:
            figures = _compare(TextSet.read(drawn[name], encoder), production, encoder, params)
            rows = [{"job_id": inputs.job_id, "compared": name, **figure} for figure in figures]
            yield pl.DataFrame(
                [{"result_id": _result_id(row), **row} for row in rows], schema=TWO_SAMPLE
            )
            inputs.progress.advance(heights[name])


def draw_sets(inputs: Inputs, params: ProductionParams) -> dict[str, pl.DataFrame]:
    """Production, answers, and the seeds they came from: item_id, text, group.

    Rows without words are left out. A group is a text, but for case and spaces; that of an answer
    is its seed's.
    """
    samples = inputs.table("samples").unique("sample_id").with_columns(group=normalised("text"))
    queries = inputs.table("queries").unique("query_id")
    answered = (
        inputs.table("answers")
        .filter(pl.col("error").is_null())
        .join(queries.select("query_id", "sample_id"), on="query_id")
        .join(samples.select("sample_id", "group"), on="sample_id")
    )
    answers = _draw(answered.rename({"answer_id": "item_id"}), params)
    items = samples.rename({"sample_id": "item_id"})
    return {
        "production": _draw(items.filter(pl.col("dataset").is_in(params.datasets)), params),
        "seeds": _draw(items.filter(pl.col("item_id").is_in(answers["sample_id"])), params),
        "answers": answers,
    }


def _draw(rows: pl.DataFrame, params: ProductionParams) -> pl.DataFrame:
    """At most `limit` rows, in a random order by hash that follows from the seed."""
    worded = rows.filter(pl.col("text").str.contains(r"\w"))
    ids = worded["item_id"]
    lots = pl.Series("lot", [row_id("production", params.seed, item) for item in ids], pl.String)
    return worded.with_columns(lots).sort("lot", "item_id").head(params.limit)


def _compare(
    side: TextSet, production: TextSet, encoder: Encoder, params: ProductionParams
) -> Iterator[dict[str, Any]]:
    """The figures of a set against production, first of the texts as they are."""
    yield from _figures(side, production, params, None)
    tokens = side.tokens, production.tokens
    longest = min(encoder.max_tokens, shared_length(*tokens))
    kept, kept_production = match_lengths(*tokens, longest, params.seed)
    first = side.cut(kept, longest, encoder)
    second = production.cut(kept_production, longest, encoder)
    linked, linked_production = link_groups(first.groups, second.groups)
    yield from _figures(
        replace(first, groups=linked), replace(second, groups=linked_production), params, longest
    )


def _figures(
    side: TextSet, production: TextSet, params: ProductionParams, cut_tokens: int | None
) -> Iterator[dict[str, Any]]:
    for features, found in separate(side, production, params.seed):
        yield {
            "features": features,
            "matched": cut_tokens is not None,
            "n_compared": len(side.groups),
            "n_production": len(production.groups),
            "groups": len({*side.groups, *production.groups}),
            "auc": found and found.auc,
            "low": found and found.low,
            "high": found and found.high,
            "config": _config(params, cut_tokens),
            "rows_digest": row_id(*sorted(side.item_ids), None, *sorted(production.item_ids)),
        }


def _config(params: ProductionParams, cut_tokens: int | None) -> str:
    """All that a figure depends on but the rows, as JSON."""
    return json.dumps(
        {
            "encoder": params.encoder,
            "folds": FOLDS,
            "bootstrap_rounds": ROUNDS,
            "seed": params.seed,
            "cut_tokens": cut_tokens,
            "versions": installed_versions(),
        },
        sort_keys=True,
    )


def _result_id(row: dict[str, Any]) -> str:
    """The id of a figure: the same work done twice is one row."""
    names = ("compared", "features", "matched", "config", "rows_digest")
    return row_id("two-sample", *(row[name] for name in names))
