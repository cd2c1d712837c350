"""What a map of clusters says in words: its title, its legend, and the chosen cluster."""

from collections.abc import Collection
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from textual.content import Content

from store.counting import counted
from tui.frame.task_words import TaskWords
from tui.services.inert import one_line
from tui.services.numbers import show_plain_percent
from tui.widgets.flow import flow
from tui.widgets.map_colouring import Colouring

if TYPE_CHECKING:
    from tui.services.results.cluster_map import ClusterMap, MapPlane

MIXED: Final = "≠"
CHOSEN_STYLE: Final = "bold reverse"


def hide_labels(found: "ClusterMap") -> "ClusterMap":
    """The map with clusters that tell neither predictions nor the labels of seeds."""
    clusters = (
        replace(cluster, predicted_label="", seed_labels={}, overrides=0)
        for cluster in found.clusters
    )
    return replace(found, clusters=tuple(clusters))


def describe_map(
    found: "ClusterMap", plane: "MapPlane", colouring: Colouring, words: TaskWords
) -> Content:
    """How many answers are drawn, of how many, and by what they are coloured."""
    drawn, there = len(plane.points), sum(found.clusters[n].size for n in plane.clusters)
    of = f"{drawn:,} of " if drawn != there else ""
    answers = f"{of}{counted(there, words.made)}"
    label = one_line(plane.predicted_label) if plane.predicted_label else ""
    within = f" {words.guessed} as {label}" if label else ""
    clusters = counted(len(plane.clusters), "cluster")
    return Content(f"{answers}{within} in {clusters}, by {colouring.by}")


def describe_shares(plane: "MapPlane") -> str:
    """How much of the variance the plane holds, to the right and upwards."""
    right, up = (show_plain_percent(share) for share in plane.shares)
    both = show_plain_percent(sum(plane.shares))
    return f"these two directions hold {both} % of the variance (→ {right}, ↑ {up})"


def legend_lines(
    found: "ClusterMap",
    colouring: Colouring,
    drawn: Collection[int],
    chosen: int | None,
    width: int,
    words: TaskWords,
) -> list[Content]:
    """What the signs that are drawn say, and what the chosen cluster is."""
    fields = [
        Content.assemble((kind.sign, f"bold {kind.style}"), f" {one_line(kind.name)}")
        for number, kind in enumerate(colouring.kinds)
        if number in drawn
    ]
    if any(cluster.is_mixed for cluster in found.clusters):
        fields.append(Content.assemble((MIXED, "bold"), " mixed"))
    if found.elsewhere:
        text = f"{counted(found.elsewhere, 'cluster')} of other embeddings not here"
        fields.append(Content.styled(text, "$warning"))
    lines = flow(fields, width)
    if chosen is not None:
        lines += [line.truncate(width, ellipsis=True) for line in _describe(found, chosen, words)]
    return lines


def _describe(found: "ClusterMap", chosen: int, words: TaskWords) -> list[Content]:
    cluster = found.clusters[chosen]
    number = Content.styled(f" {chosen + 1} ", CHOSEN_STYLE)
    text = Content.styled(one_line(cluster.representative, 300), "$quiet")
    size = counted(cluster.size, words.made)
    if not cluster.predicted_label:
        return [Content.assemble(number, f" {size}"), text]
    overrides = f"; {counted(cluster.overrides, 'override')}" if cluster.overrides else ""
    facts = f"{size}, {words.guessed_as} {one_line(cluster.predicted_label)}"
    if words.is_pair:
        return [Content.assemble(number, f" {facts}{overrides}"), text]
    seeds = ", ".join(
        f"{count:,} {one_line(name)}"
        for name, count in sorted(cluster.seed_labels.items(), key=lambda item: -item[1])
    )
    return [
        Content.assemble(number, f" {facts}; seeds: {seeds or 'without a label'}{overrides}"),
        text,
    ]
