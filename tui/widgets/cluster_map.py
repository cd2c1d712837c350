"""A map of clusters: answers as dots, clusters by their numbers, one of them chosen."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from textual.content import Content
from textual.reactive import reactive

from tui.frame.task_words import TaskWords
from tui.widgets.braille import Scale, draw_points
from tui.widgets.lines import Lines
from tui.widgets.map_colouring import Colouring
from tui.widgets.map_layout import Direction, next_in_direction, place_names
from tui.widgets.map_legend import (
    CHOSEN_STYLE,
    MIXED,
    describe_map,
    describe_shares,
    hide_labels,
    legend_lines,
)

if TYPE_CHECKING:
    from tui.services.results.cluster_map import ClusterMap, MapPlane

MOST_NAMED: Final = 1_000  # clusters; more names have no room on any terminal


@dataclass(slots=True)
class _Dots:
    """The dots of one plane at one size in one colouring; only names change over them."""

    scale: Scale
    chars: Mapping[tuple[int, int], str]
    kinds: Mapping[tuple[int, int], int]
    named: Sequence[int]  # clusters in the order in which their names get room


class ClusterMapView(Lines):
    """The parent sets `map`, `colouring`, and which cluster is `chosen`.

    It moves among clusters with `move`, and between planes with `zoom`. A cluster keeps its
    number, counted from 1 by size, in all planes and colourings.
    """

    DEFAULT_CLASSES = "figure"

    chosen: reactive[int | None] = reactive(None, init=False)  # its place in the map

    def __init__(
        self,
        words: TaskWords,
        *,
        id: str | None = None,  # noqa: A002 (Textual's name)
    ) -> None:
        super().__init__(id=id)
        self._words = words
        self.map: ClusterMap | None = None
        self.colouring: Colouring | None = None
        self._plane = 0
        self._is_blind = False
        self._dots: _Dots | None = None

    @property
    def plane(self) -> "MapPlane | None":
        """The plane that is shown."""
        return self.map.planes[self._plane] if self.map and self.map.planes else None

    def show(self, found: "ClusterMap", colouring: Colouring, *, is_blind: bool = False) -> None:
        """Show a map in a colouring; the chosen cluster stays if the map is the same.

        A blind one tells nothing of predictions and the labels of seeds.
        """
        is_same = self.map is not None and found.planes is self.map.planes
        self.map = found
        if not is_same:
            self._plane = 0
            chosen = 0 if found.planes and found.clusters else None
            self.set_reactive(ClusterMapView.chosen, chosen)
        self.colouring, self._is_blind, self._dots = colouring, is_blind, None
        self._redraw()

    def on_resize(self) -> None:
        """Fit the map into the new size."""
        self._dots = None
        self._redraw()

    def watch_chosen(self) -> None:
        """Mark another cluster, on a plane that has it."""
        plane = self.plane
        if plane is not None and self.chosen not in plane.clusters:
            self._plane, self._dots = 0, None
        self._redraw()

    def move(self, direction: Direction) -> None:
        """Choose the cluster that lies next in a direction."""
        plane = self.plane
        if plane is not None and self.chosen is not None:
            place = plane.clusters.index(self.chosen)
            self.chosen = plane.clusters[next_in_direction(plane.spots, place, direction)]

    def zoom(self) -> None:
        """Show only the predicted label of the chosen cluster, by its own directions; or all."""
        if self.map is None or self.chosen is None or self._is_blind:
            return
        label = self.map.clusters[self.chosen].predicted_label
        own = [
            number for number, plane in enumerate(self.map.planes) if plane.predicted_label == label
        ]
        self._plane, self._dots = 0 if self._plane or not own else own[0], None
        self._redraw()

    def _redraw(self) -> None:
        plane, colouring = self.plane, self.colouring
        width, height = self.size.width, self.size.height
        if self.map is None or plane is None or colouring is None or not width or not height:
            self.draw([])
            return
        self.set_title(describe_map(self.map, plane, colouring, self._words))
        self.set_subtitle(describe_shares(plane))
        found = hide_labels(self.map) if self._is_blind else self.map
        drawn = {colouring.points[point] for point in plane.points}
        legend = legend_lines(found, colouring, drawn, self.chosen, width, self._words)
        legend = legend[: max(height // 3, 1)]
        rows = height - len(legend)
        if self._dots is None:
            self._dots = _draw(found, plane, colouring, width, rows)
        names = _place_names(found, plane, colouring, self.chosen, self._dots, width, rows)
        self.draw([*_compose(self._dots, names, colouring, width, rows), *legend])


def _draw(
    found: "ClusterMap", plane: "MapPlane", colouring: Colouring, width: int, rows: int
) -> _Dots:
    scale = Scale.fit(
        (*plane.xs, *(x for x, _ in plane.spots)), (*plane.ys, *(y for _, y in plane.spots)),
        width, rows,
    )  # fmt: skip
    kinds = (colouring.points[point] for point in plane.points)
    chars, commonest = draw_points(zip(plane.xs, plane.ys, kinds, strict=True), scale)
    # What is mixed first, then the largest.
    order = sorted(plane.clusters, key=lambda number: (not found.clusters[number].is_mixed, number))
    return _Dots(scale, chars, commonest, order[:MOST_NAMED])


def _place_names(
    found: "ClusterMap",
    plane: "MapPlane",
    colouring: Colouring,
    chosen: int | None,
    drawn: _Dots,
    width: int,
    rows: int,
) -> dict[tuple[int, int], tuple[str, str]]:
    """The cells of clusters' names, that of the chosen one first, with characters and styles."""
    spots = dict(zip(plane.clusters, plane.spots, strict=True))
    first = [chosen] if chosen in spots else []
    forms = (
        (number, drawn.scale.cell(*spots[number]),
         _forms(found, colouring, number, number == chosen))
        for number in (*first, *(number for number in drawn.named if number != chosen))
    )  # fmt: skip
    cells = {}
    for number, ((column, row), form) in place_names(forms, width, rows).items():
        style = colouring.kinds[colouring.clusters[number]].style
        styled = f"{CHOSEN_STYLE} {style}" if number == chosen else f"bold {style}"
        for place, char in enumerate(form):
            cells[column + place, row] = char, styled
    return cells


def _forms(found: "ClusterMap", colouring: Colouring, number: int, is_chosen: bool) -> list[str]:
    """How a cluster can be named, from long to short."""
    sign = colouring.kinds[colouring.clusters[number]].sign
    mixed = MIXED if found.clusters[number].is_mixed else ""
    name = f"{sign}{number + 1}{mixed}"
    return [f"[{name}]", name, sign] if is_chosen else [name, f"{sign}{mixed}", sign]


def _compose(
    drawn: _Dots,
    names: Mapping[tuple[int, int], tuple[str, str]],
    colouring: Colouring,
    width: int,
    rows: int,
) -> Iterable[Content]:
    for row in range(rows):
        parts: list[tuple[str, str]] = []
        for column in range(width):
            cell = column, row
            char, style = names.get(cell) or (
                drawn.chars.get(cell, " "),
                colouring.kinds[drawn.kinds[cell]].style if cell in drawn.kinds else "",
            )
            if parts and parts[-1][1] == style:
                parts[-1] = parts[-1][0] + char, style
            else:
                parts.append((char, style))
        yield Content.assemble(*parts)
