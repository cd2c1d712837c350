"""What stages read of workspace.toml; without polars, because the app reads it early."""

from typing import Annotated, Final, Literal, Protocol

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from engine.generation.concurrency import TIMEOUT_S, Concurrent
from engine.generation.limits import QualitySettings
from engine.generation.protocol import Quantization, Sampling
from engine.models.architecture import LONGEST_SIDE, Architecture
from engine.training.hyperparameters import TrainingSettings
from store.spaces import Embeddings

NAME_PATTERN: Final = r"^[A-Za-z0-9][A-Za-z0-9._+-]*$"
NAME_RULE: Final = "use letters, digits, dots, plus signs, underscores and hyphens"
Name = Annotated[str, StringConstraints(pattern=NAME_PATTERN)]


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


def require_difference(candidates: int, sampling: Sampling) -> None:
    """Raise ValueError where several candidates would all be the same."""
    if candidates > 1 and sampling.temperature == 0:
        raise ValueError(
            "at temperature 0 all candidates are the same: "
            "set candidates = 1, or a temperature above 0"
        )


class QuerySettings(_Table):
    """How questions are asked for; without `sampling`, as in STAR's appendix B.

    Of several `candidates`, the one that `encoder` finds nearest to the seed is kept.
    """

    model: str
    template: Name
    quantization: Quantization = "none"
    batch_rows: int = Field(default=64, ge=1)
    concurrent: Concurrent = "auto"
    timeout_s: float = Field(default=TIMEOUT_S, gt=0)
    sampling: Sampling = Sampling()
    candidates: int = Field(default=1, ge=1, le=16)
    encoder: str = "bundled:all-minilm-l6-v2"

    @model_validator(mode="after")
    def _candidates_can_differ(self) -> "QuerySettings":
        require_difference(self.candidates, self.sampling)
        return self


class AnswerSettings(_Table):
    """How questions are answered; every model answers every question."""

    models: tuple[str, ...] = Field(min_length=1)
    template: Name
    quantization: Quantization = "none"
    batch_rows: int = Field(default=64, ge=1)
    concurrent: Concurrent = "auto"
    timeout_s: float = Field(default=TIMEOUT_S, gt=0)
    sampling: Sampling = Sampling()


class ScenarioSettings(_Table):
    """How scenarios are asked for, by the model of `queries` unless one is named.

    `structured` models are held to the JSON schema: by the server, or token by token here, where a
    text then ends at the latest after `longest_context` or `longest_text` characters.
    """

    model: str | None = None
    template: Name = "scenario"
    quantization: Quantization = "none"
    batch_rows: int = Field(default=16, ge=1)
    concurrent: Concurrent = "auto"
    timeout_s: float = Field(default=TIMEOUT_S, gt=0)
    structured: bool = True
    longest_context: int | None = Field(default=None, ge=20)
    longest_text: int | None = Field(default=None, ge=20)
    sampling: Sampling = Sampling(
        min_new_tokens=0, max_new_tokens=4096, temperature=1.0, no_repeat_ngram_size=0
    )


class CorrectionSettings(_Table):
    """How corrections are asked for, by the first model of `answers` unless one is named.

    Without a `template` it is that of the task's kind: "correct" or "correct-pair".
    """

    model: str | None = None
    template: Name | None = None
    quantization: Quantization = "none"
    batch_rows: int = Field(default=16, ge=1)
    concurrent: Concurrent = "auto"
    timeout_s: float = Field(default=TIMEOUT_S, gt=0)
    candidates: int = Field(default=4, ge=1, le=16)
    sampling: Sampling = Sampling(max_new_tokens=512, temperature=0.8)

    @model_validator(mode="after")
    def _candidates_can_differ(self) -> "CorrectionSettings":
        require_difference(self.candidates, self.sampling)
        return self


class DetectorSettings(TrainingSettings):
    """How detectors are fine-tuned, where a recipe's stage does not say otherwise.

    Only pairs have an `architecture`. `max_length` is in tokens: of a text, of a pair for a
    cross-encoder, of the text for a bi-encoder, whose context has a limit of its own.
    """

    base: str
    max_length: int = Field(default=256, ge=8)
    architecture: Architecture = "cross-encoder"
    max_context_length: int = Field(default=LONGEST_SIDE, ge=8)

    @property
    def max_pair_length(self) -> int:
        """The `max_length` of pairs: of which more are taken than of texts, unless it is set."""
        return self.max_length if "max_length" in self.model_fields_set else LONGEST_SIDE


class ClusterSettings(_Table):
    """k-means clusters for each predicted label, within each dataset or over all.

    `embeddings` are the detector's, those of the encoder of `queries`, or both side by side.
    """

    k: int = Field(default=20, ge=1)
    scope: Literal["dataset", "all"]
    embeddings: Embeddings = "detector"


class DriftSettings(_Table):
    """The model of BERTScore, its layer, and the precision of its numbers."""

    model: str
    layer: int = Field(ge=0)
    precision: Literal["float32", "bfloat16"] = "float32"


class RunSettings(Protocol):
    """What the stages of a run read of workspace.toml."""

    @property
    def seed(self) -> int:
        """The seed of all that is drawn."""

    @property
    def queries(self) -> QuerySettings:
        """The table `queries`."""

    @property
    def answers(self) -> AnswerSettings:
        """The table `answers`."""

    @property
    def quality(self) -> QualitySettings:
        """The table `quality`."""

    @property
    def clusters(self) -> ClusterSettings:
        """The table `clusters`."""

    @property
    def drift(self) -> DriftSettings:
        """The table `drift`."""
