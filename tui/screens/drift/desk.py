"""What the drift screen asks of the store: to be called in threads, over an owned workspace."""

from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from store.database.connection import Database
from store.decisions import Action, Decision, Kind, record, undo
from store.drift_pairs import DriftedPair, PairOrder, list_pairs, read_spread
from store.origins import Pair, read_pairs
from store.search import search_answers
from tui.screens.drift.views import (
    PAIRS_SHOWN,
    DriftTables,
    DriftView,
    GroupView,
    view_drift,
    view_flow,
    view_production,
    view_ways,
)
from tui.services.results.drift import flow_figures, production_figures, score_figures, way_figures

if TYPE_CHECKING:
    import polars as pl

TableName = Literal["labels", "ways", "production"]


class DriftDesk:
    """Reads figures, groups and pairs for one annotator. Methods block; any thread may call."""

    def __init__(self, database: Database, annotator: str) -> None:
        self._database = database
        self._annotator = annotator
        self._found: tuple[str, pl.DataFrame] | None = None  # a pattern, and answers with it

    def view(self) -> DriftView:
        """Return the scores of the configuration scored last."""
        self._found = None  # other answers may have come
        return view_drift(score_figures(self._database))

    def tables(self, name: TableName, config_hash: str) -> DriftTables:
        """Return the figures that one of the further views shows."""
        if name == "labels":
            return view_flow(flow_figures(self._database))
        if name == "ways":
            return view_ways(way_figures(self._database, config_hash))
        return view_production(production_figures(self._database))

    def group(
        self,
        config_hash: str,
        comparison: str,
        order: PairOrder,
        dataset: str | None,
        seed_label: str | None,
        page: int,
        pattern: str,
    ) -> GroupView:
        """Return what is shown of one group, None being all datasets or labels.

        Pages of PAIRS_SHOWN pairs count from 0; only answers with the pattern are in them,
        where there is one, which `find` has accepted.
        """
        return GroupView(
            read_spread(
                self._database, config_hash, comparison, dataset=dataset, seed_label=seed_label
            ),
            tuple(
                list_pairs(
                    self._database, config_hash, order, dataset=dataset, seed_label=seed_label,
                    among=self._search(pattern) if pattern else None,
                    limit=PAIRS_SHOWN, offset=page * PAIRS_SHOWN,
                )
            ),
        )  # fmt: skip

    def find(self, pattern: str) -> int:
        """Return how many answers have a pattern. Raises PatternInvalid."""
        return self._search(pattern).height

    def _search(self, pattern: str) -> "pl.DataFrame":
        if self._found is None or self._found[0] != pattern:
            self._found = pattern, search_answers(self._database, pattern)
        return self._found[1]

    def exclude(self, pair: DriftedPair) -> DriftedPair:
        """Leave an answer out of training, or take it back in; return the pair as it is then."""
        kind: Kind = "include" if pair.is_excluded else "exclude"
        record(self._database, self._annotator, [Decision(kind, answer_id=pair.answer_id)])
        return replace(pair, is_excluded=not pair.is_excluded)

    def send_back(self, pair: DriftedPair) -> DriftedPair:
        """Leave an answer out of training and let another question be written for its seed."""
        kinds: tuple[Kind, ...] = ("exclude", "ask-again")
        decisions = [Decision(kind, answer_id=pair.answer_id) for kind in kinds]
        record(self._database, self._annotator, decisions)
        return replace(pair, is_excluded=True)

    def undo(self) -> Action:
        """Undo the annotator's newest action, whatever it was. May raise DecisionRefused."""
        return undo(self._database, self._annotator)

    def texts(self, pair: DriftedPair) -> Pair:
        """Return seed, question and answer of a pair."""
        return read_pairs(self._database, [pair.answer_id])[0]
