"""The chosen seed, and what each way asked for it."""

from textual.content import Content

from tui.screens.trial.views import SeedView, TrialView
from tui.widgets.pane import Pane
from tui.widgets.plain import plain


class SeedTexts(Pane):
    """A seed over the questions of all ways, that of the chosen way marked."""

    def show_seed(self, trial: TrialView, place: int, way: int) -> None:
        """Show a seed by its place; `way` is the place of the chosen way."""
        seed = trial.seeds[place]
        self.set_title(plain(f"Seed {place + 1} of {len(trial.seeds)}, {seed.dataset}"))
        self.show(_text(trial, seed, way))


def _text(trial: TrialView, seed: SeedView, chosen: int) -> Content:
    asked = {question.way: question for question in seed.questions}
    parts = [plain(seed.text)]
    for place, way in enumerate(trial.ways):
        head = "▸ " if place == chosen else "  "
        name = f"{way.number}  {way.template}, {way.temperature}"
        question = asked.get(way.number)
        remark = f"  {question.remark}" if question and question.remark else ""
        heading = Content.assemble(
            (head, "$accent"), plain(name, "bold" if place == chosen else "$quiet"),
            plain(remark, "$quiet"),
        )  # fmt: skip
        text = question.text if question else "not asked yet"
        style = "$warning" if question and question.is_error else "" if question else "$quiet"
        parts.append(Content("\n").join([heading, plain(text, style)]))
    return Content("\n\n").join(parts)
