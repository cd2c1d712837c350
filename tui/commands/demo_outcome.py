"""What the demo came to, in sentences: how right its simulated labels are, and what they gained."""

from typing import Final

import polars as pl

from engine.spreading.forecast import Forecast
from engine.statistics.measures import wilson
from store.counting import counted
from store.database.connection import Database
from store.datasets import evaluation_samples
from store.export import export_labels
from tui.commands.demo_rule import label_by_words
from tui.services.numbers import show_percent, show_points
from tui.services.results.comparison import Comparison
from tui.services.results.label_curve import GOAL, LabelCurve
from tui.services.results.pairs import ComparedPair

SIMULATED: Final = (
    "The labels were simulated by a rule: a person's are worth more or less, and it is theirs that "
    "tell what your own data gain."
)


def describe_rule(database: Database, benchmark: str) -> str:
    """How often the rule agrees with the labels of a benchmark, which were given by reading."""
    rows = evaluation_samples(database, benchmark)
    return (
        f"On {benchmark} the rule agrees with the labels, which were given by reading, on "
        f"{_agreement(rows['text'], rows['label'])} of {counted(rows.height, 'answer')}."
    )


def describe_spread(database: Database) -> str:
    """How many answers labels spread to, and how often the rule itself would have said the same."""
    labels = export_labels(database).filter(pl.col("label_origin") != "centroid")
    if labels.is_empty():
        return "No label spread to another answer."
    return (
        f"Labels spread to {counted(labels.height, 'more answer')}; asked about each, the rule "
        f"agrees on {_agreement(labels['text'], labels['label'])} of them."
    )


def describe_curve(curve: LabelCurve) -> str:
    """How the estimated share of right labels grew, and what it would take to bring `GOAL`."""
    if not curve.points:
        return "Too little is decided to estimate how many of the labels that spread are right."
    grown = ", ".join(
        f"{show_percent(point.right)} % after {counted(point.decisions, 'key')}"
        for point in curve.points
    )
    return (
        f"Right of the labels that spread, estimated by leaving out the decisions on each cluster: "
        f"{grown}. {_describe_more(curve.more)}"
    )


def _describe_more(more: Forecast | None) -> str:
    goal = f"{100 * GOAL:.0f} %"
    if more is None:
        return f"How many more keys would bring {goal} cannot be said from so few."
    high = "more than can be said" if more.high is None else str(more.high)
    return f"About {counted(more.more, 'more key')} ({more.low} to {high}) would bring {goal}."


def describe_outcome(comparison: Comparison, name: str) -> str:
    """Whether a detector beats the reference of a comparison, and how sure that is."""
    pair = next((item for item in comparison.pairs if item.first == name), None)
    if pair is None:
        return f"{name} was not compared, so nothing can be said of it."
    gained = pair.accuracy
    figures = (
        f"accuracy {show_points(gained.difference)} points over {pair.second} on "
        f"{comparison.benchmark}, n = {pair.n}, p = {gained.p_holm:.2g}"
    )
    found = _describe_alarms(comparison, pair.first, pair.second)
    if not gained.is_clear:
        return (
            f"Whether synthetic rows helped is not clear: {name} has {figures}; "
            f"{_describe_power(pair)}. {found} {SIMULATED}"
        )
    helped = gained.difference.value > 0
    outcome = "Synthetic rows helped" if helped else "Synthetic rows did not help, they did harm"
    return f"{outcome}: {name} has {figures}. {found} {SIMULATED}"


def _describe_alarms(comparison: Comparison, name: str, reference: str) -> str:
    """What two detectors flag, of the positive texts and of the others, and how both rank them."""
    rows = {row.detector: row for row in comparison.rows}
    one, other = rows[name], rows[reference]
    recalls, alarms = (
        (show_percent(first, with_interval=False), show_percent(second, with_interval=False))
        for first, second in ((one.recall, other.recall), (one.fpr, other.fpr))
    )
    flagged = (
        f"It finds {recalls[0]} % of the positive texts, {reference} {recalls[1]} %; of the others "
        f"it flags {alarms[0]} %, {reference} {alarms[1]} %."
    )
    if one.roc_auc is None or other.roc_auc is None:
        return flagged
    ranked = (show_percent(area) for area in (one.roc_auc, other.roc_auc))
    return (
        f"{flagged} ROC-AUC, which needs no threshold: {next(ranked)}, {reference} {next(ranked)}."
    )


def _describe_power(pair: ComparedPair) -> str:
    if pair.power.difference_found is None:
        return "on so few rows no difference would have been found"
    return f"in 8 of 10 cases a difference of {pair.power.shown} points would have been found"


def _agreement(texts: pl.Series, labels: pl.Series) -> str:
    same = [label_by_words(text) == label for text, label in zip(texts, labels, strict=True)]
    return f"{show_percent(wilson(sum(same), len(same)))} %"
