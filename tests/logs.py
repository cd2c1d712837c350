"""Logs for tests: rows of each layout as deployed guards write them, every text invented."""

import json
from collections.abc import Iterable, Mapping
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
