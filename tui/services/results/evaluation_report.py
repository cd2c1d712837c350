"""All that is known of one detector on one dataset."""

from dataclasses import dataclass, field

from engine.statistics.lengths import LengthGrid
from engine.statistics.slices import Slice
from store.database.connection import Database
from store.detectors import find_contestant
from tui.services.results.alarms import Alarms, count_alarms
from tui.services.results.comparison import Comparison, compare_detectors
from tui.services.results.failures import Failures, find_failures
from tui.services.results.inlined import INLINED
from tui.services.results.label_rules import describe_rule
from tui.services.results.lengths import read_length_grid
from tui.services.results.slices import slice_evaluation
from tui.services.workspace import Workspace


@dataclass(frozen=True, slots=True)
class EvaluationReport:
    """A comparison of just one detector, with its slices, alarms and failures.

    Of pairs there are `lengths`, too, where it gives probabilities. `rule` is a sentence on how a
    baseline gives its labels; None of a detector.
    """

    comparison: Comparison = field(metadata=INLINED)
    slices: tuple[Slice, ...]
    lengths: LengthGrid | None
    alarms: tuple[Alarms, ...]
    failures: Failures
    rule: str | None


def report_evaluation(
    workspace: Workspace, database: Database, dataset: str, detector_id: str
) -> EvaluationReport:
    """The report on a detector that was evaluated on a dataset."""
    return EvaluationReport(
        compare_detectors(workspace, database, dataset, [detector_id]),
        slice_evaluation(workspace, database, dataset, detector_id),
        read_length_grid(workspace, database, dataset, detector_id),
        count_alarms(workspace, database, dataset, [detector_id]),
        find_failures(database, dataset, detector_id),
        describe_rule(workspace, find_contestant(database, detector_id)),
    )
