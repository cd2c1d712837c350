"""The figures of drift in the shape in which `--json` prints them and the screen shows them."""

import json
import statistics
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from itertools import combinations
from typing import Any

import polars as pl

from engine.statistics.measures import wilson
from engine.statistics.paired import compare_paired
from store.database.connection import Database
from store.drift_groups import QUANTILES, DriftGroup, Scores, drift_groups, newest_config
from store.schema import COMPARISONS
from store.two_sample import TwoSampleFigure, newest_two_sample
from store.ways import Asked, read_cluster_sizes, read_flow, read_ways

WHOLE, *PARTS = COMPARISONS  # the answer against its seed, and where that comes from

Flow = tuple[str, str, str | None, int]


def drift_config_figures(database: Database) -> dict[str, Any]:
    """Return the configuration scored last as (hash, what scores depend on); null without one."""
    config = newest_config(database)
    if config is None:
        return {"config_hash": None, "config": None}
    return {"config_hash": config[0], "config": json.loads(config[1])}


def score_figures(database: Database) -> dict[str, Any]:
    """Return BERTScore by dataset and by seed label, of the configuration scored last."""
    config = drift_config_figures(database)
    chosen = config["config_hash"]
    groups = drift_groups(database, chosen) if chosen else []
    return {**config, "groups": [_group_figures(group) for group in groups]}


def drift_figures(database: Database) -> dict[str, Any]:
    """Return all figures of drift: scores, labels, ways of asking, and how near production is."""
    scores = score_figures(database)
    chosen = scores["config_hash"]
    ways = way_figures(database, chosen) if chosen else {"ways": [], "paired": []}
    return {**scores, **flow_figures(database), **ways, "production": production_figures(database)}


def production_figures(database: Database) -> list[dict[str, Any]]:
    """Return how well seeds and answers can be told from production: the newest of each figure."""
    return [_production_figure(figure) for figure in newest_two_sample(database)]


def _production_figure(figure: TwoSampleFigure) -> dict[str, Any]:
    return {**asdict(figure), "config": json.loads(figure.config)}


def _group_figures(group: DriftGroup) -> dict[str, Any]:
    return {
        "dataset": group.dataset,
        "seed_label": group.seed_label,
        "predicted": group.predicted,
        **_score_figures(group.scores[WHOLE]),
        **{
            name: _score_figures(group.scores[name]) if name in group.scores else None
            for name in PARTS
        },
    }


def _score_figures(scores: Scores) -> dict[str, Any]:
    found = asdict(scores)
    found["quantiles"] = dict(zip(map(str, QUANTILES), scores.quantiles, strict=True))
    return found


def flow_figures(database: Database) -> dict[str, Any]:
    """Return what became of the seeds' labels, by dataset (null is all), as counts and shares.

    `stays` is the share of labelled answers that have their seed's label, with Wilson's 95 %
    interval; `left` counts the answers that have no label yet.
    """
    flow = read_flow(database)
    datasets: list[str | None] = [None, *sorted({row[0] for row in flow})]
    return {
        "flow": [
            _flow_figures(dataset, [row for row in flow if dataset in (None, row[0])])
            for dataset in datasets
            if flow
        ],
        "cluster_sizes": _cluster_size_figures(read_cluster_sizes(database)),
    }


def _flow_figures(dataset: str | None, flow: Sequence[Flow]) -> dict[str, Any]:
    labelled = [(seed, label, n) for _, seed, label, n in flow if label is not None]
    totals: Counter[str] = Counter()
    for _, label, n in labelled:
        totals[label] += n
    seeds = sorted({seed for _, seed, _, _ in flow})
    return {
        "dataset": dataset,
        "n": totals.total(),
        "left": sum(n for *_, label, n in flow if label is None),
        "labels": {
            label: {"n": n, **_share(n, totals.total())} for label, n in sorted(totals.items())
        },
        "from": {
            seed: _from_figures(seed, [row for row in labelled if row[0] == seed]) for seed in seeds
        },
    }


def _from_figures(seed: str, rows: Iterable[tuple[str, str, int]]) -> dict[str, Any]:
    counts: Counter[str] = Counter()
    for _, label, n in rows:
        counts[label] += n
    return {
        "n": counts.total(),
        "to": dict(sorted(counts.items())),
        "stays": _share(counts[seed], counts.total()),
    }


def _share(hits: int, n: int) -> dict[str, Any]:
    estimate = wilson(hits, n)
    if estimate is None:
        return {"share": None, "interval": None}
    return {"share": estimate.value, "interval": [estimate.low, estimate.high]}


def _cluster_size_figures(sizes: Sequence[tuple[str | None, int]]) -> list[dict[str, Any]]:
    """Return the clusters' number, mean size and its sample standard deviation, by scope."""
    found = []
    for dataset in sorted({name for name, _ in sizes}, key=lambda name: name or ""):
        own = [size for name, size in sizes if name == dataset]
        deviation = statistics.stdev(own) if len(own) > 1 else None
        found.append(
            {
                "dataset": dataset,
                "clusters": len(own),
                "mean_size": statistics.mean(own),
                "deviation": deviation,
            }
        )
    return found


def way_figures(database: Database, config_hash: str) -> dict[str, Any]:
    """Return drift by way of asking, and paired tests between ways, over the seeds they share.

    Values are of seeds: the mean over a seed's answers. `differs` has the settings in which not
    all ways are alike, null where a way does not have one. In `paired`, `first` and `second` are
    places in `ways`, and a difference is second minus first.
    """
    ways = read_ways(database, config_hash)
    settings = [_settings_of(asked) for asked, _ in ways]
    return {
        "ways": [
            {**_way_figures(asked, rows), "differs": _differing(own, settings)}
            for (asked, rows), own in zip(ways, settings, strict=True)
        ],
        "paired": [
            figures
            for (one, first), (two, second) in combinations(enumerate(ways), 2)
            for figures in _paired_figures(one, first[1], two, second[1])
        ],
    }


def _settings_of(asked: Asked) -> dict[str, Any]:
    """Return every setting of a way by its name, those of sampling each by itself."""
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


def _way_figures(asked: Asked, rows: pl.DataFrame) -> dict[str, Any]:
    stayed, labelled = int(rows["stayed"].sum()), int(rows["labelled"].sum())
    return {
        **asdict(asked),
        "seeds": rows.height,
        "answers": int(rows["answers"].sum()),
        **{name: rows[name].mean() for name in COMPARISONS},
        "labelled": labelled,
        "stays": _share(stayed, labelled),
    }


def _paired_figures(
    one: int, first: pl.DataFrame, two: int, second: pl.DataFrame
) -> Iterable[dict[str, Any]]:
    for name in COMPARISONS:
        values = [dict(rows.select("sample_id", name).drop_nulls().rows())
                  for rows in (first, second)]  # fmt: skip
        found = compare_paired(*values)
        if found is not None:
            yield {"first": one, "second": two, "comparison": name, **asdict(found)}
