"""Reads WildChat and LMSYS-Chat: conversations of which a moderation judged every turn."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from store.reading.cells import RowRefused
from store.reading.logs.chat import chat_of
from store.reading.logs.fields import said_in
from store.reading.logs.records import Asked, Layout, LogRecord, PassedOver, Reader, Row, Verdict
from store.reading.logs.turns import Turn, system_text, turns_of
from store.reading.logs.values import (
    as_names,
    as_row,
    as_score,
    as_text,
    as_time,
    from_json,
    text_or_none,
    word,
)

_MODERATION: Final = "openai_moderation"
_GUARD: Final = "openai-moderation"


def recognises(row: Row) -> bool:
    """Whether a row is a conversation with moderation."""
    has_id = "conversation_hash" in row or "conversation_id" in row
    return "conversation" in row and (_MODERATION in row or "conversation_hash" in row) and has_id


def _open(asked: Asked, _: Sequence[Row]) -> Reader:
    side = asked.turn or "assistant"

    def read(row: Row) -> Iterator[LogRecord | PassedOver]:
        chat = chat_of(row)
        if chat is None:
            raise RowRefused("no chat in the field conversation")
        said, system = said_in(row), system_text(chat)
        moderation = from_json(row.get(_MODERATION))
        judged = moderation if isinstance(moderation, list) else []
        turns = [turn for turn in turns_of(chat) if turn.side == side]
        if not turns:
            raise RowRefused(f"the conversation has no text of the {side}")
        for turn in turns:
            word_on = as_row(judged[turn.place]) if turn.place < len(judged) else {}
            text, missing = as_text(turn.text)
            yield LogRecord(
                side, text, missing, _own_id(turn, said.conversation),
                prompt=text_or_none(turn.prompt),
                context=text_or_none(system if side == "user" else turn.prompt),
                conversation=said.conversation,
                logged_at=as_time(turn.fields.get("timestamp")) or said.logged_at,
                guard=_GUARD if word_on else None,
                verdict=_verdict(word_on),
                score=_score(word_on),
                categories=as_names(word_on.get("categories")),
            )  # fmt: skip

    return read


def _own_id(turn: Turn, conversation: str | None) -> str | None:
    """The turn's own id; equal conversations share their hash."""
    own = word(turn.fields.get("turn_identifier"))
    return f"{conversation}:{own or turn.place}" if conversation else own


def _verdict(word_on: Row) -> Verdict | None:
    flagged = word_on.get("flagged")
    if not isinstance(flagged, bool):
        return None
    return "flagged" if flagged else "passed"


def _score(word_on: Row) -> float | None:
    """The highest score of any category."""
    scores = word_on.get("category_scores")
    found = [as_score(value) for value in scores.values()] if isinstance(scores, Mapping) else []
    return max((value for value in found if value is not None), default=None)


WILDCHAT: Final = Layout("WildChat or LMSYS-Chat", recognises, _open)
