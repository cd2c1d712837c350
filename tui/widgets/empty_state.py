"""What a screen shows while it has nothing to show: what is missing, and what to do about it."""

from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from tui.frame.next_step import next_step
from tui.frame.snapshot import Snapshot
from tui.keys.key import Scope
from tui.keys.keymap import Keymap
from tui.widgets.next_step_line import describe_step


class EmptyState(Widget):
    """A sentence on what will be seen on the screen `here`, and the workspace's next step.

    The parent sets `snapshot`, and `text` where there is more to say.
    """

    snapshot: reactive[Snapshot | None] = reactive(None, layout=True)
    text: reactive[str] = reactive("", layout=True)

    def __init__(
        self,
        text: str,
        keymap: Keymap,
        here: Scope,
        *,
        id: str | None = None,  # noqa: A002
    ) -> None:
        super().__init__(id=id)
        self._here = here
        self.set_reactive(EmptyState.text, text)
        self._keymap = keymap

    def render(self) -> Content:
        """Draw both; before the workspace is open, say so."""
        if self.snapshot is None:
            return Content.styled("Opening the workspace…", "$quiet")
        step = describe_step(next_step(self.snapshot), self._keymap, self._here)
        return Content.assemble(self.text, "\n\n", step)
