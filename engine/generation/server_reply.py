"""What a model server replies: everything that can be read is read, whatever form it comes in.

Servers differ: the text may be a list of parts, or a stream that nobody asked for; an error may
come with status 200; counts may be nonsense. So nothing is taken for granted here, and what holds
no text becomes a failure that quotes its beginning.
"""

import json
from collections.abc import Iterator, Sequence
from typing import Any, Final

from engine.generation.api_key import redact
from engine.generation.protocol import Generation
from engine.generation.server_failure import Failure, Verdict, error_words, quote
from engine.generation.written import only_thought, read_written

Json = Any

# How a reply ends before its end: by the limit of tokens, or by a filter.
_CUT: Final = frozenset({"length", "max_tokens", "content_filter"})
_THOUGHT_FIELDS: Final = ("reasoning_content", "reasoning", "thinking")
_THOUGHT_PARTS: Final = ("thinking", "reasoning", "reasoning_text")
_STREAM: Final = ("data:", "event:", "id:", "retry:", ":")  # how a stream of events begins
_MOST_TOKENS: Final = 10_000_000  # no reply is longer; larger counts are nonsense


def read_reply(body: bytes, stop: Sequence[str] = ()) -> Generation | Failure:
    """The generation that a reply holds, or why it holds none.

    A reply that refuses, calls a tool, or was withheld is a generation with an error: asking again
    would not change it. One that cannot be read is a failure, to be tried again.
    """
    text = redact(body.decode("utf-8", "replace")).removeprefix("\ufeff").strip()
    try:
        reply = _join_stream(text) if text.startswith(_STREAM) else json.loads(text)
    except (ValueError, RecursionError):
        return _unreadable("is not JSON", text)
    match reply:
        case {"choices": [dict() as choice, *_]}:
            return _read_choice(choice, _count(reply), stop, text)
        case {"error": error} if error:
            return Failure(Verdict.RETRY, f"the reply is an error: {error_words(error)}")
        case _:
            return _unreadable("holds no text", text)


def estimate_tokens(text: str) -> int:
    """The tokens of a text at four characters each, rounded up."""
    return (len(text) + 3) // 4


def _unreadable(how: str, text: str) -> Failure:
    return Failure(Verdict.RETRY, f"the reply {how}: {quote(text) or 'it is empty'}")


def _read_choice(
    choice: dict[str, Json], counted: int | None, stop: Sequence[str], whole: str
) -> Generation | Failure:
    message = choice.get("message")
    said = message if isinstance(message, dict) else {"content": message or choice.get("text")}
    finish = choice.get("finish_reason")
    finish = quote(finish.lower()) if isinstance(finish, str) else ""
    text, thought = _read_content(said)
    tokens = estimate_tokens(text or thought) if counted is None else counted
    if text and text.strip():
        return read_written(text, stop, new_tokens=tokens, cut=finish in _CUT)
    if choice.get("error"):
        return Failure(Verdict.RETRY, f"the reply is an error: {error_words(choice['error'])}")
    if (why := _why_no_text(said, finish)) is not None:
        return Generation(None, tokens, cut=False, error=why)
    if thought:
        return only_thought(thought, new_tokens=tokens, cut=finish in _CUT)
    if text is not None:
        return Generation(text, tokens, cut=finish in _CUT)
    return _unreadable(f"holds no text (finish_reason {finish or 'missing'})", whole)


def _why_no_text(message: dict[str, Json], finish: str) -> str | None:
    """Why a model that was understood wrote no text; None if nothing says so."""
    refusal = message.get("refusal")
    if isinstance(refusal, str) and refusal.strip():
        return f"The model refused: {quote(refusal)}"
    if message.get("tool_calls") or message.get("function_call"):
        return "The reply calls a tool and holds no text."
    if finish == "content_filter":
        return "The reply was withheld by a content filter."
    return None


def _read_content(message: dict[str, Json]) -> tuple[str | None, str]:
    """The text of a message, None if it has none, and the thought that came beside it."""
    content = message.get("content")
    beside = next((_flatten(message[name]) for name in _THOUGHT_FIELDS if message.get(name)), "")
    if isinstance(content, str):
        return content, beside
    if not isinstance(content, list):
        return None, beside
    texts = [_flatten(part) for part in content if not _is_thought(part)]
    thoughts = [_flatten(part) for part in content if _is_thought(part)]
    return ("".join(texts) if texts else None), "".join(thoughts) or beside


def _is_thought(part: Json) -> bool:
    return isinstance(part, dict) and part.get("type") in _THOUGHT_PARTS


def _flatten(value: Json) -> str:
    """All text in a part of a content, however it is wrapped."""
    match value:
        case str():
            return value
        case list():
            return "".join(_flatten(item) for item in value)
        case dict():
            names = ("text", "thinking", "reasoning", "content", "value")
            return "".join(_flatten(value[name]) for name in names if name in value)
        case _:
            return ""


def _count(reply: dict[str, Json]) -> int | None:
    """The tokens that the server counted; None for what is not a number of tokens."""
    usage = reply.get("usage")
    counted = usage.get("completion_tokens") if isinstance(usage, dict) else None
    if isinstance(counted, bool) or not isinstance(counted, int | float):
        return None
    return int(counted) if 0 <= counted <= _MOST_TOKENS and counted == int(counted) else None


def _join_stream(text: str) -> Json:
    """One reply out of the events of a stream, which some servers send without being asked to."""
    chunks = [chunk for chunk in _events(text) if isinstance(chunk, dict)]
    choices = [
        choice
        for chunk in chunks
        for choice in (chunk.get("choices") or [])[:1]
        if isinstance(choice, dict)
    ]
    if not choices:
        return next((chunk for chunk in chunks if chunk.get("error")), None)
    deltas = [item for choice in choices if isinstance(item := choice.get("delta"), dict)]
    ends = [choice["finish_reason"] for choice in choices if choice.get("finish_reason")]
    message = {
        name: "".join(_flatten(delta[name]) for delta in deltas if delta.get(name))
        for name in ("content", *_THOUGHT_FIELDS)
    }
    pieces = "".join(_flatten(choice.get("text")) for choice in choices)
    usage = next((chunk["usage"] for chunk in reversed(chunks) if chunk.get("usage")), None)
    message["content"] = message["content"] or pieces
    return {"choices": [{"message": message, "finish_reason": (ends or [None])[-1]}],
            "usage": usage}  # fmt: skip


def _events(text: str) -> Iterator[Json]:
    for line in text.splitlines():
        data = line.removeprefix("data:").strip()
        if line.startswith("data:") and data != "[DONE]":
            yield json.loads(data)
