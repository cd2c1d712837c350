"""Reads chats as data sets hold them: a list of turns, each with who speaks and the text.

Two forms are known: {"role": …, "content": …} of OpenAI, whose content may be a list of parts,
and {"from": …, "value": …} of ShareGPT.
"""

import json
from collections.abc import Mapping
from typing import Final, Literal

Speaker = Literal["assistant", "user"]

CHAT_COLUMNS: Final = ("messages", "conversations", "conversation")

_SPEAKERS: Final[dict[str, Speaker]] = {
    **dict.fromkeys(("assistant", "gpt", "chatgpt", "bing", "bard", "bot", "model"), "assistant"),
    **dict.fromkeys(("user", "human", "prompter"), "user"),
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
        if speaker_of(turn) == speaker:
            return text_of_turn(turn)
    return None


def speaker_of(turn: object) -> Speaker | None:
    """Whose turn it is; None for the system's, a tool's, and what is no turn."""
    return _SPEAKERS.get(_speaker(turn).lower())


def text_of_turn(turn: Mapping[str, object]) -> str | None:
    """The text of a turn, of several parts those that are texts; None if there is none."""
    return _text(turn.get("content", turn.get("value")))


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
