"""What a generator is: a language model that continues prompts, here or on a server."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol

from pydantic import BaseModel, ConfigDict, Field

if TYPE_CHECKING:
    from engine.generation.templates import Prompt

Quantization = Literal["none", "nf4"]
"""How a local model's weights are held: as they are, or in 4 bits (bitsandbytes NF4)."""


class Sampling(BaseModel):
    """Sampling parameters; the defaults are those of STAR, appendix B.

    Token counts are of new tokens. Logits are always renormalised after the processors.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    min_new_tokens: int = Field(default=5, ge=0)
    max_new_tokens: int = Field(default=250, ge=1)
    temperature: float = Field(default=0.6, ge=0)  # 0 is greedy decoding
    no_repeat_ngram_size: int = Field(default=5, ge=0)  # 0 is off


@dataclass(frozen=True, slots=True)
class Generation:
    """What came back for one prompt: the text as the model wrote it, without thought and stop.

    `cut` is true where the token limit ended it. A failed row has an `error` and no text. `raw` is
    all that was written, where that is more than the text. `unsent` says which parameters the
    server refused, and how it was asked instead; "" if it took all of them.
    """

    text: str | None
    new_tokens: int
    cut: bool
    error: str | None = None
    raw: str | None = None
    unsent: str = ""

    @property
    def written(self) -> str | None:
        """All that was written, thought included."""
        return self.text if self.raw is None else self.raw


class OutOfMemory(Exception):
    """The batch did not fit; the caller halves it and tries again."""


class Generator(Protocol):
    """A language model behind its reference.

    `remote` generators cost money or time elsewhere: their replies are kept one by one.
    """

    remote: bool

    def render(self, prompt: "Prompt") -> str:
        """The exact text that the model is given, chat template included."""

    def count_tokens(self, rendered: Sequence[str]) -> list[int]:
        """The length of each rendered prompt in tokens (or an estimate)."""

    def generate(
        self, prompts: "Sequence[Prompt]", stop: Sequence[str], sampling: Sampling, seed: int
    ) -> Iterator[tuple[int, Generation]]:
        """Yield (index into prompts, generation) as rows finish, in any order.

        Local models take the prompts as one batch and the same seed gives the same texts on
        one machine, set of versions and number of threads. Raises OutOfMemory if the batch
        does not fit, ModelUnavailable or ServerRefused where no prompt could ever succeed.
        """
