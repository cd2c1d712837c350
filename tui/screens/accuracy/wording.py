"""The sentences of the accuracy screen: how to read a view, and how two detectors differ."""

from typing import TYPE_CHECKING, Final

from store.counting import counted
from tui.frame.snapshot import Labels
from tui.keys.keymap import Keymap
from tui.screens.accuracy.groups import Cell, Flagged, RowGroup
from tui.screens.accuracy.length_map import KEY
from tui.screens.accuracy.views import MARK, EvaluatedDetector, Subject
from tui.services.inert import one_line
from tui.services.numbers import MEASURES, show_percent
from tui.services.results.power import describe_power, show_power

if TYPE_CHECKING:
    from engine.statistics.lengths import LengthGrid
    from tui.services.results.pairs import ComparedPair, MeasuredDifference
    from tui.services.results.scores import DetectorScores
    from tui.services.results.thresholds import ThresholdCurve

EVALUATE: Final = "`backquery evaluate DETECTOR --on DATASET`"
NOT_MARKED: Final = "Mark one detector first ({key}), then choose another to compare it with."
HOW_TO_READ: Final = {
    "measures": (
        "Per cent, 95 % intervals: Wilson; gap (precision minus recall), AUC, Brier and ECE by "
        f"bootstrap. Failed rows are wrong. {MARK} marked, the reference: differences to it are "
        "over the rows that both have, by bootstrap."
    ),
    "alarms": (
        "Flagged texts per 1,000, from the threshold on if there is one, with 95 % intervals "
        f"(Wilson). FPR is over those labelled negative. {MARK} marked."
    ),
    "rates": (
        "Per cent, 95 % intervals by bootstrap. Recall at a threshold that raises at most 1, 5 or "
        "10 % false alarms; FPR at one that finds at least 80 or 90 %. n has a probability."
    ),
    "compare": (
        "Right is the right side, positive or negative. McNemar's and permutation test, p by Holm "
        "over all that are compared with the marked one. Where the wrong one is most certain comes "
        "first."
    ),
    "rows": (
        "True labels down, predicted ones across; right ones are bold. A cell's rows are listed "
        "by how probable the predicted label was."
    ),
    "curves": (
        "× is where a detector flags now. Dotted: chance, the precision of flagging all, and "
        "probabilities that say what they are worth. Calibration by tenths of the rows, with 95 % "
        "intervals."
    ),
    "slices": (
        "Positive against negative, the least accurate first; 95 % intervals (Wilson). Those "
        "with few rows come last and say little."
    ),
    "lengths": (
        "ROC-AUC by the length of contexts, down, and of texts, across, in characters, over 95 % "
        f"intervals (Newcombe): {KEY}."
    ),
}
AREAS: Final = ("roc_auc", "pr_auc")  # of probabilities, which language models lack
WAITING: Final = "reading …"


def name_dataset(subject: Subject, keymap: Keymap) -> str:
    """The dataset with its role, and which of several it is."""
    dataset, datasets = subject.dataset, subject.datasets
    kinds = ("benchmark", "production")
    kind = next((kind for kind in kinds if kind in dataset.roles), "dataset").capitalize()
    key = keymap.shown("accuracy.next_benchmark")
    which = f" ({datasets.index(dataset) + 1} of {len(datasets)}, {key})"
    return f"{kind} {one_line(dataset.dataset)}{which if len(datasets) > 1 else ''}"


def title_lengths(subject: Subject, grid: "LengthGrid") -> str:
    """Whose areas by length, and of how many rows with a probability."""
    failed = f", {grid.failed:,} failed" if grid.failed else ""
    return f"ROC-AUC of {one_line(subject.detector.detector)} by length, n = {grid.n:,}{failed}"


def name_detector(subject: Subject) -> str:
    """The chosen detector with its rows, and the dataset."""
    detector = subject.detector
    name = f"{one_line(detector.detector)}, n = {detector.n:,}"
    return f"{name}, on {one_line(subject.dataset.dataset)}"


