"""Logs for tests: rows of each layout as deployed guards write them, every text invented."""

import json
import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import closing
from pathlib import Path

Row = dict[str, object]

EPOCH = 1_767_268_800  # noon of the first of January 2026, in UTC
BLOCKED = "guardrail_intervened"


def write_lines(path: Path, rows: Iterable[Mapping[str, object]]) -> Path:
    """Write rows as JSON lines."""
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def litellm_call(
    number: int,
    *,
    status: str = "success",
    mode: object = "post_call",
    guard: str = "advice-guard",
    **fields: object,
) -> Row:
    """A call that one guard spoke of, a minute after the call before."""
    said = {
        "guardrail_name": guard,
        "guardrail_provider": "custom",
        "guardrail_mode": mode,
        "guardrail_status": status,
        "guardrail_response": {"version": "3"},
        "start_time": EPOCH + 60.0 * number,
        "duration": 0.02,
        "risk_score": 0.9 if status == BLOCKED else 0.1,
        "violation_categories": ["health-advice"] if status == BLOCKED else [],
    }
    row: Row = {
        "id": f"call-{number}",
        "trace_id": f"trace-{number // 2}",
        "call_type": "acompletion",
        "status": "success",
        "startTime": EPOCH + 60.0 * number,
        "endTime": EPOCH + 60.0 * number + 1,
        "response_cost": 0.0,
        "model": "small",
        "model_group": "small",
        "metadata": {"user_api_key_hash": "h"},
        "messages": [
            {"role": "system", "content": "You answer readers of a magazine."},
            {"role": "user", "content": f"Question {number}?"},
        ],
        "response": {
            "choices": [{"message": {"role": "assistant", "content": f"Answer {number}."}}]
        },
        "guardrail_information": [said],
    }
    return {**row, **fields}


def scored_line(number: int, label: str | None, **fields: object) -> Row:
    """A line as `score` writes it."""
    others = ("health-advice", "health-content", "general-content")
    probabilities = {name: 0.8 if name == label else 0.1 for name in others} if label else None
    row: Row = {"text": f"Text {number}.", "label": label, "probabilities": probabilities}
    return {**row, **fields}


def chat_line(number: int, turns: int = 1, **fields: object) -> Row:
    """A conversation of so many questions with their answers."""
    said = [
        {"role": role, "content": f"{what} {number}.{turn}"}
        for turn in range(turns)
        for role, what in (("user", "Question"), ("assistant", "Answer"))
    ]
    return {"messages": said, **fields}


def bedrock_answer(number: int, *, is_flagged: bool = False, text: str | None = None) -> Row:
    """An answer of ApplyGuardrail; with a text, beside its request."""
    found = {"type": "INSULTS", "confidence": "HIGH", "action": "BLOCKED", "detected": True}
    quiet = {"type": "HATE", "confidence": "NONE", "action": "NONE", "detected": False}
    answer: Row = {
        "action": "GUARDRAIL_INTERVENED" if is_flagged else "NONE",
        "outputs": [{"text": "Sorry."}] if is_flagged else [],
        "assessments": [{"contentPolicy": {"filters": [quiet, *([found] if is_flagged else [])]}}],
        "usage": {},
        "ResponseMetadata": {"RequestId": f"request-{number}"},
    }
    if text is None:
        return answer
    request = {
        "guardrailIdentifier": "g1",
        "guardrailVersion": "2",
        "source": "OUTPUT",
        "content": [{"text": {"text": text}}],
    }
    return {"timestamp": "2026-01-01T13:00:00+01:00", "request": request, "response": answer}


def garak_report(attempts: int, *, threshold: float = 0.5) -> list[Row]:
    """A report: its setup, and attempts of two outputs that two detectors read."""
    setup: list[Row] = [
        {"entry_type": "start_run setup", "run.eval_threshold": threshold},
        {"entry_type": "init", "garak_version": "0.13.0", "run": "r"},
    ]
    return setup + [garak_attempt(number) for number in range(attempts)]


def garak_attempt(number: int, *, status: int = 2) -> Row:
    """An attempt whose second output is a hit of the first detector."""
    turns = [{"role": "user", "content": {"text": f"Question {number}?", "lang": "en"}}]
    return {
        "entry_type": "attempt",
        "uuid": f"attempt-{number}",
        "seq": number,
        "status": status,
        "probe_classname": "dan.Ablation",
        "prompt": {"turns": turns},
        "outputs": [{"text": f"No {number}."}, {"text": f"Yes {number}."}],
        "detector_results": {"dan.DAN": [0.0, 1.0], "mitigation.Bypass": [0.4, 0.4]},
    }


