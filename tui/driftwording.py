"""How to read what the drift screen shows."""

from tui.driftviews import DriftView
from tui.inert import one_line
from tui.views import EXCLUDED_GLYPH


def how_to_read(shown: str, drift: DriftView, answers: int | None) -> str:
    """Return how to read "labels", "pairs", or else the scores, and what those are based on.

    `answers` is how many there are in all, None where that is not known yet.
    """
    if shown == "labels":
        return (
            "Answers by the label of their seed (rows) and their own (columns). Stays: those "
            "with the seed's label, of all that have one; 95 %, Wilson."
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


def _remarks(drift: DriftView, answers: int | None) -> str:
    whole = drift.rows[0]
    score = whole.scores["answer_seed"]
    scored = f"{score.n:,} of {answers or score.n:,} answers"
    remarks = [f"Scored with {one_line(drift.model)}: {scored}."]
    if score.cut:
        remarks.append(f"{score.cut:,} had a text longer than it reads.")
    if whole.predicted:
        remarks.append(f"{whole.predicted:,} seed labels were predicted, not given.")
    return " ".join(remarks)
