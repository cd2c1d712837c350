"""How a language model is asked: the parameters that stages which generate text share."""

from collections import abc
from typing import ClassVar, Self

from pydantic import Field

from engine.errors import CompletionsRefused
from engine.generation.chunks import Show, Written, generate_in_chunks
from engine.generation.concurrency import TIMEOUT_S, Concurrent
from engine.generation.limits import Limits
from engine.generation.loading import load_generator
from engine.generation.protocol import Generator, Quantization, Sampling
from engine.generation.templates import Prompt, Template
from engine.jobs.params import StageParams
from engine.jobs.settings import (
    AnswerSettings,
    CorrectionSettings,
    QuerySettings,
    ScenarioSettings,
)
from engine.jobs.stage import Inputs
from engine.models.references import parse_reference
from store.ids import row_id


class GenerationParams(StageParams):
    """How a language model is asked for each row.

    `batch_rows` is halved by itself where memory does not suffice. `concurrent` and `timeout_s`
    concern servers only; see `load_generator`. `attempt` counts from 1; another attempt at the same
    row gets another id and other random numbers. The first rows may not exceed `limits`; without
    any, nobody looks at them. `chat_template` is one that comes along, for servers of chats.
    """

    chat_template: ClassVar[str] = "papers"

    model: str
    template: Template
    sampling: Sampling = Sampling()
    quantization: Quantization = "none"
    batch_rows: int = Field(default=64, ge=1)
    concurrent: Concurrent = "auto"
    timeout_s: float = Field(default=TIMEOUT_S, gt=0)
    seed: int = 0
    attempt: int = Field(default=1, ge=1)
    limits: Limits = Field(default_factory=dict)

    @classmethod
    def of(
        cls,
        settings: QuerySettings | AnswerSettings | ScenarioSettings | CorrectionSettings,
        model: str,
        template: Template,
        *,
        seed: int,
        attempt: int,
        limits: Limits,
    ) -> Self:
        """The parameters of a model that is asked as workspace.toml says."""
        return cls(
            model=model,
            template=template,
            sampling=settings.sampling,
            quantization=settings.quantization,
            batch_rows=settings.batch_rows,
            concurrent=settings.concurrent,
            timeout_s=settings.timeout_s,
            seed=seed,
            attempt=attempt,
            limits=limits,
        )

    @property
    def made(self) -> dict[str, str]:
        """The columns by which a stored row was asked for in this way, whatever the attempt."""
        return {
            "model": self.model_name,
            "template_digest": self.template.digest,
            "sampling": self.sampling_json,
        }

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

    @property
    def schema_text(self) -> str | None:
        """The JSON schema by which the model must write; None for text of any form."""
        return None

    def row_id(self, kind: str, parent_id: str) -> str:
        """The id of the row made from a parent in this way; never of its text."""
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
        """The columns that queries and answers have in common; tokens are of all candidates.

        `kept` is the number of the candidate that the row is made of.
        """
        return {
            **self.made,
            "attempt": self.attempt,
            "template": self.template.name,
            "prompt_digest": written.prompt_digest,
            "new_tokens": sum(generation.new_tokens for generation in written.generations),
            "error": written.generations[kept].error,
        }

    def load(self, inputs: Inputs) -> Generator:
        """The model, loaded, which takes its time. Raises ModelUnavailable."""
        inputs.progress.note(f"loads {self.model_name}")
        generator = load_generator(
            self.model,
            quantization=self.quantization,
            device=inputs.device,
            concurrent=self.concurrent,
            timeout_s=self.timeout_s,
            schema=self.schema_text,
            waiting=inputs.progress.wait,
            decoded=inputs.progress.decoded,
        )
        inputs.progress.note("")
        return generator

    def prompts(self, texts: abc.Mapping[str, str], *, whole: bool = False) -> dict[str, Prompt]:
        """The prompts of texts by their ids, `whole` if none may be cut."""
        return {row: self.template.fill(text, whole=whole) for row, text in texts.items()}

    def generate(
        self,
        inputs: Inputs,
        prompts: abc.Mapping[str, Prompt],
        candidates: int = 1,
        *,
        show: Show,
        generator: Generator | None = None,
    ) -> abc.Generator[list[Written], None, None]:
        """The rows of each chunk that is still to be written, once the model is loaded.

        `prompts` are by the ids of their rows; `show` makes what is shown of each text. A
        `generator` that was loaded before is used as it is.
        """
        if not prompts:
            return
        try:
            yield from generate_in_chunks(
                inputs,
                prompts,
                generator or self.load(inputs),
                self.template.stop,
                self.sampling,
                seed=self.seed + self.attempt - 1,
                batch_rows=self.batch_rows,
                way=self.row_id("way", ""),
                show=show,
                candidates=candidates,
            )
        except CompletionsRefused as error:
            raise CompletionsRefused(
                f"{error} The template {self.template.name!r} asks for a plain completion, and "
                "such servers mostly take chats only: name a template of style chat in "
                f"workspace.toml, such as {self.chat_template}, or check the model's name and the "
                "address."
            ) from error
