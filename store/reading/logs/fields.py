"""The fields beside the text that rows of chats and of scores may have, whoever wrote them."""

from dataclasses import dataclass
from datetime import datetime

from store.reading.logs.records import Feedback, Row, Verdict
from store.reading.logs.values import (
    as_feedback,
    as_names,
    as_row,
    as_score,
    as_time,
    as_verdict,
    first,
    word,
)


@dataclass(frozen=True, slots=True)
class Said:
    """What a row says of a text: its id and time, and what a guard and a user said."""

    own_id: str | None
    conversation: str | None
    logged_at: datetime | None
    guard: str | None
    guard_version: str | None
    verdict: Verdict | None
    score: float | None
    categories: tuple[str, ...]
    feedback: Feedback | None


def said_in(row: Row) -> Said:
    """The fields of a row, where they are called as they usually are. Raises RowRefused.

    A guard's word may be an object of its own, `guardrail`, with `valid` as any-guardrail has it.
    """
    inner = as_row(first(row, "guardrail", "moderation"))
    guard = first(row, "guard", "detector", "guard_name") or first(inner, "name", "guard")
    version = first(row, "guard_version", "detector_version") or inner.get("version")
    return Said(
        own_id=word(first(row, "id", "uuid", "request_id", "custom_id")),
        conversation=word(
            first(row, "conversation_id", "conversation_hash", "session_id", "chat_id", "thread_id")
        ),
        logged_at=as_time(first(row, "timestamp", "time", "created_at", "logged_at", "created")),
        guard=word(guard),
        guard_version=word(version),
        verdict=_verdict(row) or _verdict(inner),
        score=as_score(first(row, "score") if "score" in row else inner.get("score")),
        categories=as_names(first(row, "categories") or inner.get("categories")),
        feedback=as_feedback(row.get("feedback")),
    )


def _verdict(row: Row) -> Verdict | None:
    if isinstance(row.get("valid"), bool):
        return "passed" if row["valid"] else "flagged"
    return as_verdict(first(row, "verdict", "flagged", "action"))
