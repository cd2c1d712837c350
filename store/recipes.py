"""Recipes as they are in a file: which rows make up which stage of a detector's training."""

import tomllib
from collections.abc import Collection
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from store.errors import RecipeRefused
from store.flags import Flag
from store.purposes import Purpose
from store.validation import describe_problems

Origin = Literal[
    "centroid", "propagated", "learned", "override", "audited", "carried", "constructed"
]
DatasetKind = Literal["all", "with-positives", "without-positives", "seeds"]
Share = Annotated[float, Field(ge=0, le=1)]
_OF_ANSWERS: Final = (
    "min_f1", "max_f1", "without_flags", "min_confidence", "nearest", "origins", "audited_only"
)  # fmt: skip


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Source(_Part):
    """Rows of one kind. `seed_labels` chooses by the label of the seed, `labels` by the row's own.

    `datasets` may name datasets, or say "with-positives" (those with a sample that is labelled
    positive), "without-positives" or "seeds" (those with the role seed). `share` keeps so much of
    the rows of each label, at least one, and `max_per_label` at most so many, both drawn by the
    recipe's seed.

    The rest is for answers: synthetic rows, and those of production that were labelled. `min_f1`
    and `max_f1` bound the BERTScore F1 of answer against seed, in the configuration that was scored
    last. `without_flags` leaves out answers with these flags, or in a cluster that an annotator
    flagged. `min_confidence` is the initial detector's probability of the label it predicted. Three
    concern labels that came from a cluster, so they let an annotator's own label of a single answer
    pass but for `origins`: `nearest` keeps that per cent of a cluster's members, nearest first and
    at least the representative; `audited_only` keeps clusters with a finding in an audit of
    propagated labels and no wrong one. `nearest` lets learned labels pass too, which came from no
    cluster. `selected_for` keeps rows of production that were selected for these purposes and for
    no other.
    """

    rows: Literal["real", "synthetic", "production"]
    datasets: DatasetKind | tuple[str, ...] = "all"
    seed_labels: Literal["any", "positive", "negative"] = "any"
    labels: tuple[str, ...] | None = Field(default=None, min_length=1)
    share: float | None = Field(default=None, gt=0, le=1)
    max_per_label: int | None = Field(default=None, ge=1)
    min_f1: float | None = None
    max_f1: float | None = None
    without_flags: tuple[Flag | Literal["flagged-cluster"], ...] = ()
    min_confidence: Share | None = None
    nearest: float | None = Field(default=None, gt=0, le=100)
    origins: tuple[Origin, ...] | None = Field(default=None, min_length=1)
    audited_only: bool = False
    selected_for: tuple[Purpose, ...] | None = Field(default=None, min_length=1)

    @model_validator(mode="after")
    def _filters_fit_together(self) -> "Source":
        given = [name for name in _OF_ANSWERS if name in self.model_fields_set]
        if self.rows == "real" and given:
            raise ValueError(f'{", ".join(given)}: not for rows = "real"')
        if self.rows != "production" and self.selected_for is not None:
            raise ValueError('selected_for: only for rows = "production"')
        if self.min_f1 is not None and self.max_f1 is not None and self.min_f1 > self.max_f1:
            raise ValueError(f"min_f1 ({self.min_f1}) is above max_f1 ({self.max_f1})")
        return self


class RecipeStage(_Part):
    """One training stage. `balance` "smallest-label" keeps the largest balanced subset.

    `training` says what the stage does otherwise than the workspace's settings; who trains it
    checks that.
    """

    source: tuple[Source, ...] = Field(min_length=1)
    balance: Literal["none", "smallest-label"] = "none"
    training: dict[str, str | int | float] = Field(default_factory=dict)


class Recipe(_Part):
    """A recipe file: its name, its origin, and its stages in training order.

    `architecture` is for pairs: what is trained, where it is not what workspace.toml says.
    """

    name: str
    description: str
    architecture: Literal["cross-encoder", "bi-encoder"] | None = None
    stage: tuple[RecipeStage, ...] = Field(min_length=1)

    @property
    def reads_probabilities(self) -> bool:
        """Whether a training stage asks how probable the labels of its rows are."""
        return any(
            stage.training.get("row_weights") == "probability"
            or stage.training.get("targets") == "soft"
            for stage in self.stage
        )

    def require_labels(self, labels: Collection[str]) -> None:
        """Raise RecipeRefused where a source names a label that is not among these."""
        named = {
            name for stage in self.stage for source in stage.source for name in source.labels or ()
        }
        if unknown := sorted(named.difference(labels)):
            raise RecipeRefused(
                f"Recipe {self.name!r} asks for rows of {', '.join(unknown)}, which the task does "
                f"not have. Its labels: {', '.join(labels)}."
            )


def load_recipe(path: Path) -> Recipe:
    """Read a recipe file. Raises RecipeRefused with the file and what is wrong."""
    try:
        return Recipe.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise RecipeRefused(f"The recipe {path} cannot be read: {error}") from error
    except ValidationError as error:
        problems = describe_problems(error)
        raise RecipeRefused(f"The recipe {path} cannot be used: {problems}.") from error
