"""Recall on production: what was missed among all that was not flagged, from a labelled sample."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import polars as pl

from engine.statistics.estimate import Estimate
from engine.statistics.label_noise import weighted_share
from engine.statistics.stratified import FEW, Stratum, estimate_share, share_of_both
from store.counting import counted
from store.database.connection import Database
from store.flagging import count_verdicts
from store.observed import Selection
from store.recall import read_flagged_patterns, read_sampled, read_score_range
from tui.services.results.flaggers import Flagger, find_flagger
from tui.services.results.patterns import summarise_patterns
from tui.services.task_labels import require_labels
from tui.services.workspace import Workspace

METHOD: Final = (
    "misses: stratified sample without replacement, strata of equal sums of square roots by score "
    "(Dalenius and Hodges), half of the labels by size and half by Neyman's rule with the mean "
    "score as prior, at least two in each; interval by the score test of the weighted share, which "
    "covers 93 to 97 % where four or more misses were found, else 93 to 100 %. Recall: flagged "
    "positives / (flagged positives + misses), interval by MOVER for their ratio"
)


@dataclass(frozen=True, slots=True)
class RecallStratum:
    """A stratum of rows with scores from `low` on and below `high`; neither where they have none.

    Of `size` rows `drawn` are in the sample, `labelled` of them have a label, by which `misses`
    are positive.
    """

    low: float | None
    high: float | None
    size: int
    drawn: int
    labelled: int
    misses: int


@dataclass(frozen=True, slots=True)
class Recall:
    """What a guard or a detector, `name`, misses on a dataset, by the sample of a selection.

    It flagged `flagged` and not `unflagged` rows when the sample was drawn; `added` were not
    flagged since, and `without_text` of the log could not be drawn. Of `drawn` rows `labelled` have
    a label, `put_off` were skipped or are unsure, and `shared` wait in clusters of several rows.
    `scored_by` is "log" or a detector. `per_10000` are misses of what was not flagged; `precision`
    is that of what was flagged, weighted by rows, of `patterns` labelled patterns. `notes` say what
    is missing for a figure, or weakens it.
    """

    dataset: str
    name: str
    selection_id: str
    selected_at: datetime
    scored_by: str | None
    flagged: int
    unflagged: int
    added: int
    without_text: int
    drawn: int
    labelled: int
    put_off: int
    shared: int
    misses: int
    per_10000: Estimate | None
    precision: Estimate | None
    patterns: int
    recall: Estimate | None
    strata: tuple[RecallStratum, ...]
    notes: tuple[str, ...]
    method: str


def read_recall(
    workspace: Workspace, database: Database, name: str, selection: Selection
) -> Recall:
    """What a sample says by now of the guard or the detector of a name, of whom it was drawn.

    Raises LabelUnknown where rows have labels that the task lacks.
    """
    dataset, settings = selection.dataset, selection.settings
    flagger = find_flagger(workspace, database, dataset, name)
    sampled = read_sampled(database, selection.selection_id)
    require_labels(workspace.task, sampled["label"].drop_nulls(), f"Rows of {dataset!r} have")
    strata = _count(sampled, settings["strata"], workspace.task.positives)
    now = read_score_range(database, flagger.flagging)
    unflagged = sum(item.size for item in strata)
    share = estimate_share([Stratum(item.size, item.labelled, item.misses) for item in strata])
    precision, patterns = _read_precision(workspace, database, flagger)
    log = count_verdicts(database, dataset)
    return Recall(
        dataset=dataset,
        name=name,
        selection_id=selection.selection_id,
        selected_at=selection.selected_at,
        scored_by=settings["scored_by"],
        flagged=settings["flagged"],
        unflagged=unflagged,
        added=max(now.unflagged - unflagged, 0),
        without_text=log.without_text,
        drawn=sampled.height,
        labelled=sum(item.labelled for item in strata),
        put_off=int(sampled["put_off"].sum()),
        shared=int(sampled["shared"].sum()),
        misses=sum(item.misses for item in strata),
        per_10000=_times(10_000, share),
        precision=precision,
        patterns=patterns,
        recall=_recall(precision, settings["flagged"], share, unflagged),
        strata=strata,
        notes=(
            *_notes(strata, precision, settings["flagged"], _patterns_command(flagger)),
            *(_mixed_guards(log.guards, dataset) if flagger.detector_id is None else ()),
        ),
        method=METHOD,
    )


def _read_precision(
    workspace: Workspace, database: Database, flagger: Flagger
) -> tuple[Estimate | None, int]:
    """The precision of what was flagged, and by how many labelled patterns.

    It is that which the patterns of the same guard or detector show; else that of the rows in
    other patterns that it flags.
    """
    found = summarise_patterns(workspace, database, flagger.flagging.dataset)
    if found.precision is not None and found.guard == (flagger.detector_id and flagger.name):
        decided = [item for item in found.patterns if item.flagged and item.label is not None]
        return found.precision, len(decided)
    patterns = read_flagged_patterns(database, flagger.flagging)
    hits = patterns["label"].is_in(sorted(workspace.task.positives)).to_list()
    return weighted_share(hits, patterns["rows"].to_list()), patterns.height


def _count(
    sampled: pl.DataFrame, strata: Sequence[dict[str, Any]], positives: frozenset[str]
) -> tuple[RecallStratum, ...]:
    found = []
    for place, stratum in enumerate(strata):
        labels = sampled.filter(pl.col("stratum") == place)["label"].drop_nulls()
        misses = int(labels.is_in(sorted(positives)).sum())
        found.append(RecallStratum(**stratum, labelled=labels.len(), misses=misses))
    return tuple(found)


def _recall(
    precision: Estimate | None, flagged: int, share: Estimate | None, unflagged: int
) -> Estimate | None:
    hits, misses = _times(flagged, precision), _times(unflagged, share)
    return share_of_both(hits, misses) if hits and misses else None


def _times(factor: int, share: Estimate | None) -> Estimate | None:
    if share is None:
        return None
    return Estimate(factor * share.value, (factor * share.low, factor * share.high), share.n)


def _patterns_command(flagger: Flagger) -> str:
    command = f"backquery patterns --on {flagger.flagging.dataset}"
    return command if flagger.detector_id is None else f"{command} --detector {flagger.name}"


def _mixed_guards(guards: int, dataset: str) -> list[str]:
    """That the log is of several guards or versions, if it is."""
    if guards < 2:
        return []
    return [
        f"The log is of {guards} guards or versions; these figures are of all together. For those "
        f"of one: `backquery evaluate NAME --on {dataset}`, then `recall` with --detector NAME."
    ]


def _notes(
    strata: Sequence[RecallStratum], precision: Estimate | None, flagged: int, patterns: str
) -> list[str]:
    """What is missing; `patterns` is the command that selects what was flagged."""
    notes = []
    if empty := sum(not item.labelled for item in strata):
        notes.append(
            f"{counted(empty, 'stratum has', 'strata have')} no labelled row yet, so nothing is "
            "estimated."
        )
    elif (misses := sum(item.misses for item in strata)) < FEW:
        notes.append(
            f"{counted(misses, 'miss', 'misses')} found, fewer than {FEW}: intervals are wider "
            "than they need to be, and cover the truth in 93 to 100 % of samples."
        )
    if not flagged:
        notes.append("Nothing was flagged, so nothing positive was: recall is 0 or undefined.")
    elif precision is None:
        notes.append(
            "How many flagged rows are positive is not known: label patterns of them "
            f"(`{patterns}`)."
        )
    return notes
