"""What a generator is: a language model that continues prompts, here or on a server."""

from collections import abc
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol, TypeAlias, runtime_checkable

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

    `cut` is true where the token limit ended it, `stopped` where a stop string was seen to. A
    failed row has an `error` and no text. `raw` is all that was written, where that is more than
    the text. `unsent` says which parameters the server refused, and how it was asked instead; "" if
    it took all of them.
    """

    text: str | None
    new_tokens: int
    cut: bool
    error: str | None = None
    raw: str | None = None
    unsent: str = ""
    stopped: bool = False

    @property
    def written(self) -> str | None:
        """All that was written, thought included."""
        return self.text if self.raw is None else self.raw


@dataclass(frozen=True, slots=True)
class Request:
    """One prompt for a server, with the name that its reply is kept under, and a seed."""

    name: str
    prompt: "Prompt"
    seed: int


Keep: TypeAlias = Callable[[str, Generation], None]
"""What keeps a reply, under the name of its request."""

Replies: TypeAlias = abc.Generator[tuple[str, Generation], None, None]
"""The names of requests with their replies; closing it gives up what was not sent yet."""


class OutOfMemory(Exception):
    """The batch did not fit; the caller halves it and tries again."""


class Generator(Protocol):
    """A language model behind its reference."""

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


@runtime_checkable
class ServedGenerator(Generator, Protocol):
    """A language model that a server runs; a reply may cost money, so each is kept as it comes."""

    def flow(
        self, requests: Iterable[Request], stop: Sequence[str], sampling: Sampling, keep: Keep
    ) -> Replies:
        """Yield the name and the reply of each request as they arrive, in any order.

        `keep` is called for each before it is yielded, one at a time, in another thread. Raises
        ServerRefused where no prompt could ever succeed, and whatever `keep` raises.
        """
