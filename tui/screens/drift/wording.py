"""What the drift screen says in sentences."""

from typing import TYPE_CHECKING, Final

from store.counting import counted
from tui.frame.snapshot import EXCLUDED_GLYPH
from tui.screens.drift.views import GroupChoice, View
from tui.services.inert import one_line
from tui.widgets.map_legend import MIXED

if TYPE_CHECKING:
    from tui.services.results.drift_scores import DriftScores
    from tui.services.results.label_flow import ClusterSizes

COMPARED: Final = {
    "answer_seed": "answer against seed",
    "query_seed": "question against seed",
    "answer_query": "answer against question",
}
COUNTING: Final = "counting …"
HOW_TO_READ: Final[dict[View, str]] = {
    "map": (
        f"A dot is an answer, a number a cluster ({MIXED}: seeds of several labels, or overrides). "
        "Only the two directions in which answers differ most are drawn."
    ),
    "labels": (
        "Answers by the label of their seed (rows) and their own (columns). Stays: those "
        "with the seed's label, of all that have one; 95 %, Wilson."
    ),
    "ways": (
        "Values are of seeds: the mean F1 over a seed's answers (against the seed, question "
        "against seed, answer against question). Differences: the second way minus the "
        "first, paired by seed, Student's t."
    ),
    "distribution": (
        "MMD²: 0 where answers are distributed as seeds, with the p of that. Distinct-2: pairs of "
        "neighbouring words that differ, of all. Near copies: texts with one on their own side. "
        "Empty clusters of seeds: without another seed, without an answer. Length alone makes a "
        "difference: rely on equal length, where each pair is cut to its shorter text."
    ),
    "time": (
        "The mean F1 of the answers that each job wrote, by dataset; 95 %, Student's t. Jobs may "
        "differ in model, template and seeds: Ways compares these on the seeds they share."
    ),
    "production": (
        "How well a classifier distinguishes the texts from the product's: 0.5 not at all, 1 "
        "always; cross-validated by seed. By length alone beside it, which is the easiest clue. "
        "Good answers are harder to distinguish than seeds. Measured by `backquery run "
        "production`, once texts were imported with `--role production`."
    ),
    "pairs": (
        "F1 of answer against seed, question against seed, answer against question; then "
        "the labels of seed and answer. At odds: another label, yet near to the seed. "
        f"{EXCLUDED_GLYPH} left out of training."
    ),
}


def name_dataset(dataset: str | None) -> str:
    """A dataset's name; None means all."""
    return one_line(dataset) if dataset else "all datasets"


def name_group(group: GroupChoice) -> str:
    """A group in one comparison, in words."""
    label = one_line(group.seed_label) if group.seed_label else "all labels"
    return f"{COMPARED[group.comparison]}: {name_dataset(group.dataset)}, {label}"


def how_to_read(view: View, scores: "DriftScores", answers: int | None) -> str:
    """How to read one of the views; the scores also say what they are based on.

    `answers` is how many there are in all, None if that is not known yet.
    """
    if view in HOW_TO_READ:
        return HOW_TO_READ[view]
    legend = (
        "Intervals of the mean F1 are 95 %, by Student's t. ┃ floor: the same with texts of "
        "another answer of the dataset; rescaled is 0 there and 1 for equal texts."
    )
    return f"{legend} {_describe_basis(scores, answers)}"


def _describe_basis(scores: "DriftScores", answers: int | None) -> str:
    total = scores.groups[0]
    scored = f"{total.n:,} of {counted(answers or total.n, 'answer')}"
    remarks = [f"Scored with {one_line(scores.model)}: {scored}."]
    if total.cut:
        remarks.append(f"{total.cut:,} had a text longer than it reads.")
    if total.predicted:
        remarks.append(f"{counted(total.predicted, 'seed label')} predicted, not given.")
    return " ".join(remarks)


def describe_sizes(sizes: "ClusterSizes") -> str:
    """How many clusters there are, and how their sizes are spread, in words."""
    spread = "" if sizes.deviation is None else f", standard deviation {sizes.deviation:.1f}"
    return f"{counted(sizes.clusters, 'cluster')} of {sizes.mean_size:.1f} on average{spread}"
