"""Reads OpenTelemetry's conventions for generative AI: evaluations as events, and chat spans.

No convention has guardrails: an evaluation is taken for the word of one, whose name it has. Its
text is that of the span that it is an event of. Of a log without evaluations each answer of a
model is a record, of which no guard spoke.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from store.reading.chats import Speaker, last_turn
from store.reading.logs.records import Asked, Layout, LogRecord, PassedOver, Reader, Row
from store.reading.logs.spans import Span, spans_of
from store.reading.logs.turns import system_text
from store.reading.logs.values import (
    as_feedback,
    as_score,
    as_text,
    as_verdict,
    first,
    from_json,
    text_or_none,
    word,
)

_EVALUATION: Final = "gen_ai.evaluation.result"
_NAME: Final = "gen_ai.evaluation.name"
_INPUT: Final = "gen_ai.input.messages"
_OUTPUT: Final = "gen_ai.output.messages"
_SYSTEM: Final = "gen_ai.system_instructions"


def recognises(row: Row) -> bool:
    """Whether a row holds a span or an event of generative AI."""
    return any(name.startswith("gen_ai.") for span in spans_of(row) for name in span.attributes)


def _open(asked: Asked, head: Sequence[Row]) -> Reader:
    has_evaluations = any(_is_evaluation(span) for row in head for span in spans_of(row))
    side = asked.turn or "assistant"

    def read(row: Row) -> Iterator[LogRecord | PassedOver]:
        for span in spans_of(row):
            if _is_evaluation(span):
                yield _record(span, span.parent or span.attributes, side, is_judged=True)
            elif not has_evaluations and (_OUTPUT in span.attributes or _INPUT in span.attributes):
                yield _record(span, span.attributes, side, is_judged=False)
            else:
                yield PassedOver("a span or an event without a text or an evaluation")

    return read


def _is_evaluation(span: Span) -> bool:
    return span.name == _EVALUATION or _NAME in span.attributes


def _record(span: Span, spoken: Row, side: Speaker, *, is_judged: bool) -> LogRecord:
    """A text of a span, with the evaluation that an event is; `spoken` has the messages."""
    values = span.attributes
    asked, answers = _messages(spoken, _INPUT), _messages(spoken, _OUTPUT)
    prompt = last_turn(asked, "user")
    text, missing = as_text(prompt if side == "user" else last_turn(answers, "assistant"))
    system = system_text(asked) or _text(from_json(spoken.get(_SYSTEM)))
    label = values.get("gen_ai.evaluation.score.label")
    verdict = as_verdict(label)
    return LogRecord(
        side, text, missing, span.own_id or _response_id(values),
        prompt=text_or_none(prompt) if side == "assistant" else None,
        context=text_or_none(system if side == "user" else prompt),
        conversation=word(
            first(spoken, "gen_ai.conversation.id", "session.id")
            or first(values, "gen_ai.conversation.id", "session.id")
            or span.trace
        ),
        logged_at=span.time,
        guard=word(values.get(_NAME)) if is_judged else None,
        guard_version=word(first(values, "gen_ai.evaluation.version")) if is_judged else None,
        verdict="failed" if is_judged and "error.type" in values else verdict,
        score=as_score(values.get("gen_ai.evaluation.score.value")),
        categories=(str(label),) if verdict == "flagged" and _is_category(label) else (),
        feedback=as_feedback(values.get("feedback")),
    )  # fmt: skip


def _response_id(values: Row) -> str | None:
    """An evaluation's own id, where only the answer that it is about has one."""
    return word(values.get("gen_ai.response.id"))


def _is_category(label: object) -> bool:
    """Whether a label says more than that there is something."""
    return isinstance(label, str) and label.lower() not in ("fail", "failed", "flagged", "unsafe")


def _messages(values: Row, name: str) -> list[Row]:
    """Messages as chats have them; OpenTelemetry's have parts, and come as JSON too."""
    found = from_json(values.get(name))
    rows = [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []
    return [
        {**row, "content": row["content"] if "content" in row else _text(row.get("parts"))}
        for row in rows
    ]


def _text(parts: object) -> str | None:
    """The texts of parts, one after the other."""
    if not isinstance(parts, list):
        return parts if isinstance(parts, str) else None
    texts = [
        part.get("content") or part.get("text") for part in parts
        if isinstance(part, dict) and part.get("type", "text") == "text"
    ]  # fmt: skip
    return "\n".join(text for text in texts if isinstance(text, str)) or None


OTEL: Final = Layout("OpenTelemetry", recognises, _open)
