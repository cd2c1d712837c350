"""What the drift screen shows, without the store's types that bring DuckDB along."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from tui.views import Share

if TYPE_CHECKING:
    from store.drifted import DriftedPair, Spread

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
    """What became of a seed label in a dataset (None is all): answers by their own label."""

    dataset: str | None
    seed_label: str
    counts: Mapping[str, int]
    stays: Share


@dataclass(frozen=True, slots=True)
class DriftView:
    """The newest drift figures; `model` says what they were scored with."""

    config_hash: str | None
    model: str
    rows: tuple[DriftRow, ...]
    flow: tuple[FlowRow, ...]


@dataclass(frozen=True, slots=True)
class GroupView:
    """What is shown of one group: the spread of a comparison, and pairs in an order."""

    spread: "Spread"
    pairs: "tuple[DriftedPair, ...]"


def view_drift(scores: Mapping[str, Any], flow: Mapping[str, Any]) -> DriftView:
    """Return the screen's view of the figures."""
    return DriftView(
        config_hash=scores["config_hash"],
        model=(scores["config"] or {}).get("model", ""),
        rows=tuple(_row(group) for group in scores["groups"]),
        flow=tuple(
            FlowRow(item["dataset"], seed, row["to"], _share(row["stays"]))
            for item in flow["flow"]
            for seed, row in item["from"].items()
        ),
    )


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
