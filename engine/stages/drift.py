"""Stage `drift`: BERTScore of answer, query and seed against each other, with a floor for each.

BERTScore gives unrelated texts a high score, so each comparison is made a second time with the
partner of another answer of the same dataset; only the distance between the two shows how much
of the meaning is left.
"""

import json
from collections.abc import Iterator
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, ClassVar, Literal

import polars as pl
from pydantic import Field

from engine.jobs.draft import PlannedStage
from engine.jobs.due import RunPlan
from engine.jobs.params import StageParams
from engine.jobs.stage import Inputs
from store.drift_schema import COMPARISONS, DRIFT
from store.ids import row_id, text_digest

if TYPE_CHECKING:
    from engine.models.bertscore import BertScorer, Embedded, Match

TEXTS = ("answer", "query", "seed")


class DriftParams(StageParams):
    """`model` is a reference; `layer` counts from 0, the embeddings, as in bert-score."""

    model: str
    layer: int = Field(ge=0)
    precision: Literal["float32", "bfloat16"] = "float32"
    seed: int = 0
    part_rows: int = Field(default=256, ge=1)


class DriftStage:
    """Writes one row an answer."""

    name: ClassVar[str] = "drift"
    reads: ClassVar[tuple[str, ...]] = ("answers", "queries", "samples")
    writes: ClassVar[str] = "drift"
    Params: ClassVar[type[StageParams]] = DriftParams

    def plan(self, run: RunPlan) -> Iterator[PlannedStage]:
        """One stage where answers have no score of this configuration, or will have none."""
        if not run.wants(self.name):
            return
        chosen = run.settings.drift
        params = DriftParams(
            model=chosen.model,
            layer=chosen.layer,
            precision=chosen.precision,
            seed=run.settings.seed,
        )
        made = {"config_hash": config_hash(drift_config(params))}
        answers = run.stored.usable_answers("drift", made)
        if not answers.is_empty() or run.draft.writes("answers"):
            yield PlannedStage(self.name, params, answers.height, run.lineage(answers["answer_id"]))

    def run(self, inputs: Inputs, params: DriftParams) -> Iterator[pl.DataFrame]:
        """The scores of `part_rows` answers at a time, neighbours being each other's floor.

        Only the embeddings of one part are in memory.
        """
        rows = pair_with_others(_texts(inputs), params.seed)
        done = min(inputs.parts_done * params.part_rows, rows.height)
        inputs.progress.start(total=rows.height, done=done)
        if done == rows.height:
            return
        from engine.models.bertscore import BertScorer

        scorer = BertScorer(params.model, params.layer, inputs.device, params.precision)
        config = drift_config(params)
        for start in range(done, rows.height, params.part_rows):
            part = rows.slice(start, params.part_rows)
            scores = _score(part.to_dicts(), scorer)
            yield (
                pl.DataFrame(scores, schema_overrides=DRIFT)
                .with_columns(
                    job_id=pl.lit(inputs.job_id),
                    config_hash=pl.lit(config_hash(config)),
                    config=pl.lit(config),
                )
                .select(list(DRIFT))
                .cast(DRIFT)
            )
            inputs.progress.advance(part.height)


def _texts(inputs: Inputs) -> pl.DataFrame:
    """The usable answers: answer_id, sample_id, dataset, answer, query, seed."""
    answers = inputs.table("answers").filter(pl.col("error").is_null())
    queries = inputs.table("queries").unique("query_id")
    samples = inputs.table("samples").unique("sample_id")
    return (
        answers.select("answer_id", "query_id", answer="text")
        .join(queries.select("query_id", "sample_id", query="text"), on="query_id")
        .join(samples.select("sample_id", "dataset", seed="text"), on="sample_id")
        .with_columns(pl.col(TEXTS).fill_null(""))
    )


