"""Stage `queries`: for each seed, the question that the seed could answer (STAR, section 3.1).

Where several candidates are asked for, the one nearest to the seed in meaning is kept.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from typing import ClassVar

import polars as pl
from pydantic import Field

from engine.generation.candidates import Choice, choose_nearest
from engine.generation.chunks import Show, Written
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
from engine.models.bundled import MINILM
from engine.models.encoder import Encoder
from store.schema import QUERIES


class QueryParams(GenerationParams):
    """How questions are asked for: with `candidates` above 1, `encoder` is what compares them."""

    candidates: int = Field(default=1, ge=1, le=16)
    encoder: str = f"bundled:{MINILM}"

    @property
    def needs_device(self) -> bool:
        """Whether the model runs on this machine, or the encoder that compares candidates."""
        return self.candidates > 1 or super().needs_device

    @property
    def sampling_json(self) -> str:
        """With several candidates, their number and the encoder too."""
        if self.candidates == 1:
            return super().sampling_json
        chosen = {"candidates": self.candidates, "encoder": self.encoder}
        both = {**self.sampling.model_dump(mode="json"), **chosen}
        return json.dumps(both, separators=(",", ":"))


class QueriesStage:
    """Writes one query for each sample in its inputs."""

    name: ClassVar[str] = "queries"
    reads: ClassVar[tuple[str, ...]] = ("samples",)
    writes: ClassVar[str] = "queries"
    Params: ClassVar[type[StageParams]] = QueryParams

    def plan(self, run: RunPlan) -> Iterator[PlannedStage]:
        """One stage for the drawn seeds that were not asked for a question in this way."""
        if not run.wants(self.name):
            return
        chosen = run.settings.queries
        shared = GenerationParams.of(
            chosen,
            chosen.model,
            run.workspace.template(chosen.template),
            seed=run.settings.seed,
            limits=run.settings.quality.queries,
            attempt=max(run.attempt("queries"), run.stored.next_question()),
        )
        own = {"candidates": chosen.candidates, "encoder": chosen.encoder}
        params = QueryParams.model_validate({**dict(shared), **own})
        samples = run.stored.due_samples(params.made, retry=run.retry_errors)
        if not samples.is_empty():
            yield PlannedStage(self.name, params, samples.height, {"samples": samples})

    def run(self, inputs: Inputs, params: QueryParams) -> Iterator[pl.DataFrame]:
        """The queries, chunk by chunk."""
        samples = inputs.table("samples")
        texts = dict(zip(samples["sample_id"], samples["text"], strict=True))
        # Loaded first: it may be refused, and no question should be paid for before.
        compares = params.candidates > 1 and bool(texts)
        encoder = Encoder(params.encoder, inputs.device) if compares else None
        look = EarlyLook(inputs, params, "question", "sample_id", texts)
        look.take()
        shown = show_questions(params, texts)
        prompts = params.prompts(texts)
        with closing(params.generate(inputs, prompts, params.candidates, show=shown)) as chunks:
            for chunk in chunks:
                yield write_queries(inputs.job_id, params, chunk, texts, encoder)
                look.take()


def show_questions(params: QueryParams, seeds: Mapping[str, str]) -> Show:
    """What shows a question below its seed; `seeds` are texts by their ids."""

    def show(row: str, generation: Generation) -> NewText:
        question = trim(generation.text, params.template.trim)
        flags = flag_generation(generation, question, seeds[row], params.template, question=True)
        return NewText.of(row, generation, {"seed": seeds[row], "question": question}, flags)

    return show


def write_queries(
    job_id: str,
    params: QueryParams,
    chunk: Sequence[Written],
    seeds: Mapping[str, str],
    encoder: Encoder | None,
) -> pl.DataFrame:
    """The rows of a chunk (schema QUERIES); `seeds` are texts by their ids."""
    given = [seeds[written.row_id] for written in chunk]
    choices = _choose(chunk, given, params, encoder)
    rows = [_row(job_id, params, *item) for item in zip(chunk, given, choices, strict=True)]
    return pl.DataFrame(rows, schema=QUERIES)


def _row(
    job_id: str, params: QueryParams, written: Written, seed: str, choice: Choice
) -> dict[str, object]:
    kept, text = written.generations[choice.kept], choice.texts[choice.kept]
    return {
        "query_id": params.row_id("query", written.row_id),
        "sample_id": written.row_id,
        "job_id": job_id,
        "raw": kept.written,
        "text": text,
        "trim_rule": params.template.trim,
        "flags": flag_generation(kept, text, seed, params.template, question=True),
        "candidates": choice.to_rows() if params.candidates > 1 else None,
        **params.columns(written, choice.kept),
    }


def _choose(
    chunk: Sequence[Written], seeds: Sequence[str], params: QueryParams, encoder: Encoder | None
) -> list[Choice]:
    rule = params.template.trim
    candidates = [
        tuple(trim(generation.text, rule) for generation in written.generations)
        for written in chunk
    ]
    if encoder is None:
        return [Choice(0, texts, (None,)) for texts in candidates]
    return choose_nearest(seeds, candidates, encoder.embed)
