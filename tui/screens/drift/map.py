"""The map of the clusters, coloured by how far answers have drifted."""

from math import dist
from typing import get_args

from textual.reactive import reactive

from tui.frame.calls import Calls
from tui.frame.snapshot import Labels
from tui.screens.drift.map_colours import By, colour
from tui.screens.drift.messages import MapRead
from tui.screens.drift.reading import SeenFigures
from tui.screens.drift.views import DriftMapFigures, Subject
from tui.screens.drift.wording import COUNTING
from tui.widgets.cluster_map import ClusterMapView
from tui.widgets.plain import plain


class DriftMap(ClusterMapView):
    """The clusters of all answers; those of the group are coloured. The parent sets `subject`."""

    subject: reactive[Subject | None] = reactive(None, init=False)
    by: reactive[By] = reactive[By]("drift", init=False)

    def __init__(self, calls: Calls, labels: Labels) -> None:
        super().__init__(labels.words, id="map")
        self._labels = labels
        self._figures: SeenFigures[DriftMapFigures] = SeenFigures(self, calls, _read)

    @property
    def chosen_cluster(self) -> tuple[int, str] | None:
        """The chosen cluster's number, as shown, and id; None without one."""
        if self.map is None or self.chosen is None:
            return None
        return self.chosen + 1, self.map.clusters[self.chosen].cluster_id

    @property
    def nearest_answers(self) -> tuple[str, ...]:
        """The answers of the chosen cluster, those nearest to it on this plane first."""
        plane, found = self.plane, self.map
        if plane is None or found is None or self.chosen is None:
            return ()
        spot = plane.spots[plane.clusters.index(self.chosen)]
        own = (
            (dist(spot, (x, y)), found.answer_ids[point])
            for point, x, y in zip(plane.points, plane.xs, plane.ys, strict=True)
            if found.cluster_of[point] == self.chosen
        )
        return tuple(answer_id for _, answer_id in sorted(own))

    def watch_subject(self, before: Subject | None, subject: Subject | None) -> None:
        """Colour another group; read again where the figures have changed."""
        self._figures.forget_outdated(before, subject)
        self._colour()
        self._figures.ask(subject)

    def watch_by(self) -> None:
        """Colour by something else."""
        self._colour()

    def colour_next(self) -> None:
        """Turn to what is next to colour by."""
        names = get_args(By)
        self.by = names[(names.index(self.by) + 1) % len(names)]

    def on_show(self) -> None:
        """Read what was not read yet."""
        self._figures.ask(self.subject)

    def on_map_read(self, message: MapRead) -> None:
        """Show the map."""
        message.stop()
        if self._figures.take(self.subject, message.stamp, message.figures):
            self._colour()

    def _colour(self) -> None:
        figures, subject = self._figures.found, self.subject
        if figures is None or subject is None:
            self.set_title(plain(f"Map ({COUNTING})"))
        elif not figures.map.planes:
            self.set_title(plain("Map: no answer is in a cluster yet"))
        else:
            self.show(figures.map, colour(figures, subject.group, self.by, self._labels))


def _read(subject: Subject) -> MapRead:
    return MapRead(subject.stamp, subject.desk.map(subject.config_hash))
