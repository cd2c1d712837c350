"""What the widgets of the labelling screen share: its state, its desk, and how they use both.

A decision is on disk before it is in the state, and in the state before it is drawn.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Literal, TypeVar

from textual.message import Message
from textual.screen import Screen
from textual.widget import Widget

from tui.frame.asking import Asking
from tui.frame.calls import Calls, Refused
from tui.frame.messages import Said
from tui.frame.snapshot import Labels
from tui.keys.keymap import Keymap
from tui.screens.label.messages import ViewChanged
from tui.screens.label.questions import Questions
from tui.screens.label.state import LabelState
from tui.screens.label.views import Change, Overrides
from tui.screens.label.wording import describe_action

if TYPE_CHECKING:
    from store.decisions import Action
    from tui.screens.label.desk import LabelDesk

T = TypeVar("T")


class Labelling:
    """One annotator at work on one screen, which gets the messages."""

    def __init__(self, screen: Screen[None], calls: Calls, keymap: Keymap, labels: Labels) -> None:
        self._screen = screen
        self.calls = calls
        self.keymap = keymap
        self.labels = labels
        self.state = LabelState()
        self.questions = Questions(screen, keymap)
        self.desk: LabelDesk | None = None  # until the workspace is open

    def say(self, text: str, *, is_warning: bool = False) -> None:
        """Put a text on the message line."""
        self._screen.post_message(Said(text, is_warning))

    def redraw(self) -> None:
        """Have the present state drawn."""
        self._screen.post_message(ViewChanged())

    def read(self, widget: Widget, group: str, call: Callable[[], Message]) -> None:
        """Make a call in a thread; the widget gets the message that it returns."""
        Asking(widget, self.calls).read(group, call)

    async def attempt(self, call: Callable[[], T]) -> T | Refused:
        """Make a call in a thread and wait for it.

        Key presses that come meanwhile wait, in their order, and are not lost.
        """
        return await self.calls.make(call)

    async def make(self, call: Callable[[], T]) -> T | Refused:
        """Make a call as `attempt` does; a refusal is on the message line, too."""
        result = await self.attempt(call)
        if isinstance(result, Refused):
            self.say(result.text, is_warning=True)
        return result

    async def take(self, call: Callable[[], Change]) -> Change | Refused:
        """Make a call that decides something, and take what it changed."""
        change = await self.make(call)
        if isinstance(change, Change):
            self.state.take(change)
            self.redraw()
        return change

    async def turn(self, kind: Literal["undo", "redo"]) -> str:
        """Undo or redo, go where that was, and return a sentence on it."""
        desk, state = self.desk, self.state
        if desk is None:
            return ""
        before = state.work.decisions.overrides
        change = await self.take(lambda: desk.turn(kind))
        if isinstance(change, Refused):
            return change.text
        action = change.action
        assert action is not None
        self._go_where(action, before)
        done = "Undid" if kind == "undo" else "Did again"
        text = f"{done}: {describe_action(state.work, action, self.labels)}."
        self.say(text)
        return text

    def _go_where(self, action: "Action", before: Overrides) -> None:
        """Go to what an action was about; `before` are the members' labels before it was turned."""
        state = self.state
        if action.cluster_ids:
            state.work.reveal(action.cluster_ids[0])
            state.show_pane("text")
        for answer_id in action.answer_ids[:1]:
            for cluster_id in _clusters_with(answer_id, before, state.work.decisions.overrides):
                state.work.reveal(cluster_id)
                state.show_member(answer_id)


def _clusters_with(answer_id: str, *overrides: Overrides) -> set[str]:
    """The cluster in which an answer has a label of its own; empty if it has none anywhere."""
    return {name for found in overrides for name, own in found.items() if answer_id in own}
