"""What the screen shows of a try, in words and without polars."""

from dataclasses import dataclass, field
from typing import Final

SEEDS: Final = (10, 20, 50, 100)  # to choose from


@dataclass(frozen=True, slots=True)
class WayView:
    """A way of asking and its figures; a way that was not asked yet has none."""

    number: int
    is_current: bool
    template: str
    model: str
    temperature: str
    n: str
    similarity: str
    rate: str
    signs: str
    error: str = ""

    @property
    def mark(self) -> str:
        """Its number, with a star for the way that workspace.toml has."""
        return f"{self.number}{'*' if self.is_current else ' '}"


@dataclass(frozen=True, slots=True)
class QuestionView:
    """What a way asked for a seed, or why it could not."""

    way: int
    text: str
    remark: str  # similarity and flags
    is_error: bool


@dataclass(frozen=True, slots=True)
class SeedView:
    """A seed, and what each way asked for it."""

    dataset: str
    text: str
    questions: tuple[QuestionView, ...]


@dataclass(frozen=True, slots=True)
class TrialView:
    """The last try as far as it is."""

    job_id: str
    is_running: bool
    ways: tuple[WayView, ...]
    seeds: tuple[SeedView, ...]


@dataclass(frozen=True, slots=True)
class Options:
    """What can be tried; the first of each is what workspace.toml has."""

    templates: tuple[str, ...]
    models: tuple[str, ...]
    temperatures: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be tried, crossed."""

    seeds: int = 20
    templates: tuple[str, ...] = ()
    models: tuple[str, ...] = ()
    temperatures: tuple[float, ...] = ()

    @property
    def ways(self) -> int:
        """How many ways that makes."""
        return len(self.templates) * len(self.models) * len(self.temperatures)


@dataclass(frozen=True, slots=True)
class Taken:
    """A way that was written into workspace.toml, and what that changed there."""

    number: int
    changes: tuple[str, ...] = field(default=())
