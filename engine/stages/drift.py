"""Stage `drift`: BERTScore of each answer against its seed, and of shuffled pairs as the floor.

BERTScore (Zhang et al., 2020) gives unrelated texts a high score, so each answer is also scored
against the seed of another answer of the same dataset; only the distance between the two says
how much of the seed is left.
"""

import json
from collections.abc import Iterator
from importlib.metadata import version
from typing import TYPE_CHECKING, ClassVar

import polars as pl
from pydantic import Field

from engine.models.references import parse_reference, resolve_checkpoint
from engine.stage import Inputs, StageParams
from engine.stages.cluster import answer_datasets
from store.schema import DRIFT, row_id, text_digest

if TYPE_CHECKING:
    from bert_score import BERTScorer


class DriftParams(StageParams):
    """`model` is a reference; `layer` counts from 0, the embeddings, as in bert-score."""

    model: str
    layer: int = Field(ge=0)
    seed: int = 0
    batch_rows: int = Field(default=32, ge=1)
    part_rows: int = Field(default=256, ge=1)


class DriftStage:
    """Writes two rows an answer: `pair` against its seed, `floor` against another's."""

    name: ClassVar[str] = "drift"
    reads: ClassVar[tuple[str, ...]] = ("answers", "queries", "samples")
    writes: ClassVar[str] = "drift"
    Params: ClassVar[type[StageParams]] = DriftParams

    def run(self, inputs: Inputs, params: DriftParams) -> Iterator[pl.DataFrame]:
        """Yield the scores in parts of `part_rows` comparisons, in the order of answer ids."""
        comparisons = _comparisons(inputs, params.seed)
        done = min(inputs.parts_done * params.part_rows, comparisons.height)
        inputs.progress.start(total=comparisons.height, done=done)
        if done == comparisons.height:
            return
        scorer = _load_scorer(params, inputs.device)
        config = drift_config(params)
        for start in range(done, comparisons.height, params.part_rows):
            part = comparisons.slice(start, params.part_rows)
            yield _score(part, scorer, params, config, inputs.job_id)
            inputs.progress.advance(part.height)


def _comparisons(inputs: Inputs, seed: int) -> pl.DataFrame:
    """Return (answer_id, reference_id, kind, answer, reference), sorted by answer and kind."""
    samples = inputs.table("samples").unique("sample_id")
    answers = inputs.table("answers").filter(pl.col("error").is_null())
    texts = answers.select("answer_id", answer=pl.col("text").fill_null(""))
    own = answer_datasets(inputs).join(texts, on="answer_id").sort("answer_id")
    references = samples.select(reference_id="sample_id", reference="text")
    pairs = own.with_columns(reference_id="sample_id", kind=pl.lit("pair"))
    floor = own.join(shuffled_references(own, seed), on="answer_id").with_columns(
        kind=pl.lit("floor")
    )
    columns = ["answer_id", "reference_id", "kind", "answer"]
    both = pl.concat([pairs.select(columns), floor.select(columns)])
    return both.join(references, on="reference_id").sort("answer_id", "kind")


def shuffled_references(own: pl.DataFrame, seed: int) -> pl.DataFrame:
    """Give each answer the seed of another answer of its dataset: (answer_id, reference_id).

    The answers of a dataset are put into a random order by hash and each takes the next seed
    that is not its own, so the same answers and seed give the same pairs. A dataset with one
    seed only has no floor.
    """
    found = []
    for _, group in own.group_by("dataset", maintain_order=True):
        rows = sorted(
            zip(group["answer_id"], group["sample_id"], strict=True),
            key=lambda row: row_id("floor", seed, row[0]),
        )
        for place, (answer_id, sample_id) in enumerate(rows):
            following = (rows[(place + step) % len(rows)][1] for step in range(1, len(rows)))
            other = next((item for item in following if item != sample_id), None)
            if other is not None:
                found.append((answer_id, other))
    schema = {"answer_id": pl.String(), "reference_id": pl.String()}
    return pl.DataFrame(found, schema=schema, orient="row")


def _load_scorer(params: DriftParams, device: str) -> "BERTScorer":
    from bert_score import BERTScorer

    return BERTScorer(
        model_type=resolve_checkpoint(parse_reference(params.model)).location,
        num_layers=params.layer,
        batch_size=params.batch_rows,
        device=device,
        idf=False,
        rescale_with_baseline=False,
    )


def drift_config(params: DriftParams) -> str:
    """Return as JSON all that a score depends on; figures of different ones are never mixed."""
    return json.dumps(
        {
            "model": params.model,
            "layer": params.layer,
            "library": f"bert-score {version('bert-score')}",
            "idf": False,
            "dtype": "float32",
        },
        sort_keys=True,
    )


def config_hash(config: str) -> str:
    """Return the short digest under which the scores of a configuration are kept apart."""
    return text_digest(config)[:12]


def _score(
    part: pl.DataFrame, scorer: "BERTScorer", params: DriftParams, config: str, job_id: str
) -> pl.DataFrame:
    answers, references = part["answer"].to_list(), part["reference"].to_list()
    precision, recall, f1 = _score_texts(answers, references, scorer)
    limit = scorer._tokenizer.model_max_length
    longer = [
        max(len(ids) for ids in pair) > limit
        for pair in zip(
            scorer._tokenizer(answers, truncation=False, verbose=False)["input_ids"],
            scorer._tokenizer(references, truncation=False, verbose=False)["input_ids"],
            strict=True,
        )
    ]
    return part.select(
        answer_id="answer_id",
        reference_id="reference_id",
        kind="kind",
        job_id=pl.lit(job_id),
        config_hash=pl.lit(config_hash(config)),
        config=pl.lit(config),
        precision=pl.Series(precision, dtype=pl.Float64),
        recall=pl.Series(recall, dtype=pl.Float64),
        f1=pl.Series(f1, dtype=pl.Float64),
        cut=pl.Series(longer, dtype=pl.Boolean),
    ).cast(DRIFT)


def _score_texts(
    answers: list[str], references: list[str], scorer: "BERTScorer"
) -> tuple[list[float], list[float], list[float]]:
    """Return precision, recall and F1 of each pair; 0 where a text has no words.

    bert-score gives such pairs 0 too, but cannot tokenize an empty text with transformers 5.
    """
    scored = [n for n in range(len(answers)) if answers[n].strip() and references[n].strip()]
    found = ([0.0] * len(answers), [0.0] * len(answers), [0.0] * len(answers))
    if scored:
        scores = scorer.score([answers[n] for n in scored], [references[n] for n in scored])
        for column, values in zip(found, scores, strict=True):
            for n, value in zip(scored, values.tolist(), strict=True):
                column[n] = value
    return found
