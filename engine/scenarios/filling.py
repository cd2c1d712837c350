"""Draws that fill what coverage lacks: single values, and pairs of values, that have few scenarios.

As tests are chosen that cover all pairs (Cohen, Dalal, Fredman and Patton, The AETG system, IEEE
Trans. Softw. Eng. 23(7), 1997): of some random draws that hold one of the emptiest cells, the one
that reaches most that is empty or thin is taken.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations, product
from random import Random
from typing import Final

from engine.scenarios.draws import Drawn, draw_words
from engine.scenarios.problem import Problem
from store.ids import row_id

CANDIDATES: Final = 30

Cell = tuple[tuple[str, str], ...]
"""A dimension with its value, or two of them in the order of the problem."""


def count_cells(drawn: Iterable[Mapping[str, str]], problem: Problem) -> Counter[Cell]:
    """How many draws every cell of a problem has; each cell is there, with 0 if it is empty.

    Values of draws may be in any order; what is none of the problem's counts nothing.
    """
    counts: Counter[Cell] = Counter(dict.fromkeys(all_cells(problem), 0))
    for values in drawn:
        ordered = {
            item.name: values[item.name] for item in problem.dimension if item.name in values
        }
        counts.update(cell for cell in cells_of(ordered) if cell in counts)
    return counts


def all_cells(problem: Problem) -> Iterator[Cell]:
    """Every value of a dimension, and every pair of values of two dimensions."""
    sides = [[(item.name, value) for value in item.values] for item in problem.dimension]
    for side in sides:
        yield from ((pair,) for pair in side)
    for one, other in combinations(sides, 2):
        yield from product(one, other)


def cells_of(values: Mapping[str, str]) -> Iterator[Cell]:
    """The cells that a draw is in, whose values are in the order of the problem."""
    yield from ((item,) for item in values.items())
    yield from combinations(values.items(), 2)


def fill(
    problem: Problem, counts: Mapping[Cell, int], seed: int, numbers: Iterable[int]
) -> Iterator[Drawn]:
    """Draws with these numbers, each aimed at what is emptiest once those before it are written.

    `counts` are those of `count_cells`.
    """
    now = Counter(counts)
    for number in numbers:
        random = Random(int(row_id("fill", problem.digest, seed, number), 16))
        least = min(now.values())
        emptiest = [cell for cell, count in now.items() if count == least]
        candidates = (
            _draw_with(random.choice(emptiest), problem, random) for _ in range(CANDIDATES)
        )
        values = max(candidates, key=lambda found: _gain(found, now))
        now.update(cells_of(values))
        yield Drawn(values, draw_words(problem, random))


def _draw_with(cell: Cell, problem: Problem, random: Random) -> dict[str, str]:
    fixed = dict(cell)
    return {
        item.name: fixed.get(item.name) or random.choice(list(item.values))
        for item in problem.dimension
    }


def _gain(values: Mapping[str, str], counts: Mapping[Cell, int]) -> float:
    """How much a draw adds: a whole for each empty cell, less for one that has some."""
    return sum(1 / (1 + counts[cell]) for cell in cells_of(values))
