"""Clusters and what is decided on them, made up for tests of what is in memory."""

from store.cluster_states import ClusterState
from store.clusters import Cluster
from tui.screens.label.decisions import Decisions


def cluster(name: str, size: int = 1, confidence: float = 0.9, **columns: object) -> Cluster:
    values = {
        "dataset": None, "predicted_label": "advice", "seed_labels": {}, "datasets": {},
        "parent_id": None, **columns,
    }  # fmt: skip
    return Cluster(
        cluster_id=name, size=size, spread=0.1, confidence=confidence,
        representative_id=f"a-{name}", representative=name, **values,  # type: ignore[arg-type]
    )  # fmt: skip


def state(kind: str | None, reach: int | None = None) -> ClusterState:
    label = "advice" if kind == "label" else None
    return ClusterState(kind, label, reach, "ada", annotators=("ada",) if kind else ())


def decisions(*kinds: str | None) -> Decisions:
    """Clusters named by number, the largest first, each decided as a kind says."""
    clusters = [cluster(str(n), 10 - n) for n in range(len(kinds))]
    states = {str(n): state(kind) for n, kind in enumerate(kinds) if kind}
    return Decisions(clusters, states, annotator="ada")
