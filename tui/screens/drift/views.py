"""What the drift screen shows, without the store's types that bring DuckDB along."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from tui.frame.snapshot import Share
from tui.screens.drift.wording import describe_sizes, describe_way

if TYPE_CHECKING:
    from store.drift_pairs import DriftedPair, Spread

PAIRS_SHOWN: Final = 200  # on a page
COMPARED: Final = {
    "answer_seed": "answer against seed",
    "query_seed": "question against seed",
    "answer_query": "answer against question",
}


@dataclass(frozen=True, slots=True)
class ScoreView:
    """Mean BERTScore of a comparison; `floor` is that of shuffled pairs, `rescaled` 0 there.

    `cut` counts answers of which the model could not read all.
    """

    n: int
    precision: float
    recall: float
    f1: Share
    median: float
    floor: float | None
    rescaled: float | None
    cut: int


@dataclass(frozen=True, slots=True)
class DriftRow:
    """A group by comparison; None as dataset or label means all.

    `predicted` counts those whose seed label was predicted, not given.
    """

    dataset: str | None
    label: str | None
    predicted: int
    scores: Mapping[str, ScoreView]


@dataclass(frozen=True, slots=True)
class FlowRow:
    """What became of a seed label in a dataset: answers by their own label. None is all."""

    dataset: str | None
    seed_label: str | None
    counts: Mapping[str, int]
    stays: Share


@dataclass(frozen=True, slots=True)
class WayRow:
    """A way of asking: mean F1 by comparison over its seeds, and labels that stay.

    `differs` says what tells it from the others.
    """

    seeds: int
    answers: int
    f1: Mapping[str, float | None]
    stays: Share
    differs: str


@dataclass(frozen=True, slots=True)
class PairedRow:
    """The difference of F1 between two ways, by their places, over the seeds they share."""

    first: int
    second: int
    compared: str
    n: int
    difference: Share
    p: float | None


@dataclass(frozen=True, slots=True)
class ProductionRow:
    """How well seeds or answers can be told from production by `features`: ROC-AUC.

    `cut_tokens` is the length that texts were cut to where lengths were matched, else None.
    """

    compared: str
    features: str
    cut_tokens: int | None
    n: int
    n_production: int
    auc: Share


@dataclass(frozen=True, slots=True)
class DriftView:
    """The newest drift figures; `model` says what they were scored with."""

    config_hash: str | None
    model: str
    rows: tuple[DriftRow, ...]


@dataclass(frozen=True, slots=True)
class DriftTables:
    """What is read only once it is looked at, for it takes seconds among millions."""

    flow: tuple[FlowRow, ...] = ()
    sizes: Mapping[str | None, str] = field(default_factory=dict)  # of clusters, by their scope
    ways: tuple[WayRow, ...] = ()
    paired: tuple[PairedRow, ...] = ()
    production: tuple[ProductionRow, ...] = ()


@dataclass(frozen=True, slots=True)
class GroupView:
    """What is shown of one group: the spread of a comparison, and pairs in an order."""

    spread: "Spread"
    pairs: "tuple[DriftedPair, ...]"


def view_drift(scores: Mapping[str, Any]) -> DriftView:
    """Return the screen's view of the scores."""
    return DriftView(
        config_hash=scores["config_hash"],
        model=(scores["config"] or {}).get("model", ""),
        rows=tuple(_row(group) for group in scores["groups"]),
    )


def view_flow(figures: Mapping[str, Any]) -> DriftTables:
    """Return the screen's view of what became of labels."""
    rows = [
        row
        for item in figures["flow"]
        for row in (
            *(
                FlowRow(item["dataset"], seed, row["to"], _share(row["stays"]))
                for seed, row in item["from"].items()
            ),
            FlowRow(
                item["dataset"],
                None,
                {label: found["n"] for label, found in item["labels"].items()},
                Share(None),
            ),
        )
        if item["n"]
    ]
    sizes = {item["dataset"]: describe_sizes(item) for item in figures["cluster_sizes"]}
    return DriftTables(flow=tuple(rows), sizes=sizes)


def view_ways(figures: Mapping[str, Any]) -> DriftTables:
    """Return the screen's view of the ways of asking."""
    ways = tuple(
        WayRow(
            way["seeds"], way["answers"], {name: way[name] for name in COMPARED},
            _share(way["stays"]),
            describe_way(way["differs"]),
        )
        for way in figures["ways"]
    )  # fmt: skip
    paired = tuple(
        PairedRow(
            pair["first"], pair["second"], pair["comparison"], pair["n"],
            Share(pair["difference"], None if pair["p"] is None else (pair["low"], pair["high"])),
            pair["p"],
        )
        for pair in figures["paired"]
    )  # fmt: skip
    return DriftTables(ways=ways, paired=paired)


def view_production(figures: Sequence[Mapping[str, Any]]) -> DriftTables:
    """Return the screen's view of how near production is."""
    rows = tuple(
        ProductionRow(
            row["compared"],
            row["features"],
            row["config"]["cut_tokens"] if row["matched"] else None,
            row["n_compared"],
            row["n_production"],
            Share(row["auc"], None if row["auc"] is None else (row["low"], row["high"])),
        )
        for row in figures
    )
    return DriftTables(production=rows)


def _row(group: Mapping[str, Any]) -> DriftRow:
    found = {name: group if name == "answer_seed" else group[name] for name in COMPARED}
    return DriftRow(
        group["dataset"],
        group["seed_label"],
        group["predicted"],
        {name: _score(scores) for name, scores in found.items() if scores is not None},
    )


def _score(scores: Mapping[str, Any]) -> ScoreView:
    return ScoreView(
        scores["n"],
        scores["precision"],
        scores["recall"],
        Share(scores["f1"], _pair(scores["interval"])),
        scores["median"],
        scores["floor_f1"],
        scores["rescaled_f1"],
        scores["cut"],
    )


def _share(figures: Mapping[str, Any]) -> Share:
    return Share(figures["share"], _pair(figures["interval"]))


def _pair(ends: Sequence[float] | None) -> tuple[float, float] | None:
    return None if ends is None else (ends[0], ends[1])
