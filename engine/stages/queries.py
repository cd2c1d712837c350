"""Stage `queries`: for each seed, the question that the seed could answer (STAR, section 3.1).

Where several candidates are asked for, the one nearest to the seed in meaning is kept.
"""

import json
from collections.abc import Iterator, Sequence
from typing import ClassVar

import polars as pl
from pydantic import Field

from engine.errors import CompletionsRefused
from engine.generation.candidates import Choice, choose_nearest
from engine.generation.chunks import Written, generate_in_chunks
from engine.generation.flags import flag_generation
from engine.generation.loading import load_generator
from engine.generation.protocol import Generator, Quantization, Sampling
from engine.generation.templates import Template
from engine.generation.trimming import trim
from engine.jobs.params import StageParams
from engine.jobs.stage import Inputs
from engine.models.bundled import MINILM
from engine.models.encoder import Encoder
from engine.models.references import parse_reference
from store.schema import QUERIES, row_id


class GenerationParams(StageParams):
    """How a language model is asked; shared by `queries`, `answers` and `judge`.

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

    @property
    def needs_device(self) -> bool:
        """Whether the model runs on this machine, and not on a server."""
        return parse_reference(self.model).kind != "openai"

    @property
    def sampling_json(self) -> str:
        """All else that changes what comes of a prompt; part of the ids, and kept with the rows."""
        return self.sampling.model_dump_json()

    def row_id(self, kind: str, parent_id: str) -> str:
        """Return the id of the row made from a parent in this way; never of its text."""
        return row_id(
            kind,
            parent_id,
            self.model_name,
            self.template.digest,
            self.sampling_json,
            self.seed,
            self.attempt,
        )

    def columns(self, written: Written, kept: int = 0) -> dict[str, object]:
        """Return the columns that queries and answers have in common; tokens are of all candidates.

        `kept` is the number of the candidate that the row is made of.
        """
        return {
            "attempt": self.attempt,
            "model": self.model_name,
            "template": self.template.name,
            "template_digest": self.template.digest,
            "prompt_digest": written.prompt_digest,
            "sampling": self.sampling_json,
            "new_tokens": sum(generation.new_tokens for generation in written.generations),
            "error": written.generations[kept].error,
        }

    def load(self, inputs: Inputs) -> Generator:
        """Load the model. Raises ModelUnavailable."""
        return load_generator(
            self.model,
            quantization=self.quantization,
            device=inputs.device,
            waiting=inputs.progress.wait,
        )

    def generate(
        self, inputs: Inputs, texts: dict[str, str], candidates: int = 1, *, whole: bool = False
    ) -> Iterator[list[Written]]:
        """Load the model and yield the rows of each chunk that is still to be written.

        With `whole`, a prompt that the model cannot read to its end is a row with an error.
        """
        if not texts:
            return
        try:
            yield from generate_in_chunks(
                inputs,
                texts,
                self.load(inputs),
                self.template,
                self.sampling,
                seed=self.seed + self.attempt - 1,
                batch_rows=self.batch_rows,
                way=self.row_id("way", ""),
                candidates=candidates,
                whole=whole,
            )
        except CompletionsRefused as error:
            raise CompletionsRefused(
                f"{error} The template {self.template.name!r} asks for a plain completion, and "
                "such servers mostly take chats only: name a template of style chat in "
                "workspace.toml, such as papers, or check the model's name and the address."
            ) from error


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

    def run(self, inputs: Inputs, params: QueryParams) -> Iterator[pl.DataFrame]:
        """Yield the queries chunk by chunk."""
        samples = inputs.table("samples")
        texts = dict(zip(samples["sample_id"], samples["text"], strict=True))
        # Loaded first: what is wrong with it is said before a question is paid for.
        compares = params.candidates > 1 and bool(texts)
        encoder = Encoder(params.encoder, inputs.device) if compares else None
        for chunk in params.generate(inputs, texts, params.candidates):
            seeds = [texts[written.row_id] for written in chunk]
            choices = _choose(chunk, seeds, params, encoder)
            rows = [
                self._row(inputs, params, *item) for item in zip(chunk, seeds, choices, strict=True)
            ]
            yield pl.DataFrame(rows, schema=QUERIES)

    def _row(
        self, inputs: Inputs, params: QueryParams, written: Written, seed: str, choice: Choice
    ) -> dict[str, object]:
        kept, text = written.generations[choice.kept], choice.texts[choice.kept]
        return {
            "query_id": params.row_id("query", written.row_id),
            "sample_id": written.row_id,
            "job_id": inputs.job_id,
            "raw": kept.written,
            "text": text,
            "trim_rule": params.template.trim,
            "flags": flag_generation(kept, text, seed),
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
