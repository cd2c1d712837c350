"""Learned labels of a workspace, kept those of its decisions.

Whoever reads labels to train, export, evaluate or audit calls `make_fresh` first. The app has one
`Learning` as long as it is open, which fits after each decision; a command makes one where it needs
labels. Vectors are handed over once, in pieces.
"""

import threading
from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing
from typing import TYPE_CHECKING, Final, Self, TypeVar

from engine.spreading.learner import Basis, Foreseen, Learned, Learner
from store import learned_labels
from store.database.connection import Database
from store.errors import LabelsOutdated

if TYPE_CHECKING:
    import polars as pl

    from tui.services.settings import LabellingSettings
    from tui.services.workspace import Workspace

T = TypeVar("T")

TRIES: Final = 3  # of a reading that decisions come between
PIECE_ROWS: Final = 100_000  # 150 MB of 384 numbers: each piece reads through all vectors


class Learning:
    """Fits where labels are learned, and does nothing where they spread by cluster.

    Methods block; any thread may call them. One process fits at a time.
    """

    def __init__(self, database: Database, settings: "LabellingSettings") -> None:
        self._database = database
        self._settings = settings
        self._turn = threading.Lock()
        self._placed: _Placed | None = None
        self._is_closed = False
        if not database.looks_on:
            learned_labels.use_spread(database, settings.spread)

    @property
    def is_on(self) -> bool:
        """Whether labels are learned in this workspace."""
        return self._settings.spread == "learned"

    def make_fresh(self) -> bool:
        """Fit until the labels are those of the decisions now; return whether there was need to.

        Where this window only looks on, the other one does that. Raises EngineError if the
        process that fits died; the next call starts another.
        """
        if not self.is_on or self._database.looks_on:
            return False
        has_fitted = False
        with self._turn:
            while not self._is_closed:
                basis = self._basis()
                if basis.is_fresh:
                    break
                self._fit(basis)
                has_fitted = True
            if self._is_closed:
                self._forget()  # what was begun meanwhile
        return has_fitted

    def read(self, call: Callable[[], T]) -> T:
        """What a call reads by labels that are those of the decisions before and after it.

        Raises LabelsOutdated where somebody decides each time meanwhile.
        """
        for _ in range(TRIES):
            self.make_fresh()
            found = call()
            if not self.is_on or self._database.looks_on or self._basis().is_fresh:
                return found
        raise LabelsOutdated(
            "Somebody labels at the same time, so that labels changed while they were read. Try "
            "again in a moment."
        )

    def _basis(self) -> learned_labels.Basis:
        return learned_labels.read_basis(self._database, self._way)

    @property
    def _way(self) -> str:
        return f"detector, at least {self._settings.spread_confidence}"

    def _fit(self, basis: learned_labels.Basis) -> None:
        with ExitStack() as unless_done:
            unless_done.callback(self._forget)
            placed = self._placed
            if placed is None or placed.clustering != basis.clustering:
                self._forget()
                placed = _Placed(self._database, basis.clustering, lambda: self._is_closed)
                self._placed = placed
            learned = placed.fit(basis, self._settings.spread_confidence)
            unless_done.pop_all()
        self._write(basis.stamp, placed.named(learned))

    def _write(self, stamp: str, rows: "pl.DataFrame") -> None:
        database = self._database
        fit_id = learned_labels.begin_fit(database)
        for piece in rows.iter_slices(learned_labels.ROWS_AT_ONCE):
            if self._is_closed:
                return
            learned_labels.add_learned(database, fit_id, piece)
        learned_labels.finish_fit(database, fit_id, stamp, rows.height)
        while learned_labels.clear_former_fits(database):
            pass

    def foresee(
        self, answer_id: str, cluster_id: str, members: Sequence[str], labels: Sequence[str]
    ) -> dict[str, Foreseen]:
        """What each label of a representative would do, by the fit that was made last.

        Empty before there is one. Raises EngineError if the process that fits died.
        """
        placed = self._placed
        return {} if placed is None else placed.foresee(answer_id, cluster_id, members, labels)

    def close(self) -> None:
        """End the process that fits, and whatever waits for it."""
        self._is_closed = True
        self._forget()

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


class _Placed:
    """Answers of one clustering whose vectors a process has, ordered by their ids."""

    def __init__(self, database: Database, clustering: str, is_stopped: Callable[[], bool]) -> None:
        import polars as pl

        self.clustering = clustering
        with ExitStack() as unless_whole:
            self._learner = unless_whole.enter_context(closing(Learner()))
            kept = [pl.Series("answer_id", [], pl.String)]
            for piece in learned_labels.list_spreadable(database).iter_slices(PIECE_ROWS):
                if is_stopped():
                    break
                found = learned_labels.read_vectors(database, piece)
                if found.height:
                    kept.append(found["answer_id"])
                    width = int(found["vector"].list.len().max() or 0)  # type: ignore[arg-type]
                    self._learner.add(found["vector"].list.to_array(width).to_numpy())
            self._answer_ids = pl.concat(kept)
            unless_whole.pop_all()

    def fit(self, basis: learned_labels.Basis, confidence: float) -> Learned:
        """The labels that follow from decisions, by place; none where there are no vectors."""
        decided = basis.decided.with_columns(place=self._places(basis.decided["answer_id"]))
        decided = decided.drop_nulls("place")
        if decided.is_empty():
            return Learned.nothing()
        return self._learner.fit(
            Basis(
                tuple(decided["place"]),
                tuple(decided["label"]),
                tuple(decided["cluster_id"].fill_null(decided["answer_id"])),
                tuple(self._places(basis.kept_out["answer_id"]).drop_nulls()),
            ),
            confidence,
        )

    def named(self, learned: Learned) -> "pl.DataFrame":
        """The answers that a label was learned for: answer_id, label and probability."""
        import polars as pl

        if not learned.classes:
            schema = {"answer_id": pl.String, "label": pl.String, "probability": pl.Float32}
            return pl.DataFrame(schema=schema)
        names = dict(enumerate(learned.classes))
        return (
            pl.DataFrame(
                {
                    "answer_id": self._answer_ids,
                    "code": learned.codes,
                    "probability": learned.probabilities,
                }
            )
            .filter(pl.col("code") >= 0)
            .select(
                "answer_id",
                pl.col("code").replace_strict(names, return_dtype=pl.String).alias("label"),
                "probability",
            )
        )

    def foresee(
        self, answer_id: str, cluster_id: str, members: Sequence[str], labels: Sequence[str]
    ) -> dict[str, Foreseen]:
        """What each label of an answer would do; empty where it has no vector."""
        import polars as pl

        place, *others = self._places(pl.Series([answer_id, *members], dtype=pl.String))
        if place is None:
            return {}
        known = [other for other in others if other is not None]
        return self._learner.foresee(place, cluster_id, known, labels)

    def _places(self, answer_ids: "pl.Series") -> "pl.Series":
        """The places of answers, null for one without a vector."""
        import polars as pl

        if not len(self._answer_ids):
            return pl.Series([None] * len(answer_ids), dtype=pl.Int64)
        found = self._answer_ids.search_sorted(answer_ids).clip(0, len(self._answer_ids) - 1)
        is_there = self._answer_ids.gather(found) == answer_ids
        return pl.select(pl.when(is_there).then(found.cast(pl.Int64))).to_series()

    def close(self) -> None:
        """End the process."""
        self._learner.close()
