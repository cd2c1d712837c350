"""Stage `distribution`: how answers as a whole differ from their seeds.

Embeddings are those of a sentence encoder, the same for both. Answers are mostly longer, and
length alone tells them from seeds: so every figure is given twice, of the texts as they are, and
of texts that are cut, within each pair of seed and answer, to the words of the shorter one.
"""

import json
from collections.abc import Iterator
from hashlib import sha256
from typing import Any, ClassVar, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray
from pydantic import Field

from engine.clustering.coverage import measure_coverage
from engine.errors import NothingDue
from engine.jobs.draft import PlannedStage
from engine.jobs.due import RunPlan
from engine.jobs.params import StageParams
from engine.jobs.records import installed_versions
from engine.jobs.stage import Inputs
from engine.models.bundled import MINILM
from engine.models.encoder import Encoder
from engine.stages.embed import embed_answers
from engine.statistics.discrepancy import ROUNDS, measure_discrepancy
from engine.statistics.diversity import share_distinct, share_near_duplicates
from engine.statistics.estimate import Estimate
from store.drift_schema import DISTRIBUTIONS
from store.ids import row_id
from store.words import cut_words, tokenise

LIMIT: Final = 2000
FEWEST: Final = 10  # pairs; below, no figure is worth its interval

Sides = tuple[list[str], list[str]]  # the seeds, and their answers in the same order


class DistributionParams(StageParams):
    """At most `limit` pairs of each dataset are drawn by `seed`, and as many of all."""

    encoder: str = f"bundled:{MINILM}"
    limit: int = Field(default=LIMIT, ge=FEWEST)
    seed: int = 0


class DistributionStage:
    """Writes a part for all answers, and one for each dataset: two rows, by way of counting."""

    name: ClassVar[str] = "distribution"
    reads: ClassVar[tuple[str, ...]] = ("vectors", "answers", "queries", "samples")
    writes: ClassVar[str] = "distributions"
    Params: ClassVar[type[StageParams]] = DistributionParams

    def plan(self, run: RunPlan) -> Iterator[PlannedStage]:
        """One stage over pairs that are drawn, only where it was named.

        Raises NothingDue where there is no answer.
        """
        if self.name not in run.named:
            return
        params = DistributionParams(encoder=run.settings.queries.encoder, seed=run.settings.seed)
        answers = run.stored.drawn_answers(params.limit, params.seed)
        if answers.is_empty() and not run.draft.writes("answers"):
            raise NothingDue(
                "There is no answer yet to compare with its seed; `backquery run` makes them."
            )
        tables = {
            "vectors": run.stored.stored_vectors(params.encoder, answers),
            **run.lineage(answers),
        }
        yield PlannedStage(self.name, params, answers.len(), tables)

    def run(self, inputs: Inputs, params: DistributionParams) -> Iterator[pl.DataFrame]:
        """The figures of all pairs, then those of each dataset."""
        pairs = draw_pairs(inputs, params.seed)
        datasets = sorted(set(pairs["dataset"]))
        own = [pairs.filter(pl.col("dataset") == name) for name in datasets]
        groups = [group.head(params.limit) for group in (pairs, *own)]
        heights = [group.height for group in groups]
        done = inputs.parts_done
        inputs.progress.start(total=sum(heights), done=sum(heights[:done]))
        if pairs.is_empty() or done >= len(groups):
            return
        encoder = Encoder(params.encoder, inputs.device)
        stored = inputs.table("vectors")
        for dataset, group in list(zip([None, *datasets], groups, strict=True))[done:]:
            rows = [
                {"job_id": inputs.job_id, "dataset": dataset, **row}
                for row in _measure(group, stored, encoder, params)
            ]
            yield pl.DataFrame(
                [{"result_id": _result_id(row), **row} for row in rows], schema=DISTRIBUTIONS
            )
            inputs.progress.advance(group.height)


