"""What the drift screen asks of the store: to be called in threads, over an owned workspace."""

from dataclasses import replace

import polars as pl

from store.clusters import read_member_ids
from store.database.connection import Database
from store.decisions import Action, Decision, Kind, record, undo
from store.drift_pairs import DriftedPair, Spread, list_pairs, read_spread
from store.map_rows import read_f1
from store.origins import Pair, read_pairs
from store.search import search_answers
from tui.screens.drift.views import PAIRS_SHOWN, DriftMapFigures, GroupChoice, PairsChoice
from tui.services.results.cluster_map import MapReader
from tui.services.results.distribution import Distribution, read_distributions
from tui.services.results.drift_over_time import JobDrift, read_over_time
from tui.services.results.drift_scores import DriftScores, read_drift_scores
from tui.services.results.label_flow import LabelFlow, read_label_flow
from tui.services.results.production import ProductionTest, read_production_tests
from tui.services.results.ways import Ways, compare_ways


class DriftDesk:
    """Reads figures, groups and pairs for one annotator. Methods block; any thread may call."""

    def __init__(self, database: Database, annotator: str) -> None:
        self._database = database
        self._annotator = annotator
        self._found: tuple[str, pl.DataFrame] | None = None  # a pattern, and answers with it
        self._maps = MapReader(database)

    def scores(self) -> DriftScores:
        """The scores of the configuration that was scored last."""
        self._found = None  # other answers may have come
        return read_drift_scores(self._database)

    def label_flow(self) -> LabelFlow:
        """What became of labels."""
        return read_label_flow(self._database)

    def ways(self, config_hash: str) -> Ways:
        """The ways of asking beside each other."""
        return compare_ways(self._database, config_hash)

    def distributions(self) -> tuple[Distribution, ...]:
        """How answers as a whole differ from their seeds."""
        return read_distributions(self._database)

    def over_time(self, config_hash: str) -> tuple[JobDrift, ...]:
        """The drift of each job."""
        return read_over_time(self._database, config_hash)

    def production(self) -> tuple[ProductionTest, ...]:
        """How well seeds and answers can be distinguished from production."""
        return read_production_tests(self._database)

    def map(self, config_hash: str) -> DriftMapFigures:
        """The map of the clusters, with the F1 of its points in each comparison."""
        found = self._maps.read()
        answers = pl.DataFrame({"answer_id": found.answer_ids}, schema={"answer_id": pl.String})
        scores = read_f1(self._database, config_hash, answers)
        return DriftMapFigures(found, {name: tuple(scores[name]) for name in scores.columns})

    def spread(self, config_hash: str, group: GroupChoice) -> Spread:
        """How the scores of a group are spread."""
        return read_spread(
            self._database, config_hash, group.comparison,
            dataset=group.dataset, seed_label=group.seed_label,
        )  # fmt: skip

    def pairs(
        self, config_hash: str, group: GroupChoice, choice: PairsChoice
    ) -> tuple[DriftedPair, ...]:
        """A page of PAIRS_SHOWN pairs of a group; pages count from 0.

        Only answers with the pattern are in them, if there is one, which `find` has accepted.
        """
        found = list_pairs(
            self._database, config_hash, choice.order,
            dataset=group.dataset, seed_label=group.seed_label,
            among=self._among(choice),
            limit=PAIRS_SHOWN, offset=choice.page * PAIRS_SHOWN,
        )  # fmt: skip
        return tuple(found)

    def _among(self, choice: PairsChoice) -> pl.DataFrame | None:
        """The only answers that may be listed, as answer_id; None for all."""
        found = self._search(choice.pattern) if choice.pattern else None
        if choice.cluster_id is None:
            return found
        members = read_member_ids(self._database, choice.cluster_id)
        return members if found is None else members.join(found, on="answer_id", how="semi")

    def find(self, pattern: str) -> int:
        """How many answers have a pattern. Raises PatternInvalid."""
        return self._search(pattern).height

    def _search(self, pattern: str) -> pl.DataFrame:
        if self._found is None or self._found[0] != pattern:
            self._found = pattern, search_answers(self._database, pattern)
        return self._found[1]

    def exclude(self, pair: DriftedPair) -> DriftedPair:
        """Leave an answer out of training, or take it back in; the pair as it is then."""
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
        """The annotator's newest action, undone, whatever it was. May raise DecisionRefused."""
        return undo(self._database, self._annotator)

    def texts(self, pair: DriftedPair) -> Pair:
        """Seed, question and answer of a pair."""
        return read_pairs(self._database, [pair.answer_id])[0]
