"""What is decided on clusters, as the decisions that count leave it."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Final

from store.database.connection import Database
from store.database.served import served
from store.decisions import Decision


@dataclass(frozen=True, slots=True)
class ClusterState:
    """What is decided on a cluster: the newest of label, skip and unsure, flag and note.

    `is_approved` says whether its corrections are, those that were seen.
    `annotator` made the newest decision; `annotators` are all who have one that counts.
    """

    kind: str | None = None
    label: str | None = None
    reach: int | None = None
    annotator: str | None = None
    is_flagged: bool = False
    note: str = ""
    annotators: tuple[str, ...] = ()
    is_approved: bool = False


def advance(state: ClusterState, decision: Decision, annotator: str) -> ClusterState:
    """A cluster's state after one more decision on it, without asking the store."""
    if decision.kind in ("flag", "unflag"):
        return replace(state, is_flagged=decision.kind == "flag")
    if decision.kind == "note":
        return replace(state, note=decision.note or "")
    if decision.kind in ("approve", "withdraw"):
        return replace(state, is_approved=decision.kind == "approve")
    return ClusterState(
        decision.kind,
        decision.label,
        decision.reach,
        annotator,
        state.is_flagged,
        state.note,
        tuple(sorted({*state.annotators, annotator})),
        state.is_approved,
    )


_STATES: Final = """
SELECT cluster_id, newest.kind, newest.label, newest.reach, newest.annotator,
       coalesce(mark = 'flag', false), coalesce(note, ''), annotators,
       coalesce(approval = 'approve', false)
FROM (SELECT cluster_id,
             arg_max({'kind': kind, 'label': label, 'reach': reach, 'annotator': annotator},
                     decision_id) FILTER (kind IN ('label', 'skip', 'unsure')) AS newest,
             arg_max(kind, decision_id) FILTER (kind IN ('flag', 'unflag')) AS mark,
             arg_max(note, decision_id) FILTER (kind = 'note') AS note,
             arg_max(kind, decision_id) FILTER (kind IN ('approve', 'withdraw')) AS approval,
             list_sort(list(DISTINCT annotator)
                       FILTER (kind IN ('label', 'skip', 'unsure'))) AS annotators
      FROM effective_decisions WHERE cluster_id IS NOT NULL {which} GROUP BY cluster_id)
"""


@served
def read_states(
    database: Database, cluster_ids: Collection[str] | None = None
) -> dict[str, ClusterState]:
    """What is decided on these clusters, or on all; those without a decision are left out.

    A split has no state: the cluster gives way to its parts.
    """
    which = "" if cluster_ids is None else "AND list_contains(?, cluster_id)"
    values = [] if cluster_ids is None else [list(cluster_ids)]
    with database.read() as cursor:
        rows = cursor.rows(_STATES.replace("{which}", which), values)
    return {
        cluster_id: ClusterState(
            kind, label, reach, annotator, flagged, note, tuple(names or ()), approved
        )
        for cluster_id, kind, label, reach, annotator, flagged, note, names, approved in rows
    }
