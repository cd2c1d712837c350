"""Stage `judge`: which label a language model gives rows, told only what the labels mean.

It writes evaluation rows as `evaluate` does, but in the planned chunks of `queries` and `answers`,
so that it resumes as they do and no reply of a server is paid for twice. `annotate` asks in the
same way about answers.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar, Final, Self

import polars as pl
from pydantic import Field

from engine.generation.chunks import Written
from engine.generation.label_replies import find_label
from engine.generation.params import GenerationParams
from engine.generation.protocol import Generation, Sampling
from engine.generation.templates import Template
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

    `dataset_digest` is the `benchmark_digest` of the whole dataset, of which the job may be given
    the rows that are missing; without it, all rows are those that the job was given.
    """

    detector_id: str
    dataset_digest: str | None = None
    labels: tuple[str, ...] = Field(min_length=2)

    @classmethod
    def zero_shot(
        cls,
        reference: ModelReference,
        template: Template,
        labels: tuple[str, ...],
        settings: AnswerSettings,
        seed: int,
    ) -> Self:
        """A model loaded, and asked in batches as large, as those that answer.

        Its id follows from the model, the prompt, the labels and the seed.
        """
        asked = cls(
            detector_id="",
            labels=labels,
            model=str(reference),
            template=template,
            sampling=SERVER_SAMPLING if reference.kind == "openai" else SAMPLING,
            quantization=settings.quantization,
            batch_rows=settings.batch_rows,
            concurrent=settings.concurrent,
            timeout_s=settings.timeout_s,
            seed=seed,
        )
        return asked.model_copy(update={"detector_id": asked.row_id("judge", row_id(*labels))})

    def classify(self, inputs: Inputs, texts: Mapping[str, str]) -> Iterator[list[Classified]]:
        """Texts by their ids, classified chunk by chunk, the longest first.

        A reply that names no label has an error in place of a label; so has a reply that was cut,
        since its verdict may have been to come, and a text that the model cannot read to its end.
        There are no probabilities. Raises ModelUnavailable.
        """

        def show(row: str, generation: Generation) -> NewText:
            shown = {"text": texts[row], "reply": generation.written}
            return NewText.of(row, generation, shown)

        for chunk in self.generate(inputs, self.prompts(texts, whole=True), show=show):
            yield [
                Classified(
                    written.row_id, _verdict(written, self.labels), written.generation.written
                )
                for written in chunk
            ]


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
        for chunk in params.classify(inputs, texts):
            asked = pl.DataFrame({"sample_id": [item.row_id for item in chunk]})
            yield evaluation_rows(
                asked.join(samples, on="sample_id", how="left", maintain_order="left"),
                [item.verdict for item in chunk],
                params.detector_id,
                inputs.job_id,
                replies=[item.reply for item in chunk],
            )


def _verdict(written: Written, labels: tuple[str, ...]) -> Verdict:
    reply = written.generation.text
    if reply is None:
        return Verdict(error=written.generation.error)
    if written.generation.cut:
        return Verdict(error="the reply was cut before its end")
    label = find_label(reply, labels)
    return Verdict(label=label) if label else Verdict(error="the reply names no label")
