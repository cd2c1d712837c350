"""How far invented scenarios cover their problem: single values of dimensions, and pairs."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations

import polars as pl

from engine.scenarios.filling import count_cells
from engine.scenarios.problem import Dimension, Problem
from store.database.connection import Database
from store.draws import DrawCount, count_draws
from store.errors import UnknownName
from store.invented import drawn_values, read_scenarios, scenario_texts
from tui.services.problems import read_brief
from tui.services.results.diversity import Diversity, measure_diversity
from tui.services.workspace import Workspace


@dataclass(frozen=True, slots=True)
class ValueCoverage:
    """A value of a dimension: how many scenarios have it, and how many texts of each label.

    `label` is whose texts alone the dimension is of; None if it is of all.
    """

    dimension: str
    value: str
    label: str | None
    scenarios: int
    texts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class PairCoverage:
    """How many scenarios have each value of one dimension with each of another.

    `scenarios` has a row for each value of the first, with a number for each of the second.
    """

    first: str
    second: str
    first_values: tuple[str, ...]
    second_values: tuple[str, ...]
    scenarios: tuple[tuple[int, ...], ...]

    @property
    def upright(self) -> "PairCoverage":
        """The same with the dimension of fewer values as the second, which is drawn across."""
        if len(self.second_values) <= len(self.first_values):
            return self
        turned = tuple(zip(*self.scenarios, strict=True))
        return PairCoverage(self.second, self.first, self.second_values, self.first_values, turned)


@dataclass(frozen=True, slots=True)
class Coverage:
    """What was invented for a problem, and how it is spread.

    `draws` are by dataset. Of the `cells` that are pairs of values of two dimensions, `empty_cells`
    have no scenario. `pair` is the grid that was asked for.
    """

    problem: str
    draws: tuple[DrawCount, ...]
    scenarios: int
    texts: Mapping[str, int]  # by the label they were written for
    values: tuple[ValueCoverage, ...]
    cells: int
    empty_cells: int
    pair: PairCoverage | None
    diversity: tuple[Diversity, ...]

    @property
    def empty_values(self) -> tuple[ValueCoverage, ...]:
        """Values without a scenario."""
        return tuple(item for item in self.values if not item.scenarios)


@dataclass(frozen=True, slots=True)
class CoverageGrids:
    """How many scenarios have each value, and every two values of different dimensions.

    `pairs` are in the order of the problem, the earlier dimension first.
    """

    problem: str
    scenarios: int
    values: tuple[ValueCoverage, ...]
    pairs: tuple[PairCoverage, ...]


def read_grids(workspace: Workspace, database: Database) -> CoverageGrids:
    """The grids of all pairs of dimensions. Raises ProblemMissing and SettingsInvalid."""
    problem = read_brief(workspace).problem
    scenarios = read_scenarios(database)
    drawn = _values_of(drawn_values(database), scenarios)
    by_label = _count_texts(scenario_texts(database))
    return CoverageGrids(
        problem.name,
        scenarios.height,
        tuple(_count_values(problem, drawn, by_label)),
        tuple(_count_pairs(two, drawn) for two in combinations(problem.dimension, 2)),
    )


def read_coverage(
    workspace: Workspace, database: Database, pair: tuple[str, str] | None = None
) -> Coverage:
    """The coverage of the workspace's problem by right scenarios, of all datasets.

    Raises ProblemMissing, SettingsInvalid, and UnknownName for a dimension there is not.
    """
    brief = read_brief(workspace)
    problem = brief.problem
    wanted = pair and _dimensions(problem, pair)
    scenarios, texts = read_scenarios(database), scenario_texts(database)
    drawn = _values_of(drawn_values(database), scenarios)
    counts = count_cells(drawn.values(), problem)
    by_label = _count_texts(texts)
    pairs = {cell: count for cell, count in counts.items() if len(cell) == 2}
    return Coverage(
        problem=problem.name,
        draws=tuple(count_draws(database)),
        scenarios=scenarios.height,
        texts={label: sum(own[label] for own in by_label.values()) for label in problem.labels},
        values=tuple(_count_values(problem, drawn, by_label)),
        cells=len(pairs),
        empty_cells=sum(not count for count in pairs.values()),
        pair=_count_pairs(wanted, drawn) if wanted else None,
        diversity=measure_diversity(database, brief, scenarios, texts),
    )


Drawn = Mapping[str, Mapping[str, str]]
"""The values of scenarios, by the dimension, by the scenario's id."""


def _dimensions(problem: Problem, names: tuple[str, str]) -> tuple[Dimension, Dimension]:
    known = {item.name: item for item in problem.dimension}
    if unknown := [name for name in names if name not in known]:
        raise UnknownName(f"There is no dimension {unknown[0]!r}. Dimensions: {', '.join(known)}.")
    return known[names[0]], known[names[1]]


def _values_of(values: pl.DataFrame, scenarios: pl.DataFrame) -> Drawn:
    drawn: dict[str, dict[str, str]] = {}
    joined = scenarios.select("scenario_id", "sample_id").join(values, on="sample_id")
    for scenario_id, dimension, value in joined.select("scenario_id", "dimension", "value").rows():
        drawn.setdefault(scenario_id, {})[dimension] = value
    return drawn


def _count_texts(texts: pl.DataFrame) -> dict[str, Counter[str]]:
    """How many texts of each label every scenario has."""
    found: dict[str, Counter[str]] = {}
    for scenario_id, label, count in texts.group_by("scenario_id", "label").len().rows():
        found.setdefault(scenario_id, Counter())[label] = count
    return found


def _count_values(
    problem: Problem, drawn: Drawn, by_label: Mapping[str, Counter[str]]
) -> list[ValueCoverage]:
    scenarios: Counter[tuple[str, str]] = Counter()
    texts: dict[tuple[str, str], Counter[str]] = {}
    for scenario_id, values in drawn.items():
        for item in values.items():
            scenarios[item] += 1
            texts.setdefault(item, Counter()).update(by_label.get(scenario_id, {}))
    return [
        ValueCoverage(
            dimension.name,
            value,
            dimension.label,
            scenarios[dimension.name, value],
            {
                label: texts.get((dimension.name, value), Counter())[label]
                for label in ([dimension.label] if dimension.label else problem.labels)
            },
        )
        for dimension in problem.dimension
        for value in dimension.values
    ]


def _count_pairs(wanted: tuple[Dimension, Dimension], drawn: Drawn) -> PairCoverage:
    first, second = wanted
    counts = Counter((values.get(first.name), values.get(second.name)) for values in drawn.values())
    return PairCoverage(
        first.name,
        second.name,
        tuple(first.values),
        tuple(second.values),
        tuple(tuple(counts[one, other] for other in second.values) for one in first.values),
    )
