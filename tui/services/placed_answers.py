"""Answers by their places among the vectors that the process that learns labels has."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing
from typing import Final

import polars as pl

from engine.spreading.disagreement import Disagreement
from engine.spreading.learner import Basis, Foreseen, Learned, Learner
from store.clusters import draw_members
from store.database.connection import Database
from store.learned_labels import Basis as Decisions
from store.learned_labels import list_spreadable
from store.spaces import Space, matrix_of
from store.vectors import read_vectors

PIECE_ROWS: Final = 50_000  # 75 MB of 384 numbers
MEMBERS_DRAWN: Final = 50  # of a cluster, to see whether its label fits
LEARNED: Final = pl.Schema(
    {"answer_id": pl.String(), "label": pl.String(), "probability": pl.Float32()}
)


class PlacedAnswers:
    """Answers in active clusters whose vectors a process has.

    `origin` is that of the decisions that they were read for.
    """

    def __init__(
        self, database: Database, decisions: Decisions, is_stopped: Callable[[], bool]
    ) -> None:
        self.origin = decisions.origin
        self._drawn: dict[str, tuple[int, ...]] = {}  # places of members, by cluster
        with ExitStack() as unless_whole:
            self._learner = unless_whole.enter_context(closing(Learner()))
            kept = [pl.Series("answer_id", [], pl.String)]
            if decisions.space is not None:
                kept += self._hand_over(database, decisions.space, is_stopped)
            self._by_place = pl.concat(kept)
            self._order = self._by_place.arg_sort()
            self._answer_ids = self._by_place.gather(self._order)  # in order, to be searched
            unless_whole.pop_all()

    def _hand_over(
        self, database: Database, space: Space, is_stopped: Callable[[], bool]
    ) -> Iterator[pl.Series]:
        """The ids of the answers whose vectors were handed over, piece by piece."""
        for piece in list_spreadable(database, space).iter_slices(PIECE_ROWS):
            if is_stopped():
                return
            found = read_vectors(database, space, piece)
            if found.height:
                self._learner.add(matrix_of(found["vector"]))
                yield found["answer_id"]

    def fit(self, decisions: Decisions, confidence: float) -> Learned:
        """The labels that follow from decisions, by place; none where there are no vectors."""
        decided = decisions.decided.with_columns(place=self._places(decisions.decided["answer_id"]))
        if not len(self._answer_ids):
            return Learned.nothing()
        decided = decided.drop_nulls("place")
        basis = Basis(
            tuple(decided["place"]),
            tuple(decided["label"]),
            tuple(decided["cluster_id"].fill_null(decided["answer_id"])),
            tuple(self._places(decisions.kept_out["answer_id"]).drop_nulls()),
        )
        return self._learner.fit(basis, confidence)

    def named(self, learned: Learned) -> pl.DataFrame:
        """The answers that a label was learned for (schema LEARNED)."""
        if not learned.classes:
            return no_labels()
        rows = pl.DataFrame(
            {
                "answer_id": self._answer_ids,
                "code": pl.Series(learned.codes).gather(self._order),
                "probability": pl.Series(learned.probabilities).gather(self._order),
            }
        )
        names = dict(enumerate(learned.classes))
        label = pl.col("code").replace_strict(names, return_dtype=pl.String)
        labelled = rows.filter(pl.col("code") >= 0)
        return labelled.select("answer_id", label.alias("label"), "probability")

    def foresee(
        self, answer_id: str, cluster_id: str, members: pl.Series, labels: Sequence[str]
    ) -> dict[str, Foreseen]:
        """What each label of an answer would do; empty where it has no vector."""
        place = self._places(pl.Series([answer_id])).item()
        if place is None:
            return {}
        others = self._places(members).drop_nulls().to_list()
        return self._learner.foresee(place, cluster_id, others, labels)

    def choose(
        self, candidates: Sequence[str] | None, count: int, seed: int
    ) -> dict[str, float | None]:
        """Answers with their margins, those to decide next first; see `Learner.choose`.

        Candidates without a vector are left out.
        """
        if not len(self._answer_ids):
            return {}
        places: list[int] | None = None
        if candidates is not None:
            places = self._places(pl.Series(candidates, dtype=pl.String)).drop_nulls().to_list()
        chosen = self._learner.choose(places, count, seed)
        names = self._by_place.gather(list(chosen.places))
        margins = chosen.margins or [None] * len(names)
        return dict(zip(names, margins, strict=True))

    def find_doubts(self, database: Database, labels: Mapping[str, str]) -> list[Disagreement]:
        """The clusters whose label the model doubts, by members that are drawn of each."""
        new = [cluster for cluster in labels if cluster not in self._drawn]
        if new:
            self._draw(database, new)
        places = [place for cluster in labels for place in self._drawn[cluster]]
        if not places:
            return []
        clusters = [cluster for cluster in labels for _ in self._drawn[cluster]]
        own = [labels[cluster] for cluster in clusters]
        return self._learner.find_doubts(places, clusters, own)

    def _draw(self, database: Database, cluster_ids: Sequence[str]) -> None:
        """Draw members of clusters that none were drawn of; a cluster never changes."""
        found = draw_members(database, pl.DataFrame({"cluster_id": cluster_ids}), MEMBERS_DRAWN)
        placed = found.with_columns(place=self._places(found["answer_id"])).drop_nulls("place")
        self._drawn |= dict.fromkeys(cluster_ids, ())
        for (cluster_id,), rows in placed.group_by("cluster_id"):
            self._drawn[str(cluster_id)] = tuple(rows["place"])

    def _places(self, answer_ids: pl.Series) -> pl.Series:
        """The places of answers, null for one without a vector."""
        if not len(self._answer_ids):
            return pl.Series([None] * len(answer_ids), dtype=pl.Int64)
        found = self._answer_ids.search_sorted(answer_ids).clip(0, len(self._answer_ids) - 1)
        is_there = self._answer_ids.gather(found) == answer_ids
        places = self._order.gather(found).cast(pl.Int64)
        return pl.select(pl.when(is_there).then(places)).to_series()

    def close(self) -> None:
        """End the process."""
        self._learner.close()


def no_labels() -> pl.DataFrame:
    """No learned labels (schema LEARNED)."""
    return pl.DataFrame(schema=LEARNED)
