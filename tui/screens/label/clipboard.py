"""Copying a pair, and saying where it is."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from tui.frame.calls import Refused
from tui.screens.label.labelling import Labelling
from tui.screens.label.wording import describe_pair

if TYPE_CHECKING:
    from tui.screens.label.desk import LabelDesk


async def copy_pair(
    labelling: Labelling, desk: "LabelDesk", answer_id: str, send: Callable[[str], None]
) -> None:
    """Copy an answer with its seed and question, and say where it is.

    `send` asks the terminal for its clipboard.
    """
    pair = await labelling.make(lambda: desk.texts.pair(answer_id))
    if isinstance(pair, Refused):
        return
    text = describe_pair(pair, labelling.labels.words)
    copied = await labelling.make(lambda: desk.copy(text))
    if isinstance(copied, Refused):
        return
    if copied.way is None:
        send(text)
    labelling.say(copied.describe())
