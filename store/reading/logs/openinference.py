"""Reads spans of OpenInference, as Phoenix and others export them.

Of a log with guardrails' spans only those are records, and their `input.value` is the text. Of one
without, each model's answer is, of which no guard spoke.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from store.reading.chats import Speaker, last_turn
from store.reading.logs.records import (
    Asked,
    Feedback,
    Layout,
    LogRecord,
    PassedOver,
    Reader,
    Row,
    Verdict,
)  # fmt: skip
from store.reading.logs.spans import Span, spans_of
from store.reading.logs.turns import system_text
from store.reading.logs.values import (
    as_feedback,
    as_names,
    as_row,
    as_score,
    as_text,
    as_verdict,
    first,
    from_json,
    text_or_none,
    word,
)

_KIND: Final = "openinference.span.kind"
_PASSED: Final = ("guardrail.passed", "guardrail.valid", "metadata.passed", "passed", "valid")
_FLAGGED: Final = (
    "guardrail.flagged",
    "guardrail.blocked",
    "metadata.flagged",
    "flagged",
    "blocked",
)
_WORDS: Final = ("guardrail.verdict", "guardrail.action", "guardrail.result", "metadata.action",
                 "verdict", "decision", "action", "result", "status")  # fmt: skip
_OUTPUT: Final = ("assistant", "output", "response", "post_call")


def recognises(row: Row) -> bool:
    """Whether a row holds a span of OpenInference."""
    return any(_KIND in span.attributes for span in spans_of(row))


def _open(asked: Asked, head: Sequence[Row]) -> Reader:
    has_guards = any(_kind(span) == "GUARDRAIL" for row in head for span in spans_of(row))

    def read(row: Row) -> Iterator[LogRecord | PassedOver]:
        for span in spans_of(row):
            kind = _kind(span)
            if kind == "GUARDRAIL":
                yield _guarded(span, asked.turn)
            elif kind == "LLM" and not has_guards:
                yield _answered(span, asked.turn or "assistant")
            else:
                yield PassedOver("a span of no guardrail" if has_guards else "a span of no model")

    return read


def _kind(span: Span) -> str:
    return str(span.attributes.get(_KIND, "")).upper()


def _guarded(span: Span, turn: Speaker | None) -> LogRecord | PassedOver:
    """What a guardrail's span says of its input."""
    values = span.attributes
    said, metadata = as_row(values.get("output.value")), as_row(values.get("metadata"))
    where = str(first(values, "guardrail.target", "guardrail.type", "guardrail.stage")).lower()
    side: Speaker = "assistant" if where in _OUTPUT else turn or "user"
    if turn not in (None, side):
        return PassedOver(f"a guardrail's word on the {side}'s text")
    given = from_json(values.get("input.value"))
    text, missing = as_text(_plain(given))
    guard = first(values, "guardrail.name", "metadata.guardrail_type") or metadata.get("guardrail")
    scores = first(values, "guardrail.score", "metadata.score")
    score = first(said, "score") if scores is None else scores
    names = first(values, "guardrail.categories", "metadata.categories") or said.get("categories")
    return LogRecord(
        side, text, missing, span.own_id,
        prompt=text_or_none(given.get("prompt")) if isinstance(given, dict) else None,
        conversation=word(first(values, "session.id") or span.trace),
        logged_at=span.time,
        guard=word(guard) or span.name or None,
        guard_version=word(first(values, "guardrail.version", "metadata.version")),
        verdict=_verdict(values, said, metadata),
        score=as_score(score),
        categories=as_names(from_json(names)),
        feedback=_feedback(values),
    )  # fmt: skip


def _plain(given: object) -> object:
    """The text of an input: as it is, or the last turn or the text of its JSON."""
    if isinstance(given, list):
        return last_turn(given, "assistant") or last_turn(given, "user")
    if isinstance(given, dict):
        return _plain(first(given, "text", "messages", "input", "content", "response"))
    return given


def _verdict(values: Row, said: Row, metadata: Row) -> Verdict | None:
    for place in (values, said, metadata):
        for names, is_flagged in ((_PASSED, False), (_FLAGGED, True)):
            found = first(place, *names)
            if isinstance(found, bool) or str(found).lower() in ("true", "false"):
                return "flagged" if (str(found).lower() == "true") is is_flagged else "passed"
        if verdict := as_verdict(first(place, *_WORDS)):
            return verdict
    # "FAIL: why", "blocked", "All checks passed"
    output = str(values.get("output.value", "")).strip()
    for part in (output.partition(":")[0], output.rpartition(" ")[2]):
        if verdict := as_verdict(part):
            return verdict
    return None


def _feedback(values: Row) -> Feedback | None:
    """What a person said of the verdict, among the span's annotations."""
    for name, value in values.items():
        if name.startswith("annotations.") and name.endswith(".label"):
            kind = values.get(name.removesuffix(".label") + ".annotator_kind")
            if str(kind).upper() == "HUMAN" and (found := as_feedback(value)):
                return found
    return None


def _answered(span: Span, side: Speaker) -> LogRecord:
    """A text of a model's span, of which no guard spoke."""
    asked = messages_of(span.attributes, "llm.input_messages")
    answers = messages_of(span.attributes, "llm.output_messages")
    prompt = last_turn(asked, "user")
    text, missing = as_text(prompt if side == "user" else last_turn(answers, "assistant"))
    context = system_text(asked) if side == "user" else prompt
    return LogRecord(
        side, text, missing, span.own_id,
        prompt=text_or_none(prompt) if side == "assistant" else None,
        context=text_or_none(context),
        conversation=word(first(span.attributes, "session.id") or span.trace),
        logged_at=span.time,
        feedback=_feedback(span.attributes),
    )  # fmt: skip


def messages_of(values: Row, name: str) -> list[Row]:
    """The messages under numbered names, such as llm.input_messages.0.message.role."""
    found: list[Row] = []
    while True:
        start = f"{name}.{len(found)}.message"
        if f"{start}.role" not in values:
            return found
        content = values.get(f"{start}.content")
        parts = values.get(f"{start}.contents.0.message_content.text")
        found.append({"role": values[f"{start}.role"], "content": content or parts})


OPENINFERENCE: Final = Layout("OpenInference", recognises, _open)
