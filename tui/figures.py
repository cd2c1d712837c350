"""The figures of a workspace in the shape in which `--json` prints them and screens show them."""

from dataclasses import asdict
from typing import Any

from engine.measures import (
    BinaryMeasures,
    Confusion,
    Estimate,
    count_binary,
    count_confusion,
    measure_binary,
)
from store.clusters import list_clusters, member_ids
from store.counts import count_all
from store.database import Database
from store.decisions import ClusterState, read_states
from store.detectors import Evaluation, list_evaluations
from tui.workspace import JobView, Workspace, view_job

MEASURES = ("accuracy", "precision", "recall", "f1", "false_positive_rate")


def status_figures(workspace: Workspace, database: Database) -> dict[str, Any]:
    """Return counts of everything, and the jobs, oldest first."""
    jobs = [job_figures(view_job(job)) for job in workspace.supervisor.jobs()]
    return {**asdict(count_all(database)), "jobs": jobs}


def job_figures(view: JobView) -> dict[str, Any]:
    """Return a job's state and how far each of its stages is."""
    return {
        "job_id": view.job.job_id,
        "stages": [stage.name for stage in view.stages],
        "state": view.state,
        "done": view.done,
        "total": view.total,
        "created_at": view.spec.created_at,
        "error": view.error,
        "progress": [asdict(stage) for stage in view.stages],
    }


def cluster_figures(database: Database) -> list[dict[str, Any]]:
    """Return the active clusters, largest first, each with its members, nearest first."""
    members, states = member_ids(database), read_states(database)
    undecided = ClusterState()
    return [
        {
            "cluster_id": cluster.cluster_id,
            "dataset": cluster.dataset,
            "predicted_label": cluster.predicted_label,
            "size": cluster.size,
            "decision": states.get(cluster.cluster_id, undecided).kind,
            "label": states.get(cluster.cluster_id, undecided).label,
            "annotator": states.get(cluster.cluster_id, undecided).annotator,
            "is_flagged": states.get(cluster.cluster_id, undecided).is_flagged,
            "note": states.get(cluster.cluster_id, undecided).note,
            "confidence": cluster.confidence,
            "spread": cluster.spread,
            "seed_labels": cluster.seed_labels,
            "representative": {
                "answer_id": cluster.representative_id,
                "text": cluster.representative,
            },
            "members": members[cluster.cluster_id],
        }
        for cluster in list_clusters(database)
    ]


def measure(evaluation: Evaluation, positives: frozenset[str]) -> BinaryMeasures:
    """Collapse an evaluation to positive and negative and return its measures."""
    truth, predicted = _rows(evaluation)
    return measure_binary(count_binary(truth, predicted, positives))


def confusion(evaluation: Evaluation, labels: tuple[str, ...]) -> Confusion:
    """Return the confusion matrix over all labels of the task."""
    return count_confusion(*_rows(evaluation), labels)


def _rows(evaluation: Evaluation) -> tuple[list[str], list[str | None]]:
    pairs = [pair for pair, rows in evaluation.confusion.items() for _ in range(rows)]
    return [truth for truth, _ in pairs], [predicted for _, predicted in pairs]


def comparison_figures(
    workspace: Workspace, database: Database, dataset: str, detector_ids: list[str] | None = None
) -> dict[str, Any]:
    """Return every detector judged on a dataset with its measures and their intervals."""
    evaluations = [
        evaluation
        for evaluation in list_evaluations(database, dataset)
        if detector_ids is None or evaluation.detector_id in detector_ids
    ]
    return {
        "benchmark": dataset,
        "n": max((evaluation.n for evaluation in evaluations), default=0),
        "positive": sorted(workspace.task.positives),
        "interval": "95 %, Wilson; for F1 Wilson's carried over from TP/(TP+FP+FN)",
        "rows": [_comparison_row(workspace, evaluation) for evaluation in evaluations],
    }


def _comparison_row(workspace: Workspace, evaluation: Evaluation) -> dict[str, Any]:
    measures = measure(evaluation, workspace.task.positives)
    row: dict[str, Any] = {
        "detector": evaluation.detector,
        "detector_id": evaluation.detector_id,
        "recipe": evaluation.recipe,
        "n": evaluation.n,
    }
    intervals = {}
    for name in MEASURES:
        estimate: Estimate | None = getattr(measures, name)
        short = "fpr" if name == "false_positive_rate" else name
        row[short] = estimate.value if estimate else None
        intervals[short] = [estimate.low, estimate.high] if estimate else None
    matrix = confusion(evaluation, workspace.task.labels)
    row["intervals"] = intervals
    row["confusion"] = {"labels": list(matrix.labels), "rows": [list(line) for line in matrix.rows]}
    row["failed"] = matrix.failed
    return row
