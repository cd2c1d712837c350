"""The coverage of a problem as tables: values of dimensions, a grid of two, and diversity."""

from collections.abc import Iterator

from engine.statistics.estimate import Estimate
from store.counting import counted
from tui.commands.figures import Figure, percent
from tui.commands.output import print_table, tell
from tui.services.inert import one_line
from tui.services.results.coverage import Coverage, PairCoverage
from tui.services.tables import column_letter


def print_coverage(found: Coverage) -> None:
    """Print how many scenarios there are, of which values, and how varied they are."""
    for line in _describe_draws(found):
        tell(line)
    if not found.scenarios:
        tell("No scenario is right yet; `backquery invent --n 200` writes some.")
        return
    texts = ", ".join(f"{count:,} {one_line(label)}" for label, count in found.texts.items())
    scenarios = counted(found.scenarios, "right scenario")
    tell(f"Coverage of {one_line(found.problem)}: {scenarios}, with {texts} texts.")
    _print_values(found)
    if found.pair is not None:
        _print_grid(found.pair)
    for line in _describe_gaps(found):
        tell(line)
    _print_diversity(found)


def _describe_draws(found: Coverage) -> Iterator[str]:
    for item in found.draws:
        draws = counted(item.right + item.failed + item.waiting, "draw")
        yield (
            f"{one_line(item.dataset)}: {draws}, {item.right:,} with a right scenario, "
            f"{item.failed:,} failed, {item.waiting:,} not written yet."
        )


def _print_values(found: Coverage) -> None:
    labels = list(found.texts)
    rows: list[list[object]] = []
    shown = ""
    for item in found.values:
        name = "" if item.dimension == shown else item.dimension
        shown = item.dimension
        rows.append(
            [name, item.value, item.scenarios, *(item.texts.get(label, "") for label in labels)]
        )
    print_table(["dimension", "value", "scenarios", *labels], rows)


def _print_grid(pair: PairCoverage) -> None:
    """A row for each value of the longer dimension; letters stand for those of the other."""
    shown = pair.upright
    letters = list(map(column_letter, range(len(shown.second_values))))
    tell(f"Scenarios by {one_line(shown.first)} and {one_line(shown.second)}:")
    print_table(
        [shown.first, *letters],
        [
            [value, *counts]
            for value, counts in zip(shown.first_values, shown.scenarios, strict=True)
        ],
    )
    for letter, value in zip(letters, shown.second_values, strict=True):
        tell(f"  {letter}  {one_line(value)}")


def _describe_gaps(found: Coverage) -> Iterator[str]:
    empty: dict[str, list[str]] = {}
    for item in found.empty_values:
        empty.setdefault(item.dimension, []).append(item.value)
    for dimension, values in empty.items():
        yield f"No scenario has {one_line(dimension)} {', '.join(map(one_line, values))}."
    yield (
        f"{found.empty_cells:,} of {counted(found.cells, 'pair')} of values of two dimensions have "
        "no scenario."
    )
    if found.empty_cells:
        yield "`backquery invent --fill --n 50` draws what is empty or thin."


def _print_diversity(found: Coverage) -> None:
    print_table(
        ["texts", "source", "n", "distinct-2 %", "near copies %", "gzip ratio"],
        [
            [
                item.side,
                item.source,
                item.n,
                percent(item.distinct_2),
                percent(item.near_duplicates),
                _ratio(item.compression_ratio),
            ]
            for item in found.diversity
        ],
        title="How varied the texts are",
    )


def _ratio(found: Estimate | None) -> Figure:
    """A ratio with its interval: 2.41 (2.30–2.52)."""
    if found is None or found.interval is None:
        return Figure("–", ("–",))
    value, interval = f"{found.value:.2f}", f"({found.low:.2f}–{found.high:.2f})"
    return Figure(f"{value} {interval}", (value, interval))
