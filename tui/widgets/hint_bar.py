"""The last line: the keys that matter here, as many as fit, and always how to get help."""

from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from tui.keys import Scope, keys_of

SEPARATOR = "  "


class HintBar(Widget):
    """Keys with their hints; those of the screen first, then those that act everywhere."""

    scope: reactive[Scope] = reactive[Scope]("everywhere")

    def render(self) -> Content:
        """Draw what fits; help and quit are never left out."""
        always = [_hint(key.shown, key.hint) for key in keys_of("everywhere") if key.hint]
        if self.scope in ("dialog", "help"):
            always = []
        space = self.size.width - sum(hint.cell_length + len(SEPARATOR) for hint in always)
        chosen = []
        for key in keys_of(self.scope) if self.scope != "everywhere" else ():
            hint = _hint(key.shown, key.hint)
            if key.hint and hint.cell_length + len(SEPARATOR) <= space:
                chosen.append(hint)
                space -= hint.cell_length + len(SEPARATOR)
        return Content(SEPARATOR).join([*chosen, *always])


def _hint(shown: str, text: str) -> Content:
    return Content.assemble((shown, "bold $accent"), " ", text)
