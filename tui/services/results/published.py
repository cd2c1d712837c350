"""Figures that papers published, to be read beside one's own; they were not measured here."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from tui.services.results.comparison import Comparison
from tui.services.results.inlined import INLINED
from tui.services.settings import presets


@dataclass(frozen=True, slots=True)
class PublishedScores:
    """What a paper says of a detector: shares from 0 to 1, and its speed; None of what it omits."""

    detector: str
    accuracy: float | None = None
    precision: float | None = None
    recall: float | None = None
    f1: float | None = None
    roc_auc: float | None = None
    pairs_per_minute: int | None = None
    latency_s: float | None = None


@dataclass(frozen=True, slots=True)
class Published:
    """The rows of a paper's table on a benchmark of `n` rows, None if it does not say, and where
    it is.
    """

    benchmark: str
    source: str
    note: str
    rows: tuple[PublishedScores, ...]
    n: int | None = None


@dataclass(frozen=True, slots=True)
class ComparisonWithPapers:
    """A comparison beside the figures of a paper; `published_further` are its other tables."""

    comparison: Comparison = field(metadata=INLINED)
    published: Published
    published_further: tuple[Published, ...]


def read_published(task: str) -> tuple[Published, ...]:
    """The tables of the paper on a task, in its order; none if there is no paper on it."""
    papers = [
        tomllib.loads(file.read_text(encoding="utf-8"))
        for file in (presets() / "published").iterdir()
        if file.name.endswith(".toml")
    ]
    return tuple(table for paper in papers if paper["task"] == task for table in _tables(paper))


def _tables(paper: dict[str, Any]) -> Iterator[Published]:
    for table in paper["tables"]:
        rows = tuple(PublishedScores(**row) for row in table.pop("rows"))
        yield Published(**table, rows=rows)
