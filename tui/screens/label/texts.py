"""The texts of clusters and of their members, with what is marked in them.

Imported after the first paint, because DuckDB comes with it, but not polars.
"""

from store.clusters import Cluster, read_members
from store.database.connection import Database
from store.origins import Pair, read_pairs
from store.search import find_spans
from tui.screens.label.views import PREVIEW_CHARACTERS, Detail, DetailKey, MemberOrigin
from tui.services.inert import inert, one_line
from tui.services.learning import Learning

MEMBERS_SHOWN = 30


class Texts:
    """Reads what the panes of the labelling screen show. Methods block; any thread may call."""

    def __init__(self, database: Database, learning: Learning) -> None:
        self._database = database
        self._learning = learning

    def detail(self, cluster: Cluster, key: DetailKey) -> Detail:
        """The pair of a representative, members of its cluster without it, and marks."""
        pairs = read_pairs(self._database, [cluster.representative_id])
        members = read_members(
            self._database, key.cluster_id, order=key.order, limit=MEMBERS_SHOWN + 1,
            seed=key.draw, first=key.first,
        )  # fmt: skip
        others = tuple(
            member for member in members if member.rank > 0 or member.answer_id == key.first
        )[:MEMBERS_SHOWN]
        pair = pairs[0] if pairs else None
        shown = [inert(cluster.representative)]
        shown += [inert(pair.seed_text), inert(pair.query)] if pair else []
        shown += [one_line(member.text, PREVIEW_CHARACTERS) for member in others]
        shown += [inert(member.text) for member in others]
        marks = dict(zip(shown, find_spans(shown, key.patterns), strict=True))
        learned = self._learning.look_up([member.answer_id for member in others])
        return Detail(key, pair, others, marks, learned)

    def member_origin(self, answer_id: str, patterns: tuple[str, ...]) -> MemberOrigin:
        """Seed and question of a member, and marks in them."""
        pair = self.pair(answer_id)
        shown = [inert(pair.seed_text), inert(pair.query)]
        marks = dict(zip(shown, find_spans(shown, patterns), strict=True))
        return MemberOrigin((answer_id, patterns), pair, marks)

    def pair(self, answer_id: str) -> Pair:
        """Seed, question and answer of an answer."""
        return read_pairs(self._database, [answer_id])[0]
