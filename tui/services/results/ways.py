"""Ways of asking beside each other: the same seeds by another template, model or sampling."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import combinations
from typing import Any

import polars as pl

from engine.statistics.estimate import Estimate
from engine.statistics.measures import wilson
from engine.statistics.paired import compare_paired
from store.database.connection import Database
from store.drift_schema import COMPARISONS
from store.ways import Asked, read_ways


@dataclass(frozen=True, slots=True)
class Way(Asked):
    """A way of asking with its drift; the mean F1 of a comparison is over seeds.

    A seed's value is the mean over its answers. `stays` is the share of `labelled` answers that
    have their seed's label, with Wilson's interval. `differs` has the settings in which not all
    ways are alike, None if this one does not have a setting.
    """

    seeds: int
    answers: int
    answer_seed: float | None
    query_seed: float | None
    answer_query: float | None
    labelled: int
    stays: Estimate | None
    differs: Mapping[str, Any]

    def describe(self) -> str:
        """What distinguishes it from the others, in words."""
        settings = self.differs.items()
        return ", ".join(f"{name} {'–' if value is None else value}" for name, value in settings)


@dataclass(frozen=True, slots=True)
class PairedWays:
    """The difference of F1 between two ways, by their places: second minus first.

    It is over the `n` seeds that both asked about, with its interval by Student's t; `p` is that
    of the paired t-test. Neither is there below two seeds, or where all differ alike.
    """

    first: int
    second: int
    comparison: str
    n: int
    difference: Estimate
    p: float | None


@dataclass(frozen=True, slots=True)
class Ways:
    """Ways of asking, those with the most seeds first, and all pairs of them; empty for one."""

    ways: tuple[Way, ...] = ()
    paired: tuple[PairedWays, ...] = ()


def compare_ways(database: Database, config_hash: str) -> Ways:
    """The ways of asking that one configuration has scored."""
    found = read_ways(database, config_hash)
    settings = [_settings_of(asked) for asked, _ in found]
    return Ways(
        tuple(
            _measure(asked, rows, _differing(own, settings))
            for (asked, rows), own in zip(found, settings, strict=True)
        ),
        tuple(
            test
            for (first, (_, one)), (second, (_, two)) in combinations(enumerate(found), 2)
            for test in _compare(first, one, second, two)
        ),
    )


def _settings_of(asked: Asked) -> dict[str, Any]:
    """Every setting of a way by its name, those of sampling each by itself."""
    parts = {
        "question": (asked.query_model, asked.query_template, asked.query_sampling),
        "answer": (asked.answer_model, asked.answer_template, asked.answer_sampling),
    }
    return {
        f"{part} {name}": value
        for part, (model, template, sampling) in parts.items()
        for name, value in {"model": model, "template": template, **json.loads(sampling)}.items()
    }


def _differing(own: Mapping[str, Any], settings: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    names = dict.fromkeys(name for one in settings for name in one)
    return {
        name: own.get(name)
        for name in names
        if len({json.dumps(one.get(name)) for one in settings}) > 1
    }


def _measure(asked: Asked, rows: pl.DataFrame, differs: Mapping[str, Any]) -> Way:
    stayed, labelled = int(rows["stayed"].sum()), int(rows["labelled"].sum())
    return Way(
        **asdict(asked),
        seeds=rows.height,
        answers=int(rows["answers"].sum()),
        answer_seed=_mean(rows["answer_seed"]),
        query_seed=_mean(rows["query_seed"]),
        answer_query=_mean(rows["answer_query"]),
        labelled=labelled,
        stays=wilson(stayed, labelled),
        differs=differs,
    )


def _mean(values: pl.Series) -> float | None:
    mean = values.mean()
    return mean if isinstance(mean, float) else None


def _compare(first: int, one: pl.DataFrame, second: int, two: pl.DataFrame) -> Iterable[PairedWays]:
    for name in COMPARISONS:
        values = [dict(rows.select("sample_id", name).drop_nulls().rows()) for rows in (one, two)]
        found = compare_paired(*values)
        if found is not None:
            yield PairedWays(first, second, name, found.difference.n, found.difference, found.p)
