"""The last lines: the keys that do something here and now, as many as fit, and how to get help."""

from collections.abc import Sequence
from typing import Final

from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from tui.keys.key import Scope
from tui.keys.keymap import Keymap
from tui.keys.registry import MODAL

SEPARATOR: Final = "  "
LINES_OF_TALL: Final = 2
TALL: Final = 36  # lines of a screen that can spare one


class HintBar(Widget):
    """Keys with their hints; those of the screen first, then those that act everywhere.

    Keys of `within`, a scope inside that of the parent, come first. The parent sets `scope`, and in
    `without_effect` the names of its keys that would do nothing now. A second line is taken only
    where the first does not hold all, and the screen is tall.
    """

    scope: reactive[Scope] = reactive[Scope]("everywhere")
    without_effect: reactive[frozenset[str]] = reactive(frozenset())

    def __init__(self, keymap: Keymap, scope: Scope, within: Scope | None = None) -> None:
        super().__init__()
        self._keymap = keymap
        self._within = within
        self.set_reactive(HintBar.scope, scope)

    def on_resize(self) -> None:
        """Take the lines that are needed."""
        self._fit()

    def watch_scope(self) -> None:
        """Take the lines that are needed."""
        self._fit()

    def watch_without_effect(self) -> None:
        """Take the lines that are needed."""
        self._fit()

    def _fit(self) -> None:
        """Only another number of lines moves other widgets."""
        if self.size.width:
            self.styles.height = len(self._lay_out())

    def render(self) -> Content:
        """Draw what fits; help and quit are never left out."""
        return Content("\n").join(self._lay_out())

    def _lay_out(self) -> list[Content]:
        most = LINES_OF_TALL if self.app.size.height >= TALL else 1
        always = [] if self.scope in MODAL else self._hints("everywhere")
        own = self._hints(self.scope) if self.scope != "everywhere" else []
        own = [*(self._hints(self._within) if self._within else []), *own]
        return lay_out(own, always, self.size.width, most)

    def _hints(self, scope: Scope) -> list[Content]:
        return [
            Content.assemble((shown, "bold $accent"), " ", key.hint)
            for key, shown in self._keymap.hints(scope)
            if key.name not in self.without_effect
        ]


def lay_out(
    hints: Sequence[Content], always: Sequence[Content], width: int, most: int
) -> list[Content]:
    """Lines of at most `width` cells, `most` of them: the hints that fit, and at the end `always`.

    A hint that does not fit is left out, while a shorter one after it may fit.
    """
    lines: list[list[Content]] = [[]]
    left, kept = list(hints), _width(always)
    while left:
        is_last = len(lines) == most or _width([*lines[-1], *left, *always]) <= width
        room = width - (len(SEPARATOR) + kept if is_last and always else 0)
        over = []
        for hint in left:
            if _width([*lines[-1], hint]) <= room:
                lines[-1].append(hint)
            else:
                over.append(hint)
        left = over
        if is_last:
            break
        lines.append([])
    lines[-1].extend(always)
    return [Content(SEPARATOR).join(line) for line in lines]


def _width(hints: Sequence[Content]) -> int:
    return sum(hint.cell_length for hint in hints) + len(SEPARATOR) * max(len(hints) - 1, 0)
