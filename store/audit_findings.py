"""What an annotator found in an audit: an append-only history, of which the newest counts.

A finding never changes a label. It is about the label as it was when its round was drawn,
whatever became of it since.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from store.database.connection import Database
from store.database.cursor import Cursor
from store.database.served import served
from store.errors import DecisionRefused, UnknownName

OPENING: Final = 300  # characters of a text that a list shows at most


@dataclass(frozen=True, slots=True)
class AuditItem:
    """A text to audit, and nothing that would give away its label or cluster.

    `context` is that of a prompt, None of other answers.
    """

    audit_id: str
    answer_id: str
    position: int
    text: str
    context: str | None


@dataclass(frozen=True, slots=True)
class Finding:
    """An audited item: the label as it was when drawn, and as found; None is unsure."""

    answer_id: str
    cluster_id: str
    dataset: str
    label: str
    found: str | None
    stratum_size: int


@dataclass(frozen=True, slots=True)
class WrongLabel:
    """An item found to have another label. `override` is the label that overrides it now."""

    answer_id: str
    cluster_id: str
    dataset: str
    label: str
    found: str
    override: str | None
    opening: str


@served
def next_item(database: Database, audit_id: str) -> AuditItem | None:
    """The first item of a round that is not audited, or None if all are."""
    with database.read() as cursor:
        rows = cursor.rows(
            """SELECT answer_id, position FROM audit_items ANTI JOIN judged_items
            USING (audit_id, answer_id) WHERE audit_id = ? ORDER BY position LIMIT 1""",
            [audit_id],
        )
        if not rows:
            return None
        answer_id, position = rows[0]
        text, query_id = cursor.one(
            "SELECT text, query_id FROM answers WHERE answer_id = ?", [answer_id]
        )
        context = cursor.rows(
            """SELECT text FROM queries WHERE query_id = ?
            AND (EXISTS (SELECT 1 FROM constructed_labels WHERE answer_id = ?)
                 OR EXISTS (SELECT 1 FROM observed_answers JOIN samples USING (sample_id)
                            WHERE answer_id = ? AND context IS NOT NULL))""",
            [query_id, answer_id, answer_id],
        )
    return AuditItem(audit_id, answer_id, position, text, context[0][0] if context else None)


@served
def record_finding(
    database: Database, annotator: str, audit_id: str, answer_id: str, label: str | None
) -> None:
    """Append a finding on an item; None is unsure. It is on disk when this returns."""
    with database.write() as cursor:
        if not cursor.rows(
            "SELECT 1 FROM audit_items WHERE audit_id = ? AND answer_id = ?", [audit_id, answer_id]
        ):
            raise UnknownName(f"The answer {answer_id} is not in the round {audit_id}.")
        kind = "unsure" if label is None else "label"
        _append(cursor, database, audit_id, answer_id, annotator, label, kind)


@served
def take_back(database: Database, annotator: str, audit_ids: Sequence[str]) -> None:
    """Take the newest finding in these rounds back. Raises DecisionRefused without one."""
    with database.write() as cursor:
        rows = cursor.rows(
            """SELECT audit_id, answer_id FROM judged_items WHERE list_contains(?, audit_id)
            ORDER BY judgement_id DESC LIMIT 1""",
            [audit_ids],
        )
        if not rows:
            raise DecisionRefused("There is nothing left to take back.")
        _append(cursor, database, *rows[0], annotator, None, "undo")


def _append(cursor: Cursor, database: Database, *values: str | None) -> None:
    cursor.execute(
        """INSERT INTO audit_judgements (audit_id, answer_id, annotator, label, kind, judged_at)
        VALUES (?, ?, ?, ?, ?, ?)""",
        [*values, database.now()],
    )


@served
def read_findings(database: Database, audit_id: str) -> list[Finding]:
    """The audited items of a round, in its order."""
    with database.read() as cursor:
        rows = cursor.rows(
            """SELECT answer_id, i.cluster_id, i.dataset, i.label, j.label, i.stratum_size
            FROM audit_items i JOIN judged_items j USING (audit_id, answer_id)
            WHERE audit_id = ? ORDER BY i.position""",
            [audit_id],
        )
    return [Finding(*row) for row in rows]


@served
def read_wrong(database: Database, audit_id: str) -> list[WrongLabel]:
    """The items of a round found to have another label, in its order."""
    with database.read() as cursor:
        rows = cursor.rows(
            """SELECT answer_id, i.cluster_id, i.dataset, i.label, j.label, o.label,
                   left(a.text, ?)
            FROM audit_items i JOIN judged_items j USING (audit_id, answer_id)
            JOIN answers a USING (answer_id) LEFT JOIN overrides o USING (answer_id)
            WHERE audit_id = ? AND j.label <> i.label ORDER BY i.position""",
            [OPENING, audit_id],
        )
    return [WrongLabel(*row) for row in rows]