def draw_pairs(inputs: Inputs, seed: int) -> pl.DataFrame:
    """One answer of each seed, in a random order by hash: answer_id, dataset, seed, answer.

    Pairs without words on either side are left out.
    """
    samples = inputs.table("samples").unique("sample_id")
    queries = inputs.table("queries").unique("query_id")
    found = (
        inputs.table("answers")
        .filter(pl.col("error").is_null())
        .select("answer_id", "query_id", answer="text")
        .join(queries.select("query_id", "sample_id"), on="query_id")
        .join(samples.select("sample_id", "dataset", seed="text"), on="sample_id")
        .filter(pl.all_horizontal(pl.col("seed", "answer").str.contains(r"\w")))
    )
    lots = pl.Series("lot", [draw_lot(seed, name) for name in found["answer_id"]], pl.String)
    return (
        found.with_columns(lots)
        .sort("lot")
        .unique("sample_id", keep="first", maintain_order=True)
        .select("answer_id", "dataset", "seed", "answer")
    )


def draw_lot(seed: int, answer_id: str) -> str:
    """By what answers are ordered for a draw; `store.pairs.drawn_answers` does the same."""
    return sha256(f"{seed}:{answer_id}".encode()).hexdigest()


def _measure(
    pairs: pl.DataFrame, stored: pl.DataFrame, encoder: Encoder, params: DistributionParams
) -> Iterator[dict[str, Any]]:
    """The figures of texts as they are, and of texts of equal length.

    Vectors of whole answers are those that are stored (schema VECTORS), where they are.
    """
    whole = pairs["seed"].to_list(), pairs["answer"].to_list()
    words = [[len(tokenise(text)) for text in side] for side in whole]
    shorter = list(map(min, *words))
    cut = tuple(
        [cut_words(text, count) for text, count in zip(side, shorter, strict=True)]
        for side in whole
    )
    digest = row_id(*sorted(pairs["answer_id"]))
    for matched, (seeds, answers) in ((False, whole), (True, cut)):
        figures: dict[str, Any] = {}
        if pairs.height >= FEWEST:
            known = stored.clear() if matched else stored
            placed = embed_answers(pairs["answer_id"], answers, known, encoder)
            figures = _compare((seeds, answers), encoder.embed(seeds), placed, params)
        yield {
            "matched": matched,
            "pairs": pairs.height,
            **figures,
            "config": _config(params),
            "rows_digest": digest,
        }


def _compare(
    sides: Sides,
    seeds: NDArray[np.float32],
    answers: NDArray[np.float32],
    params: DistributionParams,
) -> dict[str, Any]:
    """The figures of texts with their vectors, [pairs, width]."""
    found = measure_discrepancy(seeds, answers, params.seed)
    coverage = measure_coverage(seeds, answers, params.seed)
    figures: dict[str, Any] = {
        "mmd2": _fields(found.mmd2),
        "mmd2_p": found.p,
        "clusters": coverage.clusters if coverage else None,
        "seeds_empty_clusters": _fields(coverage.seeds if coverage else None),
        "answers_empty_clusters": _fields(coverage.answers if coverage else None),
    }
    for name, texts in zip(("seeds", "answers"), sides, strict=True):
        words = [tokenise(text) for text in texts]
        figures[f"{name}_distinct_2"] = _fields(share_distinct(words))
        figures[f"{name}_near_duplicates"] = _fields(share_near_duplicates(words))
    return figures


def _fields(estimate: Estimate | None) -> dict[str, float] | None:
    if estimate is None:
        return None
    return {"value": estimate.value, "low": estimate.low, "high": estimate.high}


def _config(params: DistributionParams) -> str:
    """All that a figure depends on but the rows, as JSON."""
    return json.dumps(
        {
            "encoder": params.encoder,
            "limit": params.limit,
            "permutations": ROUNDS,
            "seed": params.seed,
            "versions": installed_versions(),
        },
        sort_keys=True,
    )


def _result_id(row: dict[str, Any]) -> str:
    """The id of a row: the same work done twice is one row."""
    names = ("dataset", "matched", "config", "rows_digest")
    return row_id("distribution", *(row[name] for name in names))
