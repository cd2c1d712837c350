"""Corrections in figures: how many right alarms were corrected, what was refused, what waits."""

from collections.abc import Mapping
from dataclasses import dataclass

from engine.statistics.estimate import Estimate
from engine.statistics.measures import wilson
from store.approvals import Correction, list_patterns, read_corrections
from store.corrections import count_corrections
from store.database.connection import Database
from store.datasets import require_dataset
from tui.services.learning import make_labels_fresh
from tui.services.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Corrections:
    """Corrections of what a guard flagged rightly, in a dataset, or in all where that is null.

    `right_alarms` are flagged answers that people call positive. Of those with a prompt, `asked`
    ones were asked for a correction, and `corrected` ones have one that was kept: the share is
    `corrected_share`. `written` candidates were `kept`, or refused for these reasons. Of corrected
    answers in patterns, `waiting` ones wait to be approved. `example` is one of those, or else of
    those that are approved.
    """

    dataset: str | None
    right_alarms: int
    without_prompt: int
    asked: int
    corrected: int
    corrected_share: Estimate | None
    written: int
    kept: int
    refused: Mapping[str, int]
    patterns: int
    waiting_patterns: int
    waiting: int
    approved: int
    example: Correction | None


def read_figures(workspace: Workspace, database: Database, dataset: str | None) -> Corrections:
    """The figures as the labels are now. Raises UnknownName."""
    if dataset is not None:
        require_dataset(database, dataset)
    make_labels_fresh(workspace, database)
    positives = workspace.task.positives
    counts = count_corrections(database, positives, dataset)
    patterns = list_patterns(database, positives, dataset)
    approved = sum(item.approved for item in patterns)
    shown = read_corrections(database, positives, patterns[0].cluster_id) if patterns else []
    return Corrections(
        dataset=dataset,
        right_alarms=counts.right_alarms,
        without_prompt=counts.without_prompt,
        asked=counts.asked,
        corrected=counts.corrected,
        corrected_share=wilson(counts.corrected, counts.asked),
        written=counts.written,
        kept=counts.kept,
        refused=counts.reasons,
        patterns=len(patterns),
        waiting_patterns=sum(not item.is_approved for item in patterns),
        waiting=sum(item.corrected for item in patterns) - approved,
        approved=approved,
        example=shown[0] if shown else None,
    )
