"""How far the labelling is, how quickly it goes, and what is left."""

from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from store.counting import counted
from tui.frame.task_words import TaskWords
from tui.screens.label.decisions import Tally
from tui.widgets.bar import bar

BAR_WIDTH = 12


class LabelProgress(Widget):
    """One line; the parent sets it, and it leaves out at the end what does not fit."""

    parts: reactive[tuple[str, ...]] = reactive(())
    share: reactive[float] = reactive(0.0)

    def __init__(self, words: TaskWords) -> None:
        super().__init__()
        self._made = words.made

    def show(self, tally: Tally, keys: int, median_s: float | None) -> None:
        """Describe the work on all clusters and the annotator's pace."""
        self.share = tally.rows_labelled / max(tally.rows, 1)
        self.parts = tuple(_describe(tally, keys, median_s, self._made))

    def render(self) -> Content:
        """Draw what fits, the bar last."""
        text = ""
        for part in self.parts:
            longer = f"{text} · {part}" if text else part
            if len(longer) > self.size.width:
                break
            text = longer
        if self.parts and self.size.width - len(text) > BAR_WIDTH:
            return Content.assemble((bar(self.share, BAR_WIDTH), "$accent"), f" {text}")
        return Content(text)


def _describe(tally: Tally, keys: int, median_s: float | None, made: str) -> list[str]:
    left = f", {tally.undecided:,} left" if tally.undecided else ""
    parts = [
        f"{tally.labelled:,} of {counted(tally.clusters, 'cluster')} labelled{left}",
        f"{tally.rows_labelled:,} of {counted(tally.rows, made)}",
    ]
    put_off = [(tally.skipped, "skipped"), (tally.unsure, "unsure")]
    parts += [f"{count:,} {word}" for count, word in put_off if count]
    if keys:
        parts.append(f"{tally.rows_labelled / keys:,.1f} {made}s a key")
    if median_s is not None:
        parts.append(f"{median_s:.1f} s a decision")
        if tally.undecided:
            parts.append(f"about {_describe_time(tally.undecided * median_s)} more")
    return parts


def _describe_time(seconds: float) -> str:
    minutes = max(round(seconds / 60), 1)
    return f"{minutes} min" if minutes < 120 else f"{minutes / 60:.0f} h"
