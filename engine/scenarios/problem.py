"""A problem: what data is written from where there is none, `problem.toml` of a workspace.

The labels that it counts are those of `task.toml`; what they mean is said there.
"""

from typing import Annotated, Final

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)

from store.ids import text_digest
from store.words import normalise

WORD: Final = "seed word"
"""The name by which a draw's seed words are kept beside the values of its dimensions."""

MOST_OF_A_LABEL: Final = 50  # texts of one label in a scenario

Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Count = Annotated[int, Field(ge=0, le=MOST_OF_A_LABEL)]


def _described(value: object) -> object:
    """Values that are only named, as values with an empty description."""
    return dict.fromkeys(value, "") if isinstance(value, list) else value


def _all_differ(values: tuple[str, ...]) -> tuple[str, ...]:
    known: dict[str, str] = {}
    for value in values:
        key = normalise(value)
        if key in known:
            raise ValueError(f"{value!r} is there twice")
        known[key] = value
    return values


Lines = Annotated[tuple[Line, ...], AfterValidator(_all_differ)]
Values = Annotated[dict[Line, str], BeforeValidator(_described), Field(min_length=1)]


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Dimension(_Table):
    """Something in which scenarios differ; each gets one of its `values`, drawn at random.

    Values map to what they mean, or to "". A dimension with a `label` is of that label's texts
    alone, such as the way in which a question strays.
    """

    name: Line
    description: str = ""
    label: str | None = None
    values: Values


class SeedWords(_Table):
    """Words of which `per_scenario` are drawn for each scenario, so that no two are alike.

    They are listed here, or in a `file`, one a line; a path that is not absolute starts at the
    folder of `problem.toml`.
    """

    words: Lines = ()
    file: str | None = None
    per_scenario: int = Field(default=3, ge=1, le=20)

    @model_validator(mode="after")
    def _are_named_once(self) -> "SeedWords":
        if bool(self.words) == (self.file is not None):
            raise ValueError("needs either words or a file of them")
        if self.words and len(self.words) < self.per_scenario:
            raise ValueError(f"has fewer words than per_scenario, {self.per_scenario}")
        return self


class Example(_Table):
    """A real context with texts that were sent in it, by their labels."""

    context: Line
    texts: dict[str, Lines] = Field(min_length=1)


class Problem(_Table):
    """What a data set is written from.

    `counts` are how many texts of each label a scenario has, in the order in which they are asked
    for. Of the `example`s, `examples_per_scenario` are drawn for each; none may be repeated.
    """

    name: Line
    definition: Line
    in_scope: Lines = ()
    out_of_scope: Lines = ()
    edge_cases: Lines = ()
    counts: dict[str, Count] = Field(min_length=1)
    dimension: tuple[Dimension, ...] = Field(min_length=1)
    seed_words: SeedWords | None = None
    examples_per_scenario: int = Field(default=2, ge=0, le=10)
    example: tuple[Example, ...] = ()

    @model_validator(mode="after")
    def _fits_together(self) -> "Problem":
        names = [normalise(dimension.name) for dimension in self.dimension]
        if len(set(names)) < len(names):
            raise ValueError("two dimensions have the same name")
        if WORD in names:
            raise ValueError(f"{WORD!r} cannot be the name of a dimension: words are kept by it")
        if not any(self.counts.values()):
            raise ValueError("counts asks for no text at all")
        for place, label in self._labels_named():
            if not self.counts.get(label):
                raise ValueError(
                    f"{place} names the label {label!r}, of which counts asks for none"
                )
        return self

    def _labels_named(self) -> list[tuple[str, str]]:
        """Where labels are named beside counts: the place and the label."""
        named = [
            (f"dimension {dimension.name!r}", dimension.label)
            for dimension in self.dimension
            if dimension.label is not None
        ]
        return named + [
            (f"example {number}", label)
            for number, example in enumerate(self.example, start=1)
            for label in example.texts
        ]

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels of which texts are asked for, in the order of the file."""
        return tuple(label for label, count in self.counts.items() if count)

    @property
    def digest(self) -> str:
        """SHA-256 over all of it; words that are in a file count once they were read."""
        return text_digest(self.model_dump_json())
