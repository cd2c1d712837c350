"""Stage `queries`: for each seed, the question that the seed could answer (STAR, section 3.1)."""

from collections.abc import Iterator
from typing import ClassVar

import polars as pl
from pydantic import Field

from engine.flags import flag_generation
from engine.generation import Written, generate_in_chunks
from engine.models.generator import Quantization, Sampling
from engine.models.loading import load_generator
from engine.stage import Inputs, StageParams
from engine.templates import Template
from engine.trimming import trim
from store.schema import QUERIES, row_id


class GenerationParams(StageParams):
    """How a language model is asked; shared by `queries` and `answers`.

    `batch_rows` is halved by itself where memory does not suffice. `attempt` counts from 1;
    another attempt at the same row gets another id and other random numbers.
    """

    model: str
    template: Template
    sampling: Sampling = Sampling()
    quantization: Quantization = "none"
    batch_rows: int = Field(default=64, ge=1)
    seed: int = 0
    attempt: int = Field(default=1, ge=1)

    @property
    def model_name(self) -> str:
        """The reference, with the quantization that changes what the model writes."""
        return self.model if self.quantization == "none" else f"{self.model}#{self.quantization}"

    def row_id(self, kind: str, parent_id: str) -> str:
        """Return the id of the row made from a parent in this way; never of its text."""
        return row_id(
            kind,
            parent_id,
            self.model_name,
            self.template.digest,
            self.sampling.model_dump_json(),
            self.seed,
            self.attempt,
        )

    def columns(self, written: Written) -> dict[str, object]:
        """Return the columns that queries and answers have in common."""
        return {
            "attempt": self.attempt,
            "model": self.model_name,
            "template": self.template.name,
            "template_digest": self.template.digest,
            "prompt_digest": written.prompt_digest,
            "sampling": self.sampling.model_dump_json(),
            "new_tokens": written.generation.new_tokens,
            "error": written.generation.error,
        }

    def generate(self, inputs: Inputs, texts: dict[str, str]) -> Iterator[list[Written]]:
        """Load the model and yield the rows of each chunk that is still to be written."""
        if not texts:
            return
        generator = load_generator(
            self.model,
            quantization=self.quantization,
            device=inputs.device,
            waiting=inputs.progress.note,
        )
        yield from generate_in_chunks(
            inputs,
            texts,
            generator,
            self.template,
            self.sampling,
            seed=self.seed + self.attempt - 1,
            batch_rows=self.batch_rows,
        )


class QueriesStage:
    """Writes one query for each sample in its inputs."""

    name: ClassVar[str] = "queries"
    reads: ClassVar[tuple[str, ...]] = ("samples",)
    writes: ClassVar[str] = "queries"
    Params: ClassVar[type[StageParams]] = GenerationParams

    def run(self, inputs: Inputs, params: GenerationParams) -> Iterator[pl.DataFrame]:
        """Yield the queries chunk by chunk."""
        samples = inputs.table("samples")
        texts = dict(zip(samples["sample_id"], samples["text"], strict=True))
        for chunk in params.generate(inputs, texts):
            rows = [self._row(inputs, params, written, texts) for written in chunk]
            yield pl.DataFrame(rows, schema=QUERIES)

    def _row(
        self, inputs: Inputs, params: GenerationParams, written: Written, texts: dict[str, str]
    ) -> dict[str, object]:
        sample_id, raw = written.row_id, written.generation.text
        text = trim(raw, params.template.trim)
        return {
            "query_id": params.row_id("query", sample_id),
            "sample_id": sample_id,
            "job_id": inputs.job_id,
            "raw": raw,
            "text": text,
            "trim_rule": params.template.trim,
            "flags": flag_generation(written.generation, text, texts[sample_id]),
            **params.columns(written),
        }
