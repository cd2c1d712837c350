"""Learning curves as tables: a row for each strategy, a column for each number of labels."""

from typing import Final

from store.counting import counted
from tui.commands.figures import percent
from tui.commands.output import print_table, tell
from tui.services.numbers import show_points
from tui.services.results.learning_curves import (
    MEASURES,
    AgainstRandom,
    LearningCurves,
    Measure,
    StrategyCurve,
)

NAMES: Final[dict[Measure, str]] = {"accuracy": "accuracy", "f1": "F1", "roc_auc": "ROC-AUC"}


def print_learning(found: LearningCurves) -> None:
    """Print the curves of each measure, what they gain on random choice, and what they are of."""
    for measure in MEASURES:
        _print_curves(found, measure)
    _print_against(found)
    for line in describe_learning(found):
        tell(line)


def _print_curves(found: LearningCurves, measure: Measure) -> None:
    counts = [point.labelled for point in found.curves[0].points]
    print_table(
        ["strategy", *(counted(count, "label") for count in counts), "area"],
        [_row(curve, measure) for curve in found.curves],
        title=f"Simulated active learning on {found.dataset}: {NAMES[measure]} in %",
    )


def _row(curve: StrategyCurve, measure: Measure) -> list[object]:
    figures = [getattr(point.measures, measure) for point in curve.points]
    return [curve.strategy, *map(percent, figures), percent(getattr(curve.area, measure))]


def _print_against(found: LearningCurves) -> None:
    others = [curve.strategy for curve in found.curves if curve.strategy != "random"]
    if not others:
        return
    areas = {(item.strategy, item.measure): item for item in found.against_random
             if item.labelled is None}  # fmt: skip
    print_table(
        ["strategy", *(part for name in MEASURES for part in (NAMES[name], "p"))],
        [
            [name, *(part for measure in MEASURES for part in _gain(areas[name, measure]))]
            for name in others
        ],
        title="Area under the curve, minus that of random choice, in points",
    )


def _gain(item: AgainstRandom) -> tuple[str, str]:
    return show_points(item.difference), "–" if item.p_holm is None else f"{item.p_holm:.3f}"


def describe_learning(found: LearningCurves) -> list[str]:
    """Sentences: what took an annotator's place, what was learned, and which strategies pay."""
    where = f"the embeddings of {found.detector or found.encoder}"
    return [
        "The known labels took the annotator's place; no label was stored.",
        f"A regression on {where}, which are frozen, learned from the labelled rows; no detector "
        "was fine-tuned.",
        f"{counted(found.pool, 'row')} could be labelled; {counted(found.held_out, 'other')} were "
        "tested on, the same from every start.",
        f"95 % intervals are over {counted(found.starts, 'start')}, on the same rows; p is of a "
        "paired t-test over the starts, corrected by Holm over the strategies.",
        *_describe_leak(found),
        *(_describe_verdict(found, measure) for measure in MEASURES),
    ]


def _describe_leak(found: LearningCurves) -> list[str]:
    if found.detector is None or found.trained_on == 0:
        return []
    if found.trained_on is None:
        return [f"Which rows {found.detector} was trained on is not known."]
    return [
        f"⚠ {found.detector} was trained on {counted(found.trained_on, 'row')} of these: its "
        "embeddings are better here than on new rows."
    ]


def _describe_verdict(found: LearningCurves, measure: Measure) -> str:
    """Which strategies differ from random choice, in the area under the curve."""
    areas = [
        item for item in found.against_random if item.measure == measure and item.labelled is None
    ]
    sure = [
        f"{item.strategy} {item.verdict}: {show_points(item.difference)} points"
        for item in areas
        if item.verdict != "unclear"
    ]
    unclear = [item.strategy for item in areas if item.verdict == "unclear"]
    parts = list(sure)
    if unclear:
        cannot = "none can" if not sure and len(unclear) > 1 else f"{', '.join(unclear)} cannot"
        parts.append(f"{cannot} be told from random")
    return f"{NAMES[measure]}: {'; '.join(parts)}."
