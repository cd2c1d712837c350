"""The sample by which recall is estimated: drawn of what was not flagged, and made a queue."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import polars as pl

from engine.jobs.draft import JobDraft
from engine.statistics.strata import allocate, cut_scores
from store.counting import counted
from store.database.connection import Database
from store.observed import (
    SELECTED,
    Selection,
    list_selections,
    select_observed,
    unclustered_answers,
)
from store.recall import (
    CELLS,
    ScoreRange,
    count_cells,
    draw_unflagged,
    read_sampled,
    read_score_range,
)
from tui.services.errors import NothingToDo
from tui.services.jobs.observed import draft_observed
from tui.services.results.flagger_names import GUARD
from tui.services.results.flaggers import Flagger, find_flagger
from tui.services.workspace import Workspace

PURPOSE: Final = "recall"
SAMPLE: Final = 200
BINS: Final = 6
LEAST_SAMPLE: Final = 20
MOST_BINS: Final = 20


@dataclass(frozen=True, slots=True)
class RecallRequest:
    """A sample of what the guard, or a detector, did not flag: its size, and strata of scores.

    Where neither is named, the sample that is there already is meant.
    """

    dataset: str
    name: str = GUARD
    sample: int | None = None
    bins: int | None = None

    @property
    def is_of_another(self) -> bool:
        """Whether a sample is wanted that need not be the one that is there."""
        return self.sample is not None or self.bins is not None


@dataclass(frozen=True, slots=True)
class _Strata:
    """Strata of what was not flagged: last cells, rows, mean scores from 0 to 1, rows to draw.

    Rows without a score are a last stratum, whose mean is that of all.
    """

    ends: tuple[int, ...]
    sizes: tuple[int, ...]
    means: tuple[float, ...]
    drawn: tuple[int, ...]


def find_sample(
    workspace: Workspace, database: Database, request: RecallRequest
) -> Selection | None:
    """The newest sample of what this guard or detector did not flag at its present threshold."""
    flagger = find_flagger(workspace, database, request.dataset, request.name)
    found = [
        item
        for item in list_selections(database, request.dataset)
        if item.purpose == PURPOSE and _key(item.settings) == _key(_about(flagger))
    ]
    return found[-1] if found else None


def take_sample(workspace: Workspace, database: Database, request: RecallRequest) -> Selection:
    """The sample that is there, or one that is drawn now. Raises NothingToDo where all is flagged.

    A larger sample has the rows of a smaller one of the same strata in it, so that their labels
    count again.
    """
    if not request.is_of_another:
        known = find_sample(workspace, database, request)
        if known is not None:
            return known
    flagger = find_flagger(workspace, database, request.dataset, request.name)
    scores = read_score_range(database, flagger.flagging)
    if not scores.unflagged:
        raise NothingToDo(f"{request.name} flagged every row of {request.dataset!r}.")
    sample, bins = request.sample or SAMPLE, request.bins or BINS
    strata = _cut(database, flagger, scores, sample, bins)
    seed = workspace.settings.seed
    rows = draw_unflagged(database, flagger.flagging, scores, strata.ends, strata.drawn, seed)
    settings = {
        **_about(flagger), "scored_by": flagger.scored_by, "sample": sample, "bins": bins,
        "seed": seed, "flagged": scores.flagged, "strata": _describe(strata, scores),
    }  # fmt: skip
    selection_id = select_observed(
        database, request.dataset, PURPOSE, _as_selected(workspace, rows), settings
    )
    (taken,) = [item for item in list_selections(database) if item.selection_id == selection_id]
    return taken


def draft_labelling(workspace: Workspace, database: Database, selection_id: str) -> JobDraft | None:
    """The job that makes a sample ready to be labelled, one row a key; None where it is.

    What has a label already needs no key.
    """
    sampled = read_sampled(database, selection_id)
    waiting = unclustered_answers(database, sampled.filter(pl.col("label").is_null())["answer_id"])
    if waiting.is_empty():
        return None
    return draft_observed(workspace, database, waiting.to_list(), waiting.len())


def _about(flagger: Flagger) -> dict[str, Any]:
    return {"detector_id": flagger.detector_id, "threshold": flagger.flagging.threshold}


def _key(settings: Mapping[str, Any]) -> tuple[Any, Any]:
    return settings["detector_id"], settings["threshold"]


def _cut(
    database: Database, flagger: Flagger, scores: ScoreRange, sample: int, bins: int
) -> _Strata:
    """Strata by score, and how the sample goes to them, by the mean score as chance of a miss."""
    cells = count_cells(database, flagger.flagging, scores)
    scored = cells.drop_nulls("cell")
    counts = [0] * CELLS
    for cell, rows in scored.select("cell", "rows").rows():
        counts[cell] = rows
    ends = cut_scores(counts, bins) if any(counts) else []
    sizes, means = [], []
    for first, end in zip([-1, *ends], ends, strict=False):
        part = scored.filter(pl.col("cell").is_between(first + 1, end))
        sizes.append(int(part["rows"].sum()))
        means.append(_mean(part, scores))
    if unscored := int(cells.filter(pl.col("cell").is_null())["rows"].sum()):
        sizes.append(unscored)
        means.append(_mean(scored, scores))
    if 2 * len(sizes) > sample:
        raise NothingToDo(
            f"A sample of {sample} is too small for {counted(len(sizes), 'stratum', 'strata')}: "
            "give a larger --sample, or fewer --bins."
        )
    return _Strata(tuple(ends), tuple(sizes), tuple(means), tuple(allocate(sizes, means, sample)))


def _mean(part: pl.DataFrame, scores: ScoreRange) -> float:
    if part.is_empty():
        return 0.0
    mean = float((part["rows"] * part["score"]).sum()) / int(part["rows"].sum())
    return (mean - scores.low) / (scores.high - scores.low)


def _describe(strata: _Strata, scores: ScoreRange) -> list[dict[str, Any]]:
    """Each stratum: scores from `low` on and below `high`, null without, its size, rows drawn."""
    width = (scores.high - scores.low) / CELLS
    starts: Sequence[int] = [-1, *strata.ends]
    return [
        {
            "low": scores.low + width * (starts[place] + 1) if place < len(strata.ends) else None,
            "high": scores.low + width * (strata.ends[place] + 1)
            if place < len(strata.ends)
            else None,
            "size": size,
            "drawn": strata.drawn[place],
        }
        for place, size in enumerate(strata.sizes)
    ]


def _as_selected(workspace: Workspace, rows: pl.DataFrame) -> pl.DataFrame:
    """Rows to select; what the guard let pass is clustered as the first negative label."""
    negative = next(label.name for label in workspace.task.label if not label.positive)
    passed = pl.when(pl.col("verdict") == "passed").then(pl.lit(negative))
    return rows.select("sample_id", passed.alias("label"), "stratum").cast(SELECTED)
