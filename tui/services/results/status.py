"""The figures of a workspace in the shape in which `--json` prints them and screens show them."""

from dataclasses import asdict
from typing import Any

from store.clusters import list_clusters, member_ids
from store.counts import count_all
from store.database.connection import Database
from store.decisions import ClusterState, read_states
from tui.services.workspace import Jobs, JobView


def status_figures(database: Database, jobs: Jobs) -> dict[str, Any]:
    """Return counts of everything, and the jobs, oldest first."""
    return {**asdict(count_all(database)), "jobs": [job_figures(view) for view in jobs.views]}


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
        "waits_for": view.waits_for or None,
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
