"""Reads what LiteLLM logs of each call (StandardLoggingPayload), as files and buckets keep it.

A record is one guard's word on one text: the user's last turn before the call and during it, the
model's answer after it. A call that no guard spoke of is its answer alone.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from store.reading.cells import RowRefused
from store.reading.chats import Speaker, last_turn
from store.reading.logs.bedrock import names_of_assessments
from store.reading.logs.records import (
    Asked,
    Layout,
    LogRecord,
    Missing,
    PassedOver,
    Reader,
    Row,
    Verdict,
)
from store.reading.logs.turns import system_text
from store.reading.logs.values import (
    as_feedback,
    as_names,
    as_row,
    as_score,
    as_text,
    as_time,
    first,
    from_json,
    text_or_none,
    word,
)

# Statuses of today and of older versions, as LiteLLM itself reads those.
_VERDICTS: Final[dict[str, Verdict | None]] = {
    "success": "passed",
    "guardrail_intervened": "flagged",
    "guardrail_flagged": "flagged",
    "blocked": "flagged",
    "guardrail_failed_to_respond": "failed",
    "failure": "failed",
    "not_run": None,
}
_INFORMATION: Final = ("guardrail_information", "standard_logging_guardrail_information")
_OF_A_CALL: Final = frozenset(
    ("call_type", "response_cost", "startTime", "model_group", "trace_id")
)
_ENOUGH: Final = 3  # of those, beside messages and a response


def recognises(row: Row) -> bool:
    """Whether a row is a payload of LiteLLM."""
    row = _payload(row)
    if _information(row):
        return True
    is_call = len(_OF_A_CALL.intersection(row)) >= _ENOUGH
    return is_call and "messages" in row and "response" in row


def _payload(row: Row) -> Row:
    inner = row.get("standard_logging_object")
    return as_row(inner) if inner else row


def _information(row: Row) -> list[Row]:
    """What guards said: a list, or in older versions one object."""
    metadata = as_row(row.get("metadata"))
    for place in (row, metadata):
        for name in _INFORMATION:
            found = from_json(place.get(name))
            if isinstance(found, dict):
                return [found]
            if isinstance(found, list):
                return [item for item in found if isinstance(item, dict)]
    return []


def _open(asked: Asked, _: Sequence[Row]) -> Reader:
    def read(row: Row) -> Iterator[LogRecord | PassedOver]:
        return _read(_payload(row), asked)

    return read


def _read(row: Row, asked: Asked) -> Iterator[LogRecord | PassedOver]:
    if not ("messages" in row or "response" in row or _information(row)):
        raise RowRefused("neither messages nor a response, nor what a guardrail said")
    call = _Call(row)
    spoken = _information(row)
    if not spoken:
        yield call.record(asked.turn or "assistant")
        return
    seen: Counter[tuple[str | None, Speaker]] = Counter()
    for entry in spoken:
        side = _side(entry)
        if asked.turn not in (None, side):
            yield PassedOver(f"a guardrail's word on the {side}'s text")
            continue
        guard = word(entry.get("guardrail_name"))
        yield call.judged(entry, side, guard, seen[guard, side])
        seen[guard, side] += 1


def _side(entry: Row) -> Speaker:
    """Whose text a guard spoke of; where several moments are named, the first decides."""
    mode = entry.get("guardrail_mode")
    if isinstance(mode, dict):
        mode = mode.get("default")
    if isinstance(mode, list):
        mode = mode[0] if mode else None
    name = str(mode).rpartition(".")[2]  # "GuardrailEventHooks.post_call" in some versions
    return "assistant" if name.startswith("post") else "user"


class _Call:
    """What all records of one call have in common."""

    def __init__(self, row: Row) -> None:
        self._row = row
        self._metadata = as_row(row.get("metadata"))
        self._id = word(first(row, "id", "litellm_call_id", "request_id"))
        messages = from_json(row.get("messages"))
        self._system = system_text(messages)
        self._asked = _user_text(messages)
        self._prompt = text_or_none(self._asked)
        self._time = first(row, "startTime", "start_time", "endTime")
        session = first(self._metadata, "session_id", "litellm_session_id", "conversation_id")
        self._conversation = word(session or first(row, "session_id", "trace_id"))
        self._feedback = as_feedback(first(row, "feedback") or self._metadata.get("feedback"))

    def record(self, side: Speaker) -> LogRecord:
        """The text of a side, of which no guard spoke."""
        text, missing = self._text(side)
        return LogRecord(
            side, text, missing, self._id,
            prompt=self._prompt if side == "assistant" else None,
            context=text_or_none(self._system if side == "user" else self._prompt),
            conversation=self._conversation,
            logged_at=as_time(self._time),
            feedback=self._feedback,
        )  # fmt: skip

    def _text(self, side: Speaker) -> tuple[str | None, Missing | None]:
        if side == "user":
            return as_text(self._asked)
        return as_text(_response_text(from_json(self._row.get("response"))))

    def judged(self, entry: Row, side: Speaker, guard: str | None, nth: int) -> LogRecord:
        """The text of a side, with what a guard said of it."""
        said = as_row(entry.get("guardrail_response"))
        status = str(entry.get("guardrail_status", "not_run")).lower()
        if status not in _VERDICTS:
            raise RowRefused(f"unknown guardrail_status {status[:40]!r}")
        named = first(entry, "guardrail_version", "version") or first(said, "version", "model")
        text, missing = self._text(side)
        return LogRecord(
            side, text, missing, f"{self._id}:{nth}" if nth and self._id else self._id,
            prompt=self._prompt if side == "assistant" else None,
            context=text_or_none(self._system if side == "user" else self._prompt),
            conversation=self._conversation,
            logged_at=as_time(entry.get("start_time")) or as_time(self._time),
            guard=guard or word(entry.get("guardrail_provider")),
            guard_version=word(named),
            verdict=_VERDICTS[status],
            score=as_score(first(entry, "risk_score", "confidence_score") or first(said, "score")),
            categories=_categories(entry, said),
            feedback=as_feedback(entry.get("feedback")) or self._feedback,
        )  # fmt: skip


def _categories(entry: Row, said: Row) -> tuple[str, ...]:
    found = as_names(entry.get("violation_categories")) or as_names(said.get("categories"))
    masked = entry.get("masked_entity_count")
    return (
        found or names_of_assessments(said) or (tuple(masked) if isinstance(masked, dict) else ())
    )


def _user_text(messages: object) -> object:
    """What the user said last; a text that stands for all messages comes back as it is."""
    if isinstance(messages, dict):
        return messages.get("content")
    return last_turn(messages, "user") if isinstance(messages, list) else messages


def _response_text(response: object) -> object:
    """The text of a response: of a chat, a completion, Anthropic's, or OpenAI's responses."""
    if not isinstance(response, dict):
        return response
    for choice in response.get("choices") or ():
        message = choice.get("message") if isinstance(choice, dict) else None
        if isinstance(message, dict):
            return last_turn([{"role": "assistant", **message}], "assistant")
        if isinstance(choice, dict) and "text" in choice:
            return choice["text"]
    if isinstance(response.get("content"), (list, str)):
        return last_turn([{"role": "assistant", "content": response["content"]}], "assistant")
    outputs = [item for item in response.get("output") or () if isinstance(item, dict)]
    texts = [last_turn([{"role": "assistant", **item}], "assistant") for item in outputs]
    return "\n".join(text for text in texts if text) or response.get("text")


LITELLM: Final = Layout("LiteLLM", recognises, _open)
