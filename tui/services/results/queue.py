"""Queues of production: what was labelled of each, and what the rows drawn at random say."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import polars as pl

from engine.selection.strategy import Strategy
from engine.statistics.estimate import Estimate
from engine.statistics.measures import wilson
from store.counting import counted
from store.database.connection import Database
from store.detectors import list_detectors
from store.observed import Selection
from store.queue import CHOSEN, DRAWN, list_queues, read_queued
from tui.services.bounds import QUEUE_BUDGET
from tui.services.workspace import Workspace

RECIPE = "production"


@dataclass(frozen=True, slots=True)
class QueuedRows:
    """Rows of a queue that came to it in one way, and how many of them were labelled.

    Of those labelled, `positives` are positive; `put_off` rows were skipped or are unsure.
    """

    rows: int
    labelled: int
    positives: int
    put_off: int

    @property
    def left(self) -> int:
        """Rows that nobody has decided."""
        return self.rows - self.labelled - self.put_off


@dataclass(frozen=True, slots=True)
class QueueState:
    """A queue: rows `chosen` by its strategy, and rows `drawn` at random from all that waited.

    Estimates are by the drawn rows alone, as chosen ones are unlike the others, with Wilson's
    interval: `prevalence` is the share of positives among the `waiting` rows that no selection had
    before, `precision` that among those of them that the guard flagged. None without such a row.
    """

    selection_id: str
    selected_at: datetime
    strategy: Strategy
    detectors: tuple[str, ...]
    waiting: int
    chosen: QueuedRows
    drawn: QueuedRows
    prevalence: Estimate | None
    precision: Estimate | None


@dataclass(frozen=True, slots=True)
class Queues:
    """The queues of a dataset of production, oldest first, and what to do next."""

    dataset: str
    queues: tuple[QueueState, ...]
    next_step: str


def read_queues(workspace: Workspace, database: Database, dataset: str) -> Queues:
    """The queues of a dataset as they are labelled now."""
    names = {item.detector_id: item.name for item in list_detectors(database)}
    queues = tuple(
        _read_state(workspace, database, item, names) for item in list_queues(database, dataset)
    )
    return Queues(dataset, queues, _next_step(workspace, dataset, queues))


def _read_state(
    workspace: Workspace, database: Database, selection: Selection, names: Mapping[str, str]
) -> QueueState:
    positives = workspace.task.positives
    rows = read_queued(database, selection.selection_id)
    drawn = rows.filter(pl.col("stratum") == DRAWN)
    labelled = drawn.filter(pl.col("label").is_not_null())
    flagged = labelled.filter(pl.col("is_flagged").fill_null(value=False))
    settings = selection.settings
    return QueueState(
        selection_id=selection.selection_id,
        selected_at=selection.selected_at,
        strategy=settings["strategy"],
        detectors=tuple(names.get(item, item) for item in settings["detector_ids"]),
        waiting=settings["waiting"],
        chosen=_count(rows.filter(pl.col("stratum") == CHOSEN), positives),
        drawn=_count(drawn, positives),
        prevalence=wilson(_count(labelled, positives).positives, labelled.height),
        precision=wilson(_count(flagged, positives).positives, flagged.height),
    )


def _count(rows: pl.DataFrame, positives: Collection[str]) -> QueuedRows:
    return QueuedRows(
        rows=rows.height,
        labelled=rows["label"].count(),
        positives=int(rows["label"].is_in(sorted(positives)).sum()),
        put_off=int(rows["is_put_off"].sum()),
    )


def _next_step(workspace: Workspace, dataset: str, queues: Sequence[QueueState]) -> str:
    left = sum(item.chosen.left + item.drawn.left for item in queues)
    labelled = sum(item.chosen.labelled + item.drawn.labelled for item in queues)
    if not queues:
        return f"`backquery queue --on {dataset} --budget {QUEUE_BUDGET}` chooses rows to label."
    if left:
        return (
            f"{counted(left, 'row')} {'waits' if left == 1 else 'wait'}: `backquery label "
            f"--dataset {dataset}` shows them, in the order of the queue."
        )
    if not labelled:
        return f"No row was labelled, so there is nothing to learn from. {_more(dataset)}"
    has_recipe = (workspace.path / "recipes" / f"{RECIPE}.toml").exists()
    train = (
        f"`backquery train {RECIPE}`"
        if has_recipe
        else 'A recipe with a source `rows = "production"`'
    )
    return (
        f"{counted(labelled, 'row')} of {dataset} {'is' if labelled == 1 else 'are'} labelled. "
        f"{train} trains with them. Then `backquery evaluate NAME --on "
        f"{dataset}` says of which rows the new detector is unsure. {_more(dataset)}"
    )


def _more(dataset: str) -> str:
    return f"`backquery queue --on {dataset} --budget {QUEUE_BUDGET}` chooses more."
