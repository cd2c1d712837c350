"""The slices of an evaluation: where a detector errs."""

from engine.statistics.slices import Slice, SliceRow, measure_slices
from store.database.connection import Database
from store.evaluated_texts import EvaluatedText, read_evaluated_texts
from store.evaluations import list_evaluations
from tui.services.workspace import Workspace


def slice_evaluation(
    workspace: Workspace, database: Database, dataset: str, detector_id: str
) -> tuple[Slice, ...]:
    """The slices of a detector's newest evaluation, of labelled rows, the worst first."""
    rows = [
        _slice_row(row)
        for evaluation in list_evaluations(database, dataset)
        if evaluation.detector_id == detector_id
        for row in read_evaluated_texts(database, evaluation.evaluation_id)
    ]
    return tuple(measure_slices(rows, workspace.task.positives))


def _slice_row(row: EvaluatedText) -> SliceRow:
    return SliceRow(
        row.text, row.label, row.predicted, row.group, row.origin, row.context, row.dimensions
    )
