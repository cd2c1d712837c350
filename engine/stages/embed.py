"""Stage `embed`: the vector of every answer by a sentence encoder.

A detector embeds along what tells its labels apart; an encoder by what a text says. Every answer
gets one row; one without words, or whose vector is not finite, gets a row with an `error`.
"""

from collections.abc import Iterator, Sequence
from typing import ClassVar

import numpy as np
import polars as pl
from numpy.typing import NDArray
from pydantic import Field

from engine.jobs.draft import PlannedStage
from engine.jobs.due import RunPlan
from engine.jobs.params import StageParams
from engine.jobs.stage import Inputs
from engine.models.encoder import Encoder
from store.schema import VECTORS
from store.spaces import matrix_of


class EmbedParams(StageParams):
    """`encoder` is a model reference."""

    encoder: str
    part_rows: int = Field(default=256, ge=1)
    batch_rows: int = Field(default=32, ge=1)


class EmbedStage:
    """Embeds in the order of the answers' ids, so part n always holds the same rows."""

    name: ClassVar[str] = "embed"
    reads: ClassVar[tuple[str, ...]] = ("answers",)
    writes: ClassVar[str] = "vectors"
    Params: ClassVar[type[StageParams]] = EmbedParams

    def plan(self, run: RunPlan) -> Iterator[PlannedStage]:
        """One stage for answers without a vector, if clusters need them or it was named."""
        is_due = not run.named and run.settings.clusters.embeddings != "detector"
        if is_due or self.name in run.named:
            yield from plan_vectors(run)

    def run(self, inputs: Inputs, params: EmbedParams) -> Iterator[pl.DataFrame]:
        """One frame of up to `part_rows` vectors after the other. Raises ModelUnavailable."""
        answers = (
            inputs.table("answers")
            .filter(pl.col("error").is_null())
            .select("answer_id", "text")
            .unique("answer_id", keep="first")
            .sort("answer_id")
        )
        done = min(inputs.parts_done * params.part_rows, answers.height)
        inputs.progress.start(answers.height, done)
        if done == answers.height:
            return
        encoder = Encoder(params.encoder, inputs.device)
        for start in range(done, answers.height, params.part_rows):
            part = answers.slice(start, params.part_rows)
            found = embed_texts(part["text"], encoder, params.batch_rows)
            rows = (
                part.select("answer_id")
                .hstack(found)
                .with_columns(encoder=pl.lit(params.encoder), job_id=pl.lit(inputs.job_id))
            )
            yield rows.select(VECTORS.names()).cast(VECTORS)
            inputs.progress.advance(part.height)


def plan_vectors(run: RunPlan) -> Iterator[PlannedStage]:
    """The stage that gives each answer its vector, unless all have theirs."""
    encoder = run.settings.queries.encoder
    lacking = run.stored.usable_answers("vectors", {"encoder": encoder}, only_worded=True)
    if not lacking.is_empty() or run.draft.writes("answers"):
        params = EmbedParams(encoder=encoder)
        yield PlannedStage(EmbedStage.name, params, lacking.height, {"answers": lacking})


def embed_answers(
    answer_ids: pl.Series, texts: Sequence[str], stored: pl.DataFrame, encoder: Encoder
) -> NDArray[np.float32]:
    """The vectors of answers, [answers, width]: those that are stored, and new ones of the others.

    `stored` has the schema VECTORS and is of this encoder.
    """
    usable = stored.filter(pl.col("error").is_null() & pl.col("answer_id").is_in(answer_ids))
    places = {name: place for place, name in enumerate(usable["answer_id"])}
    known = np.array([places.get(name, -1) for name in answer_ids], dtype=int)
    found = np.empty((len(texts), encoder.width), dtype=np.float32)
    if places:
        found[known >= 0] = matrix_of(usable["vector"])[known[known >= 0]]
    found[known < 0] = encoder.embed([texts[place] for place, row in enumerate(known) if row < 0])
    return found


def embed_texts(texts: pl.Series, encoder: Encoder, batch_rows: int) -> pl.DataFrame:
    """The vector of each text, or why it has none: columns vector and error."""
    is_worded = texts.str.contains(r"\S").fill_null(value=False)
    vectors = np.full((len(texts), encoder.width), np.nan, dtype=np.float32)
    vectors[is_worded.to_numpy()] = encoder.embed(texts.filter(is_worded).to_list(), batch_rows)
    is_finite = pl.Series(np.isfinite(vectors).all(axis=1))
    lists = pl.Series(vectors, dtype=pl.Array(pl.Float32, encoder.width)).arr.to_list()
    return pl.select(
        vector=pl.when(is_finite).then(lists),
        error=pl.when(~is_worded)
        .then(pl.lit("there is no text to embed"))
        .when(~is_finite)
        .then(pl.lit("the vector is not finite")),
    )
