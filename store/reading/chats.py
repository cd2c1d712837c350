"""Reads chats as data sets hold them: a list of turns, each with who speaks and the text.

Two forms are known: {"role": …, "content": …} of OpenAI, whose content may be a list of parts,
and {"from": …, "value": …} of ShareGPT.
"""

import json
from typing import Final, Literal

Speaker = Literal["assistant", "user"]

CHAT_COLUMNS: Final = ("messages", "conversations", "conversation")

_NAMES: Final[dict[Speaker, frozenset[str]]] = {
    "assistant": frozenset(("assistant", "gpt", "chatgpt", "bing", "bard", "bot", "model")),
    "user": frozenset(("user", "human", "prompter")),
}


def is_chat(value: object) -> bool:
    """Say whether a cell is a list of turns."""
    return isinstance(value, list) and bool(value) and all(_speaker(turn) for turn in value)


def as_chat(value: object) -> object:
    """A cell, read from JSON where it is the text of a list, as CSV files hold chats."""
    if isinstance(value, str) and value.lstrip().startswith("["):
        try:
            return json.loads(value)
        except (ValueError, RecursionError):
            return value
    return value


def last_turn(chat: object, speaker: Speaker) -> str | None:
    """What a speaker said last in a chat, None if it is nothing."""
    turns = chat if isinstance(chat, list) else []
    for turn in reversed(turns):
        if _speaker(turn).lower() in _NAMES[speaker]:
            return _text(turn.get("content", turn.get("value")))
    return None


def _speaker(turn: object) -> str:
    if not isinstance(turn, dict):
        return ""
    name = turn.get("role", turn.get("from"))
    return name if isinstance(name, str) and ("content" in turn or "value" in turn) else ""


def _text(content: object) -> str | None:
    if isinstance(content, list):
        parts = [part.get("text") if isinstance(part, dict) else part for part in content]
        return "\n".join(part for part in parts if isinstance(part, str)) or None
    return content if isinstance(content, str) else None