def describe_group(group: RowGroup, names: tuple[str, ...], labels: Labels) -> tuple[str, str]:
    """A sign for right or wrong, and the group in words; `names` are of two compared detectors."""
    if isinstance(group, Flagged):
        at = "" if group.threshold is None else f" from {group.threshold:.3f} on"
        return "!", f"flagged{at}, with or without a label"
    if isinstance(group, Cell):
        truth, predicted = group.sides or (group.truth[0], "".join(group.predicted))
        if group.sides is None:
            truth, predicted = (f"{labels.named(x).glyph} {x}" for x in (truth, predicted))
        predicted = predicted if group.predicted else "no prediction"
        return "✓" if group.is_right else "✗", f"{truth} → {predicted}"
    first, second = (one_line(name) for name in names)
    if group.first_right == group.second_right:
        return ("✓", "both right") if group.first_right else ("✗", "both wrong")
    return " ", f"only {first if group.first_right else second} right"


def describe_difference(subject: Subject) -> list[str]:
    """How two detectors differ, and how their recipes do over all seeds, one line per measure.

    Then what such a test would find.
    """
    nothing = "No row with a label was evaluated for both, so none of them can be right."
    scores, against = subject.scores, subject.against
    if scores is None:
        return [WAITING]
    if not all(scores.scores_of(item.detector_id) for item in subject.compared):
        return [nothing]
    if against is None:
        return ["Testing the difference …"]
    own = subject.detector.detector_id
    alone, recipes = against.pair(own), against.recipes(own)
    if alone is None:
        return [nothing]
    if recipes is None:
        return [*_differences(alone), describe_power(alone)]
    return [
        *_differences(alone, "these two alone, "),
        *_differences(recipes, f"by {recipes.seeds} seeds, "),
        describe_power(recipes),
    ]


def describe_tests(subject: Subject) -> str:
    """How differences to the marked one were tested; "" without one. It fits 76 cells."""
    against, scores = subject.against, subject.scores
    if against is None or scores is None or scores.alarms or not against.pairs.alone:
        return ""
    power = show_power(*against.pairs.alone)
    return f"p {against.correction}; found in 8 of 10 cases: {power}"


def _differences(pair: "ComparedPair", whose: str = "") -> list[str]:
    names = one_line(pair.first), one_line(pair.second)
    lines = [_difference(f"{whose}accuracy", names, pair.accuracy)]
    if pair.f1 is not None:
        lines.append(_difference(f"{whose}F1", names, pair.f1))
    return lines


def _difference(measure: str, names: tuple[str, str], found: "MeasuredDifference") -> str:
    text = one_line(found.verdict)
    if not found.is_clear and found.difference.interval:
        low, high = found.difference.interval
        text += (
            f": {names[0]} − {names[1]} = {100 * found.difference.value:+.1f} points "
            f"(95 % interval {100 * low:.1f} to {100 * high:.1f})"
        )
    return f"{measure}: {text}, p = {found.p_holm:.2g}"


def title_against(detectors: tuple[EvaluatedDetector, ...], total: int, dataset: str) -> str:
    """Two detectors and the rows that both were evaluated on."""
    against = " against ".join(one_line(item.detector) for item in detectors)
    return f"{against}, n = {total:,}, on {one_line(dataset)}"


def describe_copied(name: str, new: int, total: int) -> str:
    """What copying rows as seeds did."""
    known = total - new
    already = f"; {known:,} {'was' if known == 1 else 'were'} there already" if known else ""
    return f"{counted(new, 'new seed')} in {name!r}{already}. They wait for a run."


def describe_areas(name: str, scores: "DetectorScores", curve: "ThresholdCurve") -> str:
    """What a detector's probabilities are worth, in one line."""
    areas = (f"{MEASURES[key]} {show_percent(scores.measure(key))}" for key in AREAS)
    parts = [f"{name}: {curve.n or 0:,} with a probability", *areas]
    if curve.chosen is not None:
        parts.append(f"chosen threshold {curve.chosen.threshold:.3f}")
    return " · ".join(parts)
