"""Stage `answers`: for each query, what a language model answers (STAR, section 3.1)."""

from collections.abc import Iterator
from contextlib import closing
from typing import ClassVar

import polars as pl

from engine.generation.chunks import Written
from engine.generation.early_look import EarlyLook
from engine.generation.flags import flag_generation
from engine.generation.params import GenerationParams
from engine.generation.protocol import Generation
from engine.generation.trimming import trim
from engine.jobs.draft import PlannedStage
from engine.jobs.due import RunPlan
from engine.jobs.newest import NewText
from engine.jobs.params import StageParams
from engine.jobs.stage import Inputs
from store.schema import ANSWERS


class AnswersStage:
    """Writes one answer for each usable query; queries with an error or no text get none."""

    name: ClassVar[str] = "answers"
    reads: ClassVar[tuple[str, ...]] = ("queries", "samples")
    writes: ClassVar[str] = "answers"
    Params: ClassVar[type[StageParams]] = GenerationParams

    def plan(self, run: RunPlan) -> Iterator[PlannedStage]:
        """A stage for each model that queries lack an answer of, or will."""
        if not run.wants(self.name):
            return
        chosen, attempt = run.settings.answers, run.attempt("answers")
        template = run.workspace.template(chosen.template)
        for model in chosen.models:
            params = GenerationParams.of(
                chosen,
                model,
                template,
                seed=run.settings.seed,
                attempt=attempt,
                limits=run.settings.quality.answers,
            )
            queries = run.stored.due_queries(params.made, retry=run.retry_errors)
            if not queries.is_empty() or run.draft.writes("queries"):
                tables = {"queries": queries, "samples": run.seeds_of(queries)}
                yield PlannedStage(self.name, params, queries.height, tables)

    def run(self, inputs: Inputs, params: GenerationParams) -> Iterator[pl.DataFrame]:
        """The answers, chunk by chunk."""
        queries = inputs.table("queries").filter(
            pl.col("error").is_null() & (pl.col("text").str.len_chars() > 0)
        )
        texts = dict(zip(queries["query_id"], queries["text"], strict=True))
        samples = inputs.table("samples")
        seeds = dict(zip(samples["sample_id"], samples["text"], strict=True))
        seed_ids = dict(zip(queries["query_id"], queries["sample_id"], strict=True))

        def show(row: str, generation: Generation) -> NewText:
            answer, flags = _read(params, generation, texts[row])
            shown = {"seed": seeds[seed_ids[row]], "question": texts[row], "answer": answer}
            return NewText.of(row, generation, shown, flags)

        look = EarlyLook(inputs, params, "answer", "query_id", texts)
        look.take()
        with closing(params.generate(inputs, params.prompts(texts), show=show)) as chunks:
            for chunk in chunks:
                rows = [_row(inputs, params, written, texts[written.row_id]) for written in chunk]
                yield pl.DataFrame(rows, schema=ANSWERS)
                look.take()


def _row(
    inputs: Inputs, params: GenerationParams, written: Written, query: str
) -> dict[str, object]:
    text, flags = _read(params, written.generation, query)
    return {
        "answer_id": params.row_id("answer", written.row_id),
        "query_id": written.row_id,
        "job_id": inputs.job_id,
        "text": text,
        "flags": flags,
        **params.columns(written),
    }


def _read(
    params: GenerationParams, generation: Generation, query: str
) -> tuple[str | None, list[str]]:
    """The answer that is made of what was written, and its flags."""
    text = trim(generation.text, params.template.trim)
    return text, flag_generation(generation, text, query, params.template, question=False)
