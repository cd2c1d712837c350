"""The last line: the keys that matter here, as many as fit, and always how to get help."""

from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from tui.keys.key import Scope
from tui.keys.keymap import Keymap
from tui.keys.registry import MODAL

SEPARATOR = "  "


class HintBar(Widget):
    """Keys with their hints; those of the screen first, then those that act everywhere."""

    scope: reactive[Scope] = reactive[Scope]("everywhere")

    def __init__(self, keymap: Keymap, scope: Scope) -> None:
        super().__init__()
        self._keymap = keymap
        self.scope = scope

    def render(self) -> Content:
        """Draw what fits; help and quit are never left out."""
        always = [] if self.scope in MODAL else self._hints("everywhere")
        room = self.size.width + len(SEPARATOR)  # each hint has one after it, but for the last
        space = room - sum(hint.cell_length + len(SEPARATOR) for hint in always)
        chosen = []
        for hint in self._hints(self.scope) if self.scope != "everywhere" else ():
            if hint.cell_length + len(SEPARATOR) <= space:
                chosen.append(hint)
                space -= hint.cell_length + len(SEPARATOR)
        return Content(SEPARATOR).join([*chosen, *always])

    def _hints(self, scope: Scope) -> list[Content]:
        return [
            Content.assemble((shown, "bold $accent"), " ", hint)
            for shown, hint in self._keymap.hints(scope)
        ]
