"""Figures that papers published, to be read beside one's own; they were not measured here."""

import tomllib
from dataclasses import dataclass, field

from tui.services.results.comparison import Comparison
from tui.services.results.inlined import INLINED
from tui.services.settings import presets


@dataclass(frozen=True, slots=True)
class PublishedScores:
    """What a paper says of a detector: shares from 0 to 1."""

    detector: str
    accuracy: float
    precision: float
    recall: float
    f1: float


@dataclass(frozen=True, slots=True)
class Published:
    """The rows of a paper's table on a benchmark of `n` rows, and where it is."""

    benchmark: str
    n: int
    source: str
    note: str
    rows: tuple[PublishedScores, ...]


@dataclass(frozen=True, slots=True)
class ComparisonWithPapers:
    """A comparison beside the figures of papers."""

    comparison: Comparison = field(metadata=INLINED)
    published: Published


def read_published() -> Published:
    """The papers' rows on HeAL."""
    text = (presets() / "published" / "heal.toml").read_text(encoding="utf-8")
    found = tomllib.loads(text)
    rows = tuple(PublishedScores(**row) for row in found.pop("rows"))
    return Published(**found, rows=rows)
