"""How to read what the drift screen shows."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from store.counting import counted
from tui.frame.snapshot import EXCLUDED_GLYPH
from tui.services.inert import one_line

if TYPE_CHECKING:
    from tui.screens.drift.views import DriftView

NOTHING_YET: Final = {
    "labels": "no answer has a label yet",
    "ways": "there is only one",
    "production": "not measured yet",
}
COUNTING: Final = "counting …"


def how_to_read(shown: str, drift: "DriftView", answers: int | None) -> str:
    """Return how to read one of the views: the scores also say what they are based on.

    `answers` is how many there are in all, None where that is not known yet.
    """
    if shown == "labels":
        return (
            "Answers by the label of their seed (rows) and their own (columns). Stays: those "
            "with the seed's label, of all that have one; 95 %, Wilson."
        )
    if shown == "ways":
        return (
            "Values are of seeds: the mean F1 over a seed's answers (against the seed, question "
            "against seed, answer against question). Differences: the second way minus the "
            "first, paired by seed, Student's t."
        )
    if shown == "production":
        return (
            "How well a classifier tells the texts from those of the product: 0.5 not at all, 1 "
            "always; cross-validated by seed. By length alone beside it, for length is the "
            "easiest clue. Good answers are harder to tell than seeds. Measured by `backquery "
            "run production`, once texts were imported with `--role production`."
        )
    if shown == "pairs":
        return (
            "F1 of answer against seed, question against seed, answer against question; then "
            "the labels of seed and answer. At odds: another label, yet near to the seed. "
            f"{EXCLUDED_GLYPH} left out of training."
        )
    legend = (
        "Intervals of the mean F1 are 95 %, by Student's t. ┃ floor: the same with texts of "
        "another answer of the dataset; rescaled is 0 there and 1 for equal texts."
    )
    return f"{legend} {_remarks(drift, answers)}"


def _remarks(drift: "DriftView", answers: int | None) -> str:
    whole = drift.rows[0]
    score = whole.scores["answer_seed"]
    scored = f"{score.n:,} of {counted(answers or score.n, 'answer')}"
    remarks = [f"Scored with {one_line(drift.model)}: {scored}."]
    if score.cut:
        remarks.append(f"{score.cut:,} had a text longer than it reads.")
    if whole.predicted:
        remarks.append(f"{counted(whole.predicted, 'seed label')} predicted, not given.")
    return " ".join(remarks)


def describe_way(differs: Mapping[str, Any]) -> str:
    """Return in words what tells a way of asking from the others."""
    parts = (f"{name} {'–' if value is None else value}" for name, value in differs.items())
    return ", ".join(parts)


def describe_sizes(figures: Mapping[str, Any]) -> str:
    """Return in words how many clusters there are, and how their sizes are spread."""
    deviation = figures["deviation"]
    spread = "" if deviation is None else f", standard deviation {deviation:.1f}"
    clusters = counted(figures["clusters"], "cluster")
    return f"{clusters} of {figures['mean_size']:.1f} on average{spread}"
