"""What to try: how many seeds, and which templates, models and temperatures."""

from dataclasses import dataclass
from typing import ClassVar, Final

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.geometry import Region
from textual.widgets import Static

from store.counting import counted
from tui.keys.bindings import bindings
from tui.keys.keymap import Keymap
from tui.screens.dialogs.frame import Dialog
from tui.screens.trial.views import SEEDS, Options, Wanted
from tui.services.inert import one_line

OTHER_MODELS: Final = "`backquery try --model REF` tries other models."


@dataclass(slots=True)
class _Line:
    """A value that can be tried, under the heading that it belongs to."""

    heading: str
    value: str | float
    is_chosen: bool

    @property
    def text(self) -> str:
        return f"{self.value:g}" if isinstance(self.value, float) else one_line(self.value)


class TryDialog(Dialog[Wanted]):
    """Gives back what is to be tried: at first, all templates as workspace.toml asks them."""

    SCOPE = "try_dialog"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("try_dialog")]
    AUTO_FOCUS = ""

    def __init__(self, options: Options, keymap: Keymap) -> None:
        super().__init__("Ask the same seeds in several ways", keymap)
        self._seeds = SEEDS.index(20)
        self._place = 0
        self._lines = [
            *(_Line("templates", name, is_chosen=True) for name in options.templates),
            *(
                _Line("temperatures", heat, is_chosen=place == 0)
                for place, heat in enumerate(options.temperatures)
            ),
            *(
                _Line("models", name, is_chosen=place == 0)
                for place, name in enumerate(options.models)
            ),
        ]
        self._body = Static(markup=False)
        self._scroll = VerticalScroll(self._body, can_focus=False)

    def compose(self) -> ComposeResult:
        """One block of lines."""
        yield self.boxed(self._scroll)

    def on_mount(self) -> None:
        """Draw them."""
        self._draw()

    @property
    def wanted(self) -> Wanted:
        """What is chosen now."""
        return Wanted(
            seeds=SEEDS[self._seeds],
            templates=tuple(str(value) for value in self._chosen("templates")),
            models=tuple(str(value) for value in self._chosen("models")),
            temperatures=tuple(float(value) for value in self._chosen("temperatures")),
        )

    def _chosen(self, heading: str) -> list[str | float]:
        return [line.value for line in self._lines if line.heading == heading and line.is_chosen]

    def action_move(self, by: int) -> None:
        """Go to another line."""
        self._place = min(max(self._place + by, 0), len(self._lines) - 1)
        self._draw()

    def action_choose(self) -> None:
        """Choose the line's value, or no longer."""
        line = self._lines[self._place]
        line.is_chosen = not line.is_chosen
        self._draw()

    def action_turn(self, by: int) -> None:
        """Ask about more or fewer seeds."""
        self._seeds = min(max(self._seeds + by, 0), len(SEEDS) - 1)
        self._draw()

    def action_start(self) -> None:
        """Give back what is chosen, if that is a way at all."""
        if self.wanted.ways:
            self.dismiss(self.wanted)

    def _draw(self) -> None:
        parts = [Content.assemble(("seeds  ", "$quiet"), f"‹ {SEEDS[self._seeds]} ›"), Content("")]
        heading, here = "", 0
        for place, line in enumerate(self._lines):
            if line.heading != heading:
                heading = line.heading
                parts.append(Content.styled(heading, "$quiet"))
            mark = "×" if line.is_chosen else " "
            is_here = place == self._place
            here = len(parts) if is_here else here
            style = "bold on $chosen" if is_here else ""
            parts.append(Content.styled(f"{'▸' if is_here else ' '} [{mark}] {line.text}", style))
        parts += [Content(""), self._describe(), Content.styled(OTHER_MODELS, "$quiet")]
        self._body.update(Content("\n").join(parts))
        region = Region(0, here, 1, 1)
        self.call_after_refresh(self._scroll.scroll_to_region, region, animate=False)

    def _describe(self) -> Content:
        wanted = self.wanted
        if not wanted.ways:
            return Content.styled("Choose at least one of each.", "$warning")
        questions = counted(wanted.ways * wanted.seeds, "question")
        return Content(f"{counted(wanted.ways, 'way')}, {questions} at most; none is stored.")
