"""The turns of a chat: which are whose, what each answers, and what was said before it."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from store.reading.chats import Speaker, is_chat, speaker_of, text_of_turn
from store.reading.logs.records import Row

_SYSTEM: Final = ("system", "developer")


@dataclass(frozen=True, slots=True)
class Turn:
    """What one side said: its place among all turns from 0, and the user's text that it answers.

    `history` is the digest of all that was said before; `fields` are those of the turn.
    """

    place: int
    side: Speaker
    text: str | None
    prompt: str | None
    history: str
    is_last: bool  # of this side
    fields: Row


def system_text(chat: object) -> str | None:
    """What the system was told, all such turns together; None without one."""
    turns = chat if isinstance(chat, list) and is_chat(chat) else []
    texts = [text_of_turn(turn) for turn in turns if turn.get("role") in _SYSTEM]
    return "\n".join(text for text in texts if text) or None


def turns_of(chat: object) -> Iterator[Turn]:
    """The turns of user and assistant, in their order."""
    turns = chat if isinstance(chat, list) and is_chat(chat) else []
    sides = [speaker_of(turn) for turn in turns]
    last = {side: place for place, side in enumerate(sides) if side}
    digest = hashlib.sha256()
    prompt: str | None = None
    for place, (turn, side) in enumerate(zip(turns, sides, strict=True)):
        text = text_of_turn(turn)
        if side is not None:
            answered = prompt if side == "assistant" else None
            is_last = last[side] == place
            yield Turn(place, side, text, answered, digest.hexdigest()[:24], is_last, turn)
        if side == "user":
            prompt = text
        said = f"{side}:{text}".encode("utf-8", "surrogatepass")
        digest.update(b"%d:" % len(said))
        digest.update(said)
