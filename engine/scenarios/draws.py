"""Draws: which value of each dimension, and which seed words, a scenario is to be written from."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from random import Random

from engine.scenarios.problem import WORD, Dimension, Example, Problem
from store.ids import row_id


@dataclass(frozen=True, slots=True)
class Drawn:
    """A value of each dimension, by its name in the order of the problem, and seed words."""

    values: dict[str, str]
    words: tuple[str, ...] = ()

    @property
    def rows(self) -> list[tuple[str, str]]:
        """What is kept of it: dimensions with their values, seed words as values of WORD."""
        return [*self.values.items(), *((WORD, word) for word in self.words)]

    def in_words(self) -> str:
        """All of it on one line."""
        parts = [f"{name}: {value}" for name, value in self.values.items()]
        words = [f"{WORD}s: {', '.join(self.words)}"] if self.words else []
        return " · ".join([*parts, *words])


def draw_id(dataset: str, problem: Problem, seed: int, number: int) -> str:
    """The id of a dataset's draw: it follows from what the draw is made of."""
    return row_id("draw", dataset, problem.digest, seed, number)


def draw(problem: Problem, seed: int, number: int) -> Drawn:
    """Draw `number` of a seed: every value of a dimension is as likely as any other."""
    random = _random(problem, seed, number)
    values = {item.name: random.choice(list(item.values)) for item in problem.dimension}
    return Drawn(values, draw_words(problem, random))


def draw_words(problem: Problem, random: Random) -> tuple[str, ...]:
    """Different seed words, in alphabetical order; none if the problem has none."""
    if problem.seed_words is None:
        return ()
    chosen = random.sample(problem.seed_words.words, problem.seed_words.per_scenario)
    return tuple(sorted(chosen))


def draw_examples(problem: Problem, sample_id: str) -> tuple[Example, ...]:
    """The examples that are shown for a draw: they follow from its id."""
    random = Random(int(row_id("examples", sample_id), 16))
    count = min(problem.examples_per_scenario, len(problem.example))
    return tuple(random.sample(problem.example, count))


def read_drawn(rows: Iterable[tuple[str, str]], dimensions: Sequence[Dimension]) -> Drawn:
    """A draw from its rows, in whatever order they are."""
    kept = list(rows)
    found = {name: value for name, value in kept if name != WORD}
    values = {item.name: found[item.name] for item in dimensions if item.name in found}
    return Drawn(values, tuple(sorted(value for name, value in kept if name == WORD)))


def _random(problem: Problem, seed: int, number: int) -> Random:
    return Random(int(row_id("draw", problem.digest, seed, number), 16))
