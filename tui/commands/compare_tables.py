"""The tables of a comparison: the same rows for the terminal and for Markdown."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from tui.commands.figures import Figure, percent
from tui.services.numbers import MEASURES, RATES, show_interval, show_plain_percent
from tui.services.results.comparison import Comparison
from tui.services.results.one_class import explain_differences, explain_one_class
from tui.services.results.pairs import MeasuredDifference
from tui.services.results.power import describe_power
from tui.services.results.rate_warnings import warn_of_rates
from tui.services.results.recipe_spread import RecipeSpread, Spread
from tui.services.results.scores import DetectorScores
from tui.services.results.training_warnings import TRAINED, warn_of_training

AREAS: Final = {"roc_auc": "AUC", "pr_auc": "PR-AUC"}
BEST_BY: Final = ("accuracy", "f1", "roc_auc")
POWER: Final = "80 % power"
TESTED: Final = "8 of 10 such tests, two-sided and corrected,"
SHARES: Final = {name: head for name, head in MEASURES.items() if name not in AREAS}


@dataclass(frozen=True, slots=True)
class TableText:
    """A table as it is printed, and sentences below it.

    Cells are text, numbers, figures, or None where something is undefined.
    """

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[object, ...], ...]
    notes: tuple[str, ...] = ()


def comparison_tables(comparison: Comparison) -> list[TableText]:
    """The detectors, the spread of those with several seeds, and the pairs."""
    tables = [_shares(comparison), _probabilities(comparison.rows)]
    if any(row.only_measure is None for row in comparison.rows):
        tables.append(_rates(comparison.rows))
    if any(row.speed for row in comparison.rows):
        tables.append(_speeds(comparison))
    repeated = [recipe for recipe in comparison.recipes if len(recipe.seeds) > 1]
    if repeated:
        tables += [_recipes(repeated, SHARES | AREAS), _recipes(repeated, RATES)]
    if comparison.pairs:
        tables.append(_pairs(comparison))
    return tables


def _shares(comparison: Comparison) -> TableText:
    """The papers' table with the gap and the false positive rate."""
    rows = tuple(
        (_name(row), row.recipe, *(percent(row.measure(name)) for name in SHARES))
        for row in comparison.rows
    )
    title = (
        f"{comparison.benchmark}, n = {comparison.n:,}: per cent (95 % interval); "
        "gap is precision minus recall"
    )
    reasons = dict.fromkeys(explain_one_class(row.collapsed) for row in comparison.rows)
    notes = (*reasons, *_name_best(comparison), *map(warn_of_training, comparison.rows))
    columns = ("detector", "recipe", *SHARES.values())
    return TableText(title, columns, rows, tuple(note for note in notes if note))


def _name(row: DetectorScores) -> str:
    return row.detector if row.is_fair else f"{TRAINED} {row.detector}"


def _name_best(comparison: Comparison) -> Iterator[str]:
    """The best of several by accuracy, F1 and ROC-AUC, or by what there is alone."""
    names = {row.detector_id: row.detector for row in comparison.rows}
    if len(names) > 1:
        alone = [row.only_measure for row in comparison.rows if row.only_measure]
        by = dict.fromkeys([*BEST_BY, *alone])
        best = {name: comparison.best[name] for name in by if name in comparison.best}
        words = ", ".join(f"{MEASURES[name]} {names[item]}" for name, item in best.items())
        yield f"Best by {words}." if words else "None of them can be best."


def _probabilities(scores: Sequence[DetectorScores]) -> TableText:
    rows = tuple(
        (
            _name(row),
            *(percent(row.measure(name)) for name in AREAS),
            percent(row.brier),
            percent(row.calibration_error),
            row.failed,
        )
        for row in scores
    )
    return TableText(
        "What the positive probability is worth, per cent; ECE is over tenths of the rows; failed "
        "rows have no prediction and count as wrong",
        ("detector", *AREAS.values(), "Brier", "ECE", "failed"),
        rows,
    )


