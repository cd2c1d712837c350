"""Stage `judge`: which label a language model gives rows, told only what the labels mean.

Or which rows it refuses, told only to refuse what has nothing to do with its system prompt.
It writes evaluation rows as `evaluate` does, but in the planned chunks of `queries` and `answers`,
so that it resumes as they do and no reply of a server is paid for twice. `annotate` asks in the
same way about answers.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar, Final, Self

import polars as pl
from pydantic import Field

from engine.generation.flags import is_refusal
from engine.generation.label_replies import find_label
from engine.generation.params import GenerationParams
from engine.generation.protocol import Generation, Sampling
from engine.generation.templates import CONTEXT, Prompt, Template
from engine.generation.trimming import is_blank
from engine.jobs.newest import NewText
from engine.jobs.params import StageParams
from engine.jobs.settings import AnswerSettings
from engine.jobs.stage import Inputs
from engine.models.detector import Verdict
from engine.models.references import ModelReference
from engine.stages.evaluate import evaluation_rows, read_samples
from store.ids import row_id

# Greedy, and room for a name in a sentence or two: no verdict is read from a reply that was cut.
SAMPLING: Final = Sampling(
    min_new_tokens=0, max_new_tokens=64, temperature=0, no_repeat_ngram_size=0
)
# Models of servers may think before they reply; those that run here are told not to.
SERVER_SAMPLING: Final = SAMPLING.model_copy(update={"max_new_tokens": 1024})


@dataclass(frozen=True, slots=True)
class Classified:
    """A text by its id, with the label that was read out of the reply, or why there is none."""

    row_id: str
    verdict: Verdict
    reply: str | None  # as it was written; None if none came


class ClassifyParams(GenerationParams):
    """How a language model is asked for a label; the template names the labels already.

    With `refusal_means` it is not asked for one: a refusal has the first of these labels, any other
    reply the second.
    `dataset_digest` is the `benchmark_digest` of the whole dataset, of which the job may be given
    the rows that are missing; without it, all rows are those that the job was given.
    """

    detector_id: str
    dataset_digest: str | None = None
    labels: tuple[str, ...] = Field(min_length=2)
    refusal_means: tuple[str, str] | None = None

    @classmethod
    def zero_shot(
        cls,
        reference: ModelReference,
        template: Template,
        labels: tuple[str, ...],
        settings: AnswerSettings,
        seed: int,
        refusal_means: tuple[str, str] | None = None,
    ) -> Self:
        """A model loaded, and asked in batches as large, as those that answer.

        Its id follows from the model, the prompt, the labels, what a refusal means, and the seed.
        """
        asked = cls(
            detector_id="",
            labels=labels,
            refusal_means=refusal_means,
            model=str(reference),
            template=template,
            sampling=SERVER_SAMPLING if reference.kind == "openai" else SAMPLING,
            quantization=settings.quantization,
            batch_rows=settings.batch_rows,
            concurrent=settings.concurrent,
            timeout_s=settings.timeout_s,
            seed=seed,
        )
        kind, meanings = ("refuse", refusal_means) if refusal_means else ("judge", ())
        identity = asked.row_id(kind, row_id(*labels, *meanings))
        return asked.model_copy(update={"detector_id": identity})

    @property
    def takes_pairs(self) -> bool:
        """Whether the template has a place for a context."""
        return CONTEXT in self.template.system + self.template.prompt

    def prompt(self, text: str, context: str | None = None) -> Prompt:
        """The prompt for a text, or a pair, which must not be cut."""
        places = {} if context is None else {"context": context.strip()}
        return self.template.fill(text, places=places, whole=True)

    def classify(
        self, inputs: Inputs, texts: Mapping[str, str], contexts: Mapping[str, str | None]
    ) -> Iterator[list[Classified]]:
        """Texts by their ids, with their contexts, classified chunk by chunk, the longest first.

        A reply that names no label has an error in place of a label; so has a reply that was cut,
        since its verdict may have been to come, and a text that the model cannot read to its end.
        Where a refusal is meant, a cut reply has a label, since refusals open replies, and an empty
        one has none. There are no probabilities. Raises ModelUnavailable.
        """

        def show(row: str, generation: Generation) -> NewText:
            shown = {"text": texts[row], "reply": generation.written}
            return NewText.of(row, generation, shown)

        prompts = {row: self.prompt(text, contexts.get(row)) for row, text in texts.items()}
        for chunk in self.generate(inputs, prompts, show=show):
            yield [
                Classified(
                    written.row_id, self._verdict(written.generation), written.generation.written
                )
                for written in chunk
            ]

    def _verdict(self, generation: Generation) -> Verdict:
        if generation.text is None:
            return Verdict(error=generation.error)
        if self.refusal_means is not None:
            return _verdict_by_refusal(generation.text, self.refusal_means)
        if generation.cut:
            return Verdict(error="the reply was cut before its end")
        label = find_label(generation.text, self.labels)
        return Verdict(label=label) if label else Verdict(error="the reply names no label")


class ClassifyStage:
    """Asks about every sample that the job was given, the longest first."""

    name: ClassVar[str] = "judge"  # as in the folders of jobs
    reads: ClassVar[tuple[str, ...]] = ("samples",)
    writes: ClassVar[str] = "evaluation_rows"
    Params: ClassVar[type[StageParams]] = ClassifyParams

    def run(self, inputs: Inputs, params: ClassifyParams) -> Iterator[pl.DataFrame]:
        """The rows, chunk by chunk; see `ClassifyParams.classify`. Raises ModelUnavailable."""
        samples = read_samples(inputs)
        if params.dataset_digest is not None:
            samples = samples.with_columns(digest=pl.lit(params.dataset_digest))
        texts = dict(zip(samples["sample_id"], samples["text"], strict=True))
        contexts = dict(zip(samples["sample_id"], samples["context"], strict=True))
        for chunk in params.classify(inputs, texts, contexts):
            asked = pl.DataFrame({"sample_id": [item.row_id for item in chunk]})
            yield evaluation_rows(
                asked.join(samples, on="sample_id", how="left", maintain_order="left"),
                [item.verdict for item in chunk],
                params.detector_id,
                inputs.job_id,
                replies=[item.reply for item in chunk],
            )


def _verdict_by_refusal(reply: str, meanings: tuple[str, str]) -> Verdict:
    if is_blank(reply):
        return Verdict(error="the reply is empty")
    refused, other = meanings
    return Verdict(label=refused if is_refusal(reply) else other)
