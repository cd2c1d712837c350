"""A text that a model has just written, and the lines in which it is shown."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from store.counting import counted
from tui.services.inert import one_line

ARROW: Final = " ▸ "
_ENDS: Final = {"end": "end of text", "stop": "stop", "limit": "token limit", "error": "error"}


@dataclass(frozen=True, slots=True)
class ShownText:
    """What was written, last, below what it was written from: names with texts.

    `ended` is a key of the ways to end: end, stop, limit, error.
    """

    row_id: str
    stage: str
    texts: tuple[tuple[str, str], ...]
    flags: tuple[str, ...]
    new_tokens: int
    ended: str
    error: str | None

    @property
    def remark(self) -> str:
        """Its flags, how long it is, and what ended it."""
        if self.error is not None:
            return f"error: {one_line(self.error, 200)}"
        length = counted(self.new_tokens, "token")
        return ", ".join((*self.flags, length, _ENDS[self.ended]))


def in_one_line(text: ShownText, width: int) -> str:
    """All its texts on one line of at most `width` characters, where what was written has most."""
    *given, (_, written) = text.texts
    each = max(width // (len(given) + 2), 12)
    begun = "".join(one_line(some, each) + ARROW for _, some in given)
    return begun + one_line(written, max(width - len(begun), 12))


def in_lines(text: ShownText, width: int) -> Iterator[str]:
    """Its texts, a line each, after their names, and the remark."""
    widest = max(len(name) for name, _ in text.texts)
    for name, some in text.texts:
        yield f"{name:<{widest}}  {one_line(some, max(width - widest - 2, 12))}"
    yield f"{'':<{widest}}  {one_line(text.remark, max(width - widest - 2, 12))}"
