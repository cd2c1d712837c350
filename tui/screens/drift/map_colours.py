"""What the colours of the map say: drift, the dataset, or the label of the seed."""

import statistics
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final, Literal

from tui.frame.snapshot import GLYPHS, Labels
from tui.screens.drift.views import DriftMapFigures, GroupChoice
from tui.screens.drift.wording import COMPARED
from tui.services.numbers import show_number
from tui.widgets.map_colouring import Colouring, Kind, colour_by_names, members_of

if TYPE_CHECKING:
    from tui.services.results.cluster_map import ClusterMap

By = Literal["drift", "dataset", "seed label"]

OTHERS: Final = Kind("·", "$line", "other groups, not scored")
_QUARTERS: Final = (("▼", "$error"), ("○", "$warning"), ("◆", "$primary"), ("▲", "$success"))


def colour(figures: DriftMapFigures, group: GroupChoice, by: By, labels: Labels) -> Colouring:
    """The kinds of points and clusters; what is not of the group is one of OTHERS."""
    found = figures.map
    is_own = [
        group.dataset in (None, dataset) and group.seed_label in (None, label)
        for dataset, label in zip(found.datasets, found.seed_labels, strict=True)
    ]
    if by == "drift":
        return _by_drift(found, figures.f1[group.comparison], is_own, COMPARED[group.comparison])
    names = found.datasets if by == "dataset" else found.seed_labels
    own_names = [name if own else None for name, own in zip(names, is_own, strict=True)]
    return colour_by_names(
        found, by, own_names, lambda place, name: _name_kind(place, name, by, labels), OTHERS
    )


def _name_kind(place: int, name: str, by: By, labels: Labels) -> Kind:
    if by == "seed label":
        view = labels.named(name)
        return Kind(view.glyph, view.style, name)
    number = place % len(GLYPHS)
    return Kind(GLYPHS[number], f"$label-{number + 1}", name)


def _by_drift(
    found: "ClusterMap", f1: Sequence[float | None], is_own: Sequence[bool], compared: str
) -> Colouring:
    """Quarters of the group's points by F1, as many in each."""
    scores = [value for value, own in zip(f1, is_own, strict=True) if own and value is not None]
    ends = statistics.quantiles(scores, n=4, method="inclusive") if len(scores) > 1 else scores
    kinds = [Kind(*_QUARTERS[place], name) for place, name in enumerate(_name_quarters(ends))]
    others = len(kinds)
    points = [
        bisect_right(ends, value) if own and value is not None else others
        for value, own in zip(f1, is_own, strict=True)
    ]

    def quarter(places: Sequence[int]) -> int:
        own = [value for n in places if is_own[n] and (value := f1[n]) is not None]
        return bisect_right(ends, statistics.fmean(own)) if own else others

    clusters = [quarter(places) for places in members_of(found)]
    return Colouring(f"F1 of {compared}", (*kinds, OTHERS), points, clusters)


def _name_quarters(ends: Sequence[float]) -> Iterator[str]:
    """The quarters in words, the most drifted first."""
    if not ends:
        return
    shown = [show_number(end) for end in ends]
    yield f"F1 below {shown[0]}"
    for end in shown[1:]:
        yield f"to {end}"
    yield "above"
