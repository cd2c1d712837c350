"""What the labelling screen says of what was done."""

from typing import TYPE_CHECKING

from tui.views import ClusterQueue, Labels

if TYPE_CHECKING:
    from store.clusters import Cluster
    from store.decisions import Action


def describe_cluster(queue: ClusterQueue, cluster: "Cluster") -> str:
    """Return a cluster by its place in the queue, and its size."""
    place = queue.at_cluster(cluster.cluster_id).index + 1
    return f"cluster {place}, {cluster.size:,} row{'' if cluster.size == 1 else 's'}"


def describe_outlook(queue: ClusterQueue) -> str:
    """Return what the person can do now, after a decision."""
    if queue.current is not None and queue.current.decision is None:
        return "u undoes it."
    if queue.skipped:
        return f"None is left but {queue.skipped} skipped; j and k go to them."
    return "All clusters are decided; F1 says what comes next."


def describe_action(queue: ClusterQueue, action: "Action", labels: Labels) -> str:
    """Return an action that was undone or done again; `queue` looks at its cluster, if active."""
    if action.decisions > 1:
        return f"{action.decisions:,} decisions taken at once"
    label = labels.named(action.label) if action.label else None
    what = f"{label.glyph} {label.name}" if label else action.kind
    cluster = queue.current
    if cluster is None or cluster.cluster_id != action.cluster_id:
        return f"{what}, on something that is not in this list"
    return f"{what}, {describe_cluster(queue, cluster)}"
