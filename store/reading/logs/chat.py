"""Reads chats: of each, what one side said, every turn a record.

A conversation that is logged again with each of its turns is not doubled: a turn is known by the
conversation's id and its place, or by all that was said up to it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from store.reading.cells import RowRefused
from store.reading.chats import CHAT_COLUMNS, as_chat, is_chat
from store.reading.logs.fields import said_in
from store.reading.logs.records import Asked, Layout, LogRecord, PassedOver, Reader, Row
from store.reading.logs.turns import system_text, turns_of
from store.reading.logs.values import as_text, as_time, first, text_or_none


def chat_of(row: Row) -> object:
    """The chat that a row holds; None without one."""
    for name in CHAT_COLUMNS:
        chat = as_chat(row.get(name))
        if is_chat(chat):
            return chat
    return None


def recognises(row: Row) -> bool:
    """Whether a row holds a chat."""
    return chat_of(row) is not None


def _open(asked: Asked, _: Sequence[Row]) -> Reader:
    side = asked.turn or "assistant"

    def read(row: Row) -> Iterator[LogRecord | PassedOver]:
        chat = chat_of(row)
        if chat is None:
            raise RowRefused(f"no chat in any of the fields {', '.join(CHAT_COLUMNS)}")
        said, system = said_in(row), system_text(chat)
        turns = [turn for turn in turns_of(chat) if turn.side == side]
        if not turns:
            raise RowRefused(f"the chat has no text of the {side}")
        conversation = said.conversation or (said.own_id if len(turns) > 1 else None)
        chat_id = said.own_id or said.conversation
        # A guard's word is on what was said last.
        unspoken = replace(said, verdict=None, score=None, categories=(), feedback=None)
        for turn in turns:
            text, missing = as_text(turn.text)
            spoken = said if turn.is_last else unspoken
            own_time = first(turn.fields, "timestamp", "created_at")
            yield LogRecord(
                side, text, missing, chat_id and f"{chat_id}:{turn.place}",
                history=turn.history, repeated=not turn.is_last,
                prompt=text_or_none(turn.prompt),
                context=text_or_none(system if side == "user" else turn.prompt),
                conversation=conversation,
                logged_at=as_time(own_time) or said.logged_at,
                guard=said.guard,
                guard_version=said.guard_version,
                verdict=spoken.verdict,
                score=spoken.score,
                categories=spoken.categories,
                feedback=spoken.feedback,
            )  # fmt: skip

    return read


CHAT: Final = Layout("chats", recognises, _open)
