"""What a person decided: an append-only history, and undo and redo over it.

An action is one thing the person did and may hold several decisions (a bulk action, a file).
Undo and redo are decisions too; they name the action they turn off or on again. They go by
annotator: nobody undoes another's work. A new action ends redo.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from store.database import Cursor, Database
from store.errors import DecisionRefused

Kind = Literal["label", "skip", "unsure", "flag", "note", "split"]


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision to be recorded, on a cluster or on a single answer.

    `label` goes with kind "label", `note` with "note". A label on an answer is an override.
    """

    kind: Kind
    cluster_id: str | None = None
    answer_id: str | None = None
    label: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Action:
    """An action as it stands in the history; `decisions` counts those it held."""

    action_id: str
    kind: str
    cluster_id: str | None
    answer_id: str | None
    label: str | None
    decisions: int


def record(database: Database, annotator: str, decisions: Sequence[Decision]) -> str:
    """Append decisions as one action and return its id; they are on disk when this returns."""
    if not decisions:
        raise DecisionRefused("There is nothing to decide.")
    for decision in decisions:
        if (decision.cluster_id is None) == (decision.answer_id is None):
            raise DecisionRefused("A decision is about one cluster or one answer.")
        if (decision.kind == "label") != (decision.label is not None):
            raise DecisionRefused("A label goes with a decision of kind label, and only there.")
    action_id = secrets.token_hex(8)
    with database.write() as cursor:
        for decision in decisions:
            cursor.execute(
                """INSERT INTO decisions (action_id, annotator, kind, cluster_id, answer_id,
                label, note, decided_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)""",
                [
                    action_id,
                    annotator,
                    decision.kind,
                    decision.cluster_id,
                    decision.answer_id,
                    decision.label,
                    decision.note,
                    database.now(),
                ],
            )
    return action_id


def undo(database: Database, annotator: str) -> Action:
    """Turn off the annotator's newest action that counts, and return it.

    Raises DecisionRefused when nothing is left to undo.
    """
    return _turn(database, annotator, "undo")


def redo(database: Database, annotator: str) -> Action:
    """Turn the annotator's last undone action on again, and return it.

    Raises DecisionRefused when nothing was undone since the newest action.
    """
    return _turn(database, annotator, "redo")


def _turn(database: Database, annotator: str, kind: Literal["undo", "redo"]) -> Action:
    with database.write() as cursor:
        done, undone = _stacks(cursor, annotator)
        stack = done if kind == "undo" else undone
        if not stack:
            raise DecisionRefused(f"There is nothing left to {kind}.")
        target = stack[-1]
        cursor.execute(
            """INSERT INTO decisions (action_id, annotator, kind, target_action_id, decided_at)
            VALUES (?, ?, ?, ?, ?)""",
            [secrets.token_hex(8), annotator, kind, target, database.now()],
        )
        row = cursor.one(
            """SELECT action_id, any_value(kind), any_value(cluster_id), any_value(answer_id),
               any_value(label), count(*)
            FROM decisions WHERE action_id = ? GROUP BY action_id""",
            [target],
        )
    return Action(*row)


def _stacks(cursor: Cursor, annotator: str) -> tuple[list[str], list[str]]:
    """Replay the annotator's history: the actions that count, and those that can be redone."""
    rows = cursor.rows(
        """SELECT action_id, any_value(kind), any_value(target_action_id)
        FROM decisions WHERE annotator = ? GROUP BY action_id ORDER BY min(decision_id)""",
        [annotator],
    )
    done: list[str] = []
    undone: list[str] = []
    for action_id, kind, target in rows:
        if kind == "undo":
            done.remove(target)
            undone.append(target)
        elif kind == "redo":
            undone.remove(target)
            done.append(target)
        else:
            done.append(action_id)
            undone.clear()
    return done, undone


def cluster_decisions(database: Database) -> dict[str, tuple[str, str | None]]:
    """Return (kind, label) of the newest label, skip or unsure of every cluster that has one."""
    with database.read() as cursor:
        rows = cursor.rows("SELECT cluster_id, kind, label FROM cluster_decisions")
    return {cluster_id: (kind, label) for cluster_id, kind, label in rows}