def _rates(scores: Sequence[DetectorScores]) -> TableText:
    rows = tuple((_name(row), *(percent(row.measure(name)) for name in RATES)) for row in scores)
    counts = sorted({item.n for row in scores for name in RATES if (item := row.measure(name))})
    n = "–".join(f"{item:,}" for item in dict.fromkeys((counts[0], counts[-1]))) if counts else "0"
    return TableText(
        f"At a threshold that just keeps to the bound, n = {n} with a probability: per cent "
        "(95 % interval, bootstrap)",
        ("detector", *RATES.values()),
        rows,
        tuple(warn_of_rates(scores)),
    )


def _speeds(comparison: Comparison) -> TableText:
    is_pair = comparison.kind == "pair"
    rows = tuple(
        (
            row.detector,
            speed.device,
            f"{60 * speed.rows_per_second:,.0f}" if is_pair else f"{speed.rows_per_second:,.1f}",
            speed.batch_size,
            f"{speed.latency_ms:.1f}",
            f"{speed.latency_p95_ms:.1f}",
        )
        for row in comparison.rows
        if (speed := row.speed)
    )
    rate, one = ("pairs per minute", "pair") if is_pair else ("rows per second", "text")
    return TableText(
        f"Speed where it was evaluated, tokenizing included: {rate} in batches; "
        f"milliseconds for one {one}",
        (
            "detector",
            "device",
            "pairs/min" if is_pair else "rows/s",
            "batch",
            "median ms",
            "p95 ms",
        ),
        rows,
    )


def _recipes(recipes: Sequence[RecipeSpread], names: Mapping[str, str]) -> TableText:
    rows = tuple(
        (recipe.recipe, len(recipe.seeds), *(_spread(recipe.measure(name)) for name in names))
        for recipe in recipes
    )
    title = "Over seeds, per cent: mean ± sample standard deviation (lowest–highest)"
    return TableText(title, ("recipe", "seeds", *names.values()), rows)


def _spread(spread: Spread | None) -> Figure | None:
    if spread is None:
        return None
    mean = show_plain_percent(spread.mean)
    if spread.sd is None:
        return Figure(mean, (mean,))
    ends = show_interval(100 * spread.min, 100 * spread.max, 1)
    shown = f"{mean} ± {show_plain_percent(spread.sd)}"
    return Figure(f"{shown} ({ends})", (shown, ends))


def _pairs(comparison: Comparison) -> TableText:
    rows = tuple(
        (
            f"{pair.first} − {pair.second}",
            pair.n,
            *_verdict(pair.accuracy),
            *_verdict(pair.f1),
            pair.power.shown,
        )
        for pair in comparison.pairs
    )
    return TableText(
        f"Pairs on the rows that both were evaluated on. First minus second; {comparison.tests}; "
        f"{POWER}: the difference in accuracy, in points, that {TESTED} would find",
        ("first − second", "n", "accuracy", "p of accuracy", "F1", "p of F1", POWER),
        rows,
        tuple(filter(None, _describe_tests(comparison))),
    )


def _describe_tests(comparison: Comparison) -> Iterator[str]:
    """What the tests would find, and how fewer would find more."""
    yield from dict.fromkeys(map(explain_differences, (row.collapsed for row in comparison.rows)))
    yield describe_power(*comparison.pairs)
    if comparison.reference is None and len(comparison.pairs) > 1:
        yield (
            f"These are {len(comparison.pairs)} tests; --reference NAME tests only the differences "
            "to one of them, and finds smaller ones."
        )


def _verdict(found: MeasuredDifference | None) -> tuple[object, object]:
    if found is None:
        return None, None
    low, high = (100 * end for end in (found.difference.low, found.difference.high))
    short = f"{100 * found.difference.value:+.1f}", show_interval(low, high, 1)
    return Figure(found.verdict, short), f"{found.p_holm:.2g}"
