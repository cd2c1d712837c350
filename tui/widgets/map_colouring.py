"""By what a map of clusters is coloured: the kinds of its points and clusters."""

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tui.services.results.cluster_map import ClusterMap


@dataclass(frozen=True, slots=True)
class Kind:
    """What dots and clusters can be: a sign of one cell beside the colour, and its name."""

    sign: str
    style: str
    name: str


@dataclass(frozen=True, slots=True)
class Colouring:
    """By what the map is coloured: the kind of each point and of each cluster, by place.

    `by` names it in words.
    """

    by: str
    kinds: tuple[Kind, ...]
    points: Sequence[int]
    clusters: Sequence[int]


def members_of(found: "ClusterMap") -> list[list[int]]:
    """The places of each cluster's points."""
    members: list[list[int]] = [[] for _ in found.clusters]
    for place, cluster in enumerate(found.cluster_of):
        members[cluster].append(place)
    return members


def colour_by_names(
    found: "ClusterMap",
    by: str,
    names: Sequence[str | None],
    kind_of: Callable[[int, str], Kind],
    others: Kind,
) -> Colouring:
    """A colouring in which each name is a kind, and a point without one is of the others.

    `names` has one for each point, and `kind_of` gets its place among all and the name. A cluster
    is of the kind that most of its points are, if any has a name.
    """
    known = sorted({name for name in names if name is not None})
    places = {name: place for place, name in enumerate(known)}
    points = [places[name] if name is not None else len(known) for name in names]

    def commonest(members: Sequence[int]) -> int:
        own = [points[place] for place in members if points[place] != len(known)]
        return statistics.mode(own) if own else len(known)

    kinds = tuple(kind_of(place, name) for place, name in enumerate(known))
    clusters = [commonest(members) for members in members_of(found)]
    return Colouring(by, (*kinds, others), points, clusters)


def colour_by_cluster(
    found: "ClusterMap", by: str, kinds: Sequence[Kind], clusters: Sequence[int]
) -> Colouring:
    """A colouring in which all points of a cluster are of its kind."""
    return Colouring(by, tuple(kinds), [clusters[place] for place in found.cluster_of], clusters)
