"""Copying a pair, and saying where it is."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from tui.frame.calls import Refused
from tui.screens.label.labelling import Labelling
from tui.screens.label.wording import describe_pair

if TYPE_CHECKING:
    from store.origins import Pair


async def copy_pair(labelling: Labelling, pair: "Pair", send: Callable[[str], None]) -> str:
    """A sentence on where a pair was copied to; `send` asks the terminal for its clipboard."""
    desk, text = labelling.desk, describe_pair(pair)
    assert desk is not None
    copied = await labelling.make(lambda: desk.copy(text))
    if isinstance(copied, Refused):
        return copied.text
    if copied.way is None:
        send(text)
    return copied.describe()
