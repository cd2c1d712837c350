"""What annotators decided: an append-only history, and undo and redo over it.

An action is one thing an annotator did and may hold several decisions (a bulk action, a file).
Undo and redo are decisions too; they name the action they turn off or on again. They go by
annotator: nobody undoes another's work. A new action ends redo.
"""

import math
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from store.database.connection import Database
from store.database.cursor import Cursor
from store.database.served import served
from store.errors import DecisionRefused

PutOff = Literal["skip", "unsure"]  # what a cluster can be decided as in place of a label
Mark = Literal["flag", "unflag"]  # what stays on a cluster, whatever it is decided as
Approval = Literal["approve", "withdraw"]  # of the corrections of a cluster, beside its label
Kind = Literal[
    "label", PutOff, Mark, Approval, "note", "split", "exclude", "include", "ask-again", "keep"
]

_COLUMNS: Final = {
    "kind": "VARCHAR",
    "cluster_id": "VARCHAR",
    "answer_id": "VARCHAR",
    "label": "VARCHAR",
    "note": "VARCHAR",
    "reach": "BIGINT",
}


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision to be recorded, on a cluster or on a single answer.

    `label` goes with kind "label", `note` with "note", where an empty one takes the note away.
    `reach` says how many members a label reaches, nearest first; None is all. A label on an
    answer is an override; "exclude" leaves an answer out of training, "include" takes it back in,
    "ask-again" lets another question be written for its seed, "keep" leaves its label as it is,
    with a digest of what was said against it for a `note`. "approve" has for one the time until
    which the corrections were taken in that were seen, in ISO format; without one it is now.
    """

    kind: Kind
    cluster_id: str | None = None
    answer_id: str | None = None
    label: str | None = None
    note: str | None = None
    reach: int | None = None


@dataclass(frozen=True, slots=True)
class Action:
    """An action as it is in the history, with what it was about.

    `kind` and `label` are those of its first decision.
    """

    action_id: str
    kind: str
    label: str | None
    note: str | None
    cluster_ids: tuple[str, ...]
    answer_ids: tuple[str, ...]

    @property
    def size(self) -> int:
        """Number of decisions that it held."""
        return len(self.cluster_ids) + len(self.answer_ids)


def reach_of(size: int, percent: float) -> int | None:
    """How many members a label reaches if it spreads to the nearest `percent`.

    At least the representative; None, which is all of them, at 100.
    """
    return None if percent >= 100 else max(1, math.ceil(size * percent / 100))


@served
def record(database: Database, annotator: str, decisions: Sequence[Decision]) -> str:
    """Append decisions as one action and return its id; they are on disk when this returns."""
    with database.write(is_decision=True) as cursor:
        return append(cursor, annotator, decisions, database.now())


def append(cursor: Cursor, annotator: str, decisions: Sequence[Decision], at: datetime) -> str:
    """Append decisions as one action within a transaction, and return the action's id."""
    if not decisions:
        raise DecisionRefused("There is nothing to decide.")
    for decision in decisions:
        if (decision.cluster_id is None) == (decision.answer_id is None):
            raise DecisionRefused("A decision is about one cluster or one answer.")
        if (decision.kind == "label") != (decision.label is not None):
            raise DecisionRefused("A label goes with a decision of kind label, and only there.")
    action_id = secrets.token_hex(8)
    columns = [[getattr(item, name) for item in decisions] for name in _COLUMNS]
    each = ", ".join(f"unnest(?::{kind}[])" for kind in _COLUMNS.values())
    cursor.execute(
        f"""INSERT INTO decisions (action_id, annotator, decided_at, {", ".join(_COLUMNS)})
        SELECT ?, ?, ?::TIMESTAMP, {each}""",
        [action_id, annotator, at, *columns],
    )
    return action_id


@served
def undo(database: Database, annotator: str) -> Action:
    """Turn off the annotator's newest action that counts, and return it.

    Raises DecisionRefused when nothing is left to undo.
    """
    return _turn(database, annotator, "undo")


@served
def redo(database: Database, annotator: str) -> Action:
    """Turn the annotator's last undone action on again, and return it.

    Raises DecisionRefused when nothing was undone since the newest action.
    """
    return _turn(database, annotator, "redo")


# Actions are undone from the newest, so those that count stay in the order they were made in.
_LAST_DONE: Final = """
SELECT action_id FROM effective_decisions WHERE annotator = ? ORDER BY decision_id DESC LIMIT 1
"""
_LAST_UNDONE: Final = """
SELECT target_action_id FROM decisions
WHERE annotator = $1 AND kind = 'undo'
  AND target_action_id NOT IN (SELECT action_id FROM effective_decisions WHERE annotator = $1)
  AND decision_id > (SELECT coalesce(max(decision_id), 0) FROM decisions
                     WHERE annotator = $1 AND kind NOT IN ('undo', 'redo'))
ORDER BY decision_id DESC LIMIT 1
"""


def _turn(database: Database, annotator: str, kind: Literal["undo", "redo"]) -> Action:
    with database.write(is_decision=True) as cursor:
        found = cursor.rows(_LAST_DONE if kind == "undo" else _LAST_UNDONE, [annotator])
        if not found:
            raise DecisionRefused(f"There is nothing left to {kind}.")
        target = str(found[0][0])
        cursor.execute(
            """INSERT INTO decisions (action_id, annotator, kind, target_action_id, decided_at)
            VALUES (?, ?, ?, ?, ?)""",
            [secrets.token_hex(8), annotator, kind, target, database.now()],
        )
        return _read_action(cursor, target)


def _read_action(cursor: Cursor, action_id: str) -> Action:
    rows = cursor.rows(
        """SELECT kind, label, note, cluster_id, answer_id FROM decisions
        WHERE action_id = ? ORDER BY decision_id""",
        [action_id],
    )
    kind, label, note = rows[0][:3]
    cluster_ids = tuple(row[3] for row in rows if row[3] is not None)
    answer_ids = tuple(row[4] for row in rows if row[4] is not None)
    return Action(action_id, kind, label, note, cluster_ids, answer_ids)


@served
def read_overrides(database: Database) -> dict[str, dict[str, tuple[int, str]]]:
    """(rank, label) of every overridden answer, by its active leaf cluster and its id."""
    with database.read() as cursor:
        if not cursor.number("SELECT count(*) FROM overrides"):
            return {}
        rows = cursor.rows(
            """SELECT m.cluster_id, answer_id, m.rank, o.label
            FROM overrides o JOIN members m USING (answer_id)
            JOIN leaf_clusters USING (cluster_id) JOIN clusterings USING (clustering_id)
            WHERE active"""
        )
    found: dict[str, dict[str, tuple[int, str]]] = {}
    for cluster_id, answer_id, rank, label in rows:
        found.setdefault(cluster_id, {})[answer_id] = (rank, label)
    return found


@served
def action_times(database: Database, annotator: str) -> list[datetime]:
    """When the annotator labelled, skipped or was unsure, oldest first; in UTC."""
    with database.read() as cursor:
        rows = cursor.rows(
            """SELECT min(decided_at) FROM decisions
            WHERE annotator = ? AND kind IN ('label', 'skip', 'unsure')
            GROUP BY action_id ORDER BY min(decision_id)""",
            [annotator],
        )
    return [row[0] for row in rows]