def wildchat_row(number: int, *, turns: int = 2) -> Row:
    """A conversation of so many answers, of which a moderation flagged the last."""
    said = [
        {"role": role, "content": f"{what} {number}.{turn}", "turn_identifier": number * 10 + turn}
        for turn in range(turns)
        for role, what in (("user", "Question"), ("assistant", "Answer"))
    ]
    places = range(len(said))
    judged = [
        {
            "flagged": place == len(said) - 1,
            "categories": {"hate": place == len(said) - 1, "violence": False},
            "category_scores": {"hate": 0.7 if place == len(said) - 1 else 0.1, "violence": 0.0},
        }
        for place in places
    ]
    return {
        "conversation_hash": f"hash-{number}",
        "model": "small",
        "timestamp": "2026-01-01T12:00:00Z",
        "conversation": said,
        "openai_moderation": judged,
        "redacted": False,
    }


def guard_span(number: int, *, output: object = "PASS", as_list: bool = False) -> Row:
    """A guardrail's span of OpenInference, its attributes a map or a list."""
    attributes: Row = {
        "openinference.span.kind": "GUARDRAIL",
        "input.value": f"Question {number}?",
        "output.value": output,
        "guardrail.name": "advice-guard",
        "session.id": "s1",
    }
    listed = [{"key": key, "value": {"stringValue": value}} for key, value in attributes.items()]
    return {
        "traceId": f"trace-{number}",
        "spanId": f"span-{number}",
        "name": "guard",
        "startTimeUnixNano": str((EPOCH + 60 * number) * 10**9),
        "attributes": listed if as_list else attributes,
    }


def nested(spans: Iterable[Row]) -> Row:
    """Spans as OTLP nests them."""
    return {
        "resourceSpans": [{"resource": {}, "scopeSpans": [{"scope": {}, "spans": list(spans)}]}]
    }


def evaluated_span(number: int, *, label: str = "pass") -> Row:
    """A chat span of OpenTelemetry with an evaluation as its event."""
    asked = [{"role": "user", "parts": [{"type": "text", "content": f"Question {number}?"}]}]
    said = [{"role": "assistant", "parts": [{"type": "text", "content": f"Answer {number}."}]}]
    event = {
        "name": "gen_ai.evaluation.result",
        "timeUnixNano": str((EPOCH + 60 * number) * 10**9),
        "attributes": {
            "gen_ai.evaluation.name": "toxicity",
            "gen_ai.evaluation.score.value": 0.8 if label != "pass" else 0.1,
            "gen_ai.evaluation.score.label": label,
        },
    }
    return {
        "trace_id": f"trace-{number}",
        "span_id": f"span-{number}",
        "name": "chat small",
        "attributes": {
            "gen_ai.conversation.id": "c1",
            "gen_ai.input.messages": json.dumps(asked),
            "gen_ai.output.messages": json.dumps(said),
        },
        "events": [event],
    }


def guard_log_row(number: int, message: str | None = "pass") -> Row:
    """A row of Guardrails AI's table."""
    return {
        "id": number + 1,
        "guard_name": "advice-guard",
        "start_time": EPOCH + 60.0 * number,
        "end_time": EPOCH + 60.0 * number + 1,
        "prevalidate_text": f"Answer {number}.",
        "postvalidate_text": f"Answer {number}.",
        "exception_message": message,
    }


def write_guard_logs(path: Path, rows: Iterable[Row]) -> Path:
    """Write rows into an SQLite database as Guardrails AI does."""
    with closing(sqlite3.connect(path)) as database, database:
        database.execute(
            """CREATE TABLE IF NOT EXISTS guard_logs (id INTEGER PRIMARY KEY AUTOINCREMENT,
                guard_name TEXT, start_time REAL, end_time REAL, prevalidate_text TEXT,
                postvalidate_text TEXT, exception_message TEXT)"""
        )
        database.executemany(
            """INSERT INTO guard_logs VALUES (:id, :guard_name, :start_time, :end_time,
                :prevalidate_text, :postvalidate_text, :exception_message)""",
            list(rows),
        )
    return path


def rows_of(layout: str, number: int) -> list[Row]:
    """Rows of a layout that differ from each other, with ids where it has any."""
    numbers = range(number)
    match layout:
        case "litellm":
            return [litellm_call(n, status=BLOCKED if n % 3 == 0 else "success") for n in numbers]
        case "bedrock":
            return [bedrock_answer(n, is_flagged=n % 3 == 0, text=f"Text {n}.") for n in numbers]
        case "guardrails-ai":
            return [guard_log_row(n, "fail" if n % 3 == 0 else "pass") for n in numbers]
        case "garak":
            return garak_report(number)
        case "openinference":
            return [guard_span(n, as_list=n % 2 == 0) for n in numbers]
        case "otel":
            return [evaluated_span(n, label="fail" if n % 3 == 0 else "pass") for n in numbers]
        case "wildchat":
            return [wildchat_row(n) for n in numbers]
        case "scored":
            return [scored_line(n, "health-advice", id=f"line-{n}") for n in numbers]
        case _:
            return [chat_line(n, turns=2, id=f"chat-{n}") for n in numbers]