def pair_with_others(rows: pl.DataFrame, seed: int) -> pl.DataFrame:
    """Give each answer another of its dataset whose seed is not its own, as its floor's partner.

    Adds `floor_answer_id`, `floor_query` and `floor_seed`. The answers of a dataset are put into
    a random order by hash, which is the order of the result, and each takes the next one with
    another seed; so the same answers and `seed` give the same pairs, and partners lie side by
    side. In a dataset with one seed only there are none.
    """
    found = []
    for _, group in rows.sort("dataset").group_by("dataset", maintain_order=True):
        lots = pl.Series("lot", [row_id("floor", seed, name) for name in group["answer_id"]])
        group = group.with_columns(lots).sort("lot", "answer_id")
        found.append(group.drop("lot").with_columns(partner=_next_with_other_seed(group)))
    if not found:
        return rows.with_columns(
            pl.lit(None, pl.String).alias(f"floor_{name}") for name in ("answer_id", *TEXTS[1:])
        )
    others = {f"floor_{name}": pl.col(name).gather(pl.col("partner"))
              for name in ("answer_id", "query", "seed")}  # fmt: skip
    return pl.concat(group.with_columns(**others).drop("partner") for group in found)


def _next_with_other_seed(group: pl.DataFrame) -> pl.Series:
    """For each row, the place of the next one, around the end, that has another seed."""
    seeds = group["sample_id"].to_list()
    count = len(seeds)
    places: list[int | None] = [None] * count
    if len(set(seeds)) > 1:
        following = count  # of a second lap, so that the last rows find the first ones
        for place in range(2 * count - 2, -1, -1):
            if seeds[place % count] != seeds[(place + 1) % count]:
                following = (place + 1) % count
            if place < count:
                places[place] = following
    return pl.Series("partner", places, dtype=pl.UInt32)


def drift_config(params: DriftParams) -> str:
    """All that a score depends on, as JSON; figures of different ones are never mixed."""
    return json.dumps(
        {
            "model": params.model,
            "layer": params.layer,
            "library": f"bert-score {version('bert-score')}",
            "idf": False,
            "dtype": params.precision,
            "floor": "next of the dataset in a random order",
            "seed": params.seed,
        },
        sort_keys=True,
    )


def config_hash(config: str) -> str:
    """The short digest under which the scores of a configuration are kept apart."""
    return text_digest(config)[:12]


def _score(rows: list[dict[str, Any]], scorer: "BertScorer") -> list[dict[str, Any]]:
    """What the table keeps of each row, but for the job and the configuration."""
    from engine.models.bertscore import least_matched

    columns = [*TEXTS, "floor_query", "floor_seed"]
    embedded = scorer.embed(row[name] for row in rows for name in columns if row[name] is not None)
    scores = {name: _compare(rows, embedded, scorer, *name.split("_")) for name in COMPARISONS}
    floors = {
        f"{name}_floor": _compare(rows, embedded, scorer, *name.split("_"), of_other=True)
        for name in COMPARISONS
    }
    found = []
    for place, row in enumerate(rows):
        match = scores["answer_seed"][place]
        assert match is not None
        found.append(
            {
                "answer_id": row["answer_id"],
                "sample_id": row["sample_id"],
                "floor_answer_id": row["floor_answer_id"],
                **{f"{name}_cut": embedded[row[name]].is_cut for name in TEXTS},
                "unmatched_answer": least_matched(embedded[row["answer"]], match.candidate),
                "unmatched_seed": least_matched(embedded[row["seed"]], match.reference),
                **{name: _scores(column[place]) for name, column in (scores | floors).items()},
            }
        )
    return found


def _compare(
    rows: list[dict[str, Any]],
    embedded: "dict[str, Embedded]",
    scorer: "BertScorer",
    candidate: str,
    reference: str,
    *,
    of_other: bool = False,
) -> "list[Match | None]":
    """The match of a text of each row with another; None if the floor has no partner."""
    name = f"floor_{reference}" if of_other else reference
    places = [place for place, row in enumerate(rows) if row[name] is not None]
    pairs = [(embedded[rows[place][candidate]], embedded[rows[place][name]]) for place in places]
    found: list[Match | None] = [None] * len(rows)
    for place, match in zip(places, scorer.match(pairs), strict=True):
        found[place] = match
    return found


def _scores(match: "Match | None") -> dict[str, float] | None:
    if match is None:
        return None
    return {"precision": match.precision, "recall": match.recall, "f1": match.f1}
