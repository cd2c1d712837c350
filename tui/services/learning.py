"""Learned labels of a workspace, kept those of its decisions.

Whoever reads labels to train, export, evaluate or audit calls `make_fresh` first. The app has one
`Learning` as long as it is open, which fits after each decision; a command makes one where it needs
labels.
"""

import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from typing import TYPE_CHECKING, Final, Self, TypeVar

from store import learned_labels
from store.clusters import read_member_ids
from store.database.connection import Database
from store.errors import LabelsOutdated
from store.learned_labels import LearnedLabel
from tui.services.suggestions import Suggestions, suggest

if TYPE_CHECKING:
    import polars as pl

    from engine.spreading.learner import Foreseen
    from store.cluster_states import ClusterState
    from store.clusters import Cluster
    from tui.services.placed_answers import PlacedAnswers
    from tui.services.settings import LabellingSettings
    from tui.services.workspace import Workspace

T = TypeVar("T")

TRIES: Final = 3  # of what others may come between


class Learning:
    """Fits where labels are learned, and does nothing where they spread by cluster.

    Methods block; any thread may call them. One process fits at a time.
    """

    def __init__(self, database: Database, settings: "LabellingSettings") -> None:
        self._database = database
        self._settings = settings
        self._turn = threading.Lock()
        self._placed: PlacedAnswers | None = None
        self._is_prepared = self._is_closed = False
        self._fitted = ""  # the stamp of the decisions that the process has fitted last
        if not database.looks_on:
            learned_labels.use_spread(database, settings.spread)

    @property
    def is_on(self) -> bool:
        """Whether labels are learned in this workspace."""
        return self._settings.spread == "learned"

    @property
    def _does_fit(self) -> bool:
        """Whether labels are learned here, and not in the window on which this one looks."""
        return self.is_on and not self._database.looks_on

    def make_fresh(self, is_overtaken: Callable[[], bool] = lambda: False) -> bool:
        """Fit until the labels are those of the decisions now; return whether there was need to.

        Whoever comes again later may leave off once this `is_overtaken`. Where this window only
        looks on, the other one does that. Raises EngineError if the process that fits died, and
        the next call starts another; LabelsOutdated where others fit in another way at the same
        time.
        """
        if not self._does_fit:
            return False
        fits = failures = 0
        with self._turn:
            while not self._is_closed and not (basis := self._basis()).is_fresh:
                try:
                    self._write(basis.stamp, self._fit(basis), is_overtaken)
                except LabelsOutdated:
                    failures += 1
                    if failures == TRIES:
                        raise
                if is_overtaken():
                    break
                fits += 1
            self._forget_if_closed()
        return bool(fits)

    def prepare(self) -> None:
        """Fit without need, so that it can be foreseen what a label does. Raises EngineError."""
        self._is_prepared = True
        if self._does_fit and not self.make_fresh():
            with self._turn:
                self._fit(self._basis())
                self._forget_if_closed()

    def read(self, call: Callable[[], T]) -> T:
        """What a call reads by labels that are those of the decisions before and after it.

        Raises LabelsOutdated where somebody decides each time meanwhile.
        """
        for _ in range(TRIES):
            self.make_fresh()
            found = call()
            if not self._does_fit or self._basis().is_fresh:
                return found
        raise LabelsOutdated(
            "Somebody labels at the same time, so that labels changed while they were read. Try "
            "again in a moment."
        )

    def _basis(self) -> learned_labels.Basis:
        return learned_labels.read_basis(self._database, self._settings.spread_confidence)

    def _fit(self, basis: learned_labels.Basis) -> "pl.DataFrame":
        from tui.services.placed_answers import PlacedAnswers, no_labels  # polars comes with it

        if not self._is_prepared and basis.decided["label"].n_unique() < 2:
            return no_labels()  # as the process would say, which takes a while to start
        with ExitStack() as unless_done:
            unless_done.callback(self._forget)
            placed = self._placed
            if placed is None or placed.origin != basis.origin:
                self._forget()
                placed = PlacedAnswers(self._database, basis, lambda: self._is_closed)
                self._placed = placed
            learned = placed.fit(basis, self._settings.spread_confidence)
            self._fitted = basis.stamp
            unless_done.pop_all()
        return placed.named(learned)

    def _write(self, stamp: str, rows: "pl.DataFrame", is_overtaken: Callable[[], bool]) -> None:
        """Let rows take the place of those of the fit before, by small transactions."""
        database = self._database
        fit_id = learned_labels.begin_fit(database)
        for piece in rows.iter_slices(learned_labels.ROWS_AT_ONCE):
            if self._is_closed or is_overtaken():
                return
            learned_labels.add_learned(database, fit_id, piece)
        learned_labels.finish_fit(database, fit_id, stamp, rows.height)

    def count_by_cluster(self) -> dict[str, int] | None:
        """How many members of each cluster have a learned label; None where none are learned."""
        return learned_labels.count_learned(self._database) if self.is_on else None

    def look_up(self, answer_ids: Sequence[str]) -> dict[str, LearnedLabel]:
        """The learned labels of these answers; those without one are left out."""
        return learned_labels.look_up_learned(self._database, answer_ids) if self.is_on else {}

    def foresee(
        self, cluster_id: str, representative_id: str, labels: Sequence[str]
    ) -> "dict[str, Foreseen]":
        """What each label of a cluster's representative would do, by the newest fit.

        Empty before there is one. Raises EngineError if the process that fits died.
        """
        placed = self._placed
        if placed is None:
            return {}
        members = read_member_ids(self._database, cluster_id)["answer_id"]
        return placed.foresee(representative_id, cluster_id, members, labels)

    def most_foreseen(self, members: int, answers: int) -> "Foreseen":
        """As much as can be foreseen of a cluster of so many members, among so many answers."""
        from engine.spreading.learner import Foreseen

        return Foreseen(members, answers, is_estimate=True)

    def suggest(
        self, clusters: "Sequence[Cluster]", states: "Mapping[str, ClusterState]", seed: int
    ) -> Suggestions:
        """What to decide next, and which of the clusters to split.

        By the decisions now; where labels are learned, by the newest fit. Raises EngineError if
        the process that fits died.
        """
        self._is_prepared = True
        with self._turn:
            basis = self._basis()
            is_fitted = self._does_fit or self._fitted == basis.stamp
            if self._placed is None or not is_fitted:
                self._fit(basis)
            placed = self._placed
            if placed is None or self._is_closed:
                self._forget_if_closed()
                return Suggestions()
            return suggest(self._database, placed, clusters, states, seed)

    def close(self) -> None:
        """End the process that fits, and whatever waits for it."""
        self._is_closed = True
        self._forget()

    def _forget_if_closed(self) -> None:
        if self._is_closed:
            self._forget()  # what was begun meanwhile

    def _forget(self) -> None:
        placed, self._placed = self._placed, None
        if placed is not None:
            placed.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def make_labels_fresh(workspace: "Workspace", database: Database) -> None:
    """Learn the labels of a workspace again where they are not those of the decisions now."""
    with Learning(database, workspace.settings.labelling) as learning:
        learning.make_fresh()
