"""What to decide next, single answers, and proposed splits, at the labelling screen."""

from collections.abc import Mapping
from threading import Event

import pytest

from engine.errors import EngineError
from store.cluster_states import ClusterState, read_states
from store.clusters import Cluster, list_clusters
from store.database.connection import Database
from store.decisions import read_overrides
from tests import rows
from tests.tui.driving import shown, until
from tests.tui.screens.label.test_actions import NARROW, Hands, at_work
from tui.screens.label.bar import MEMBER_ONLY
from tui.screens.label.filters import Filter
from tui.services.learning import Learning
from tui.services.suggestions import ProposedSplit, Suggestions
from tui.services.workspace import Workspace

ADVICE, CONTENT, _ = rows.LABELS


def current_id(hands: Hands) -> str:
    cluster = hands.state.work.current
    assert cluster is not None
    return cluster.cluster_id


async def test_after_each_decision_the_most_useful_cluster_comes_and_the_place_stays(
    clustered_workspace: Workspace, database: Database
) -> None:
    first, *others = (cluster.cluster_id for cluster in list_clusters(database))
    async with at_work(clustered_workspace, database) as hands:
        work = hands.state.work
        await hands.press("o")
        await hands.see(", most useful")
        await until(hands.pilot, lambda: set(work.suggestions.margins) == {first, *others})
        assert (current_id(hands), work.index) == (first, 0)
        decided = []
        for key in ("1", "2", "3", "1"):
            upcoming = work.upcoming()
            waiting = [name for name in work.suggestions.margins if name not in decided]
            decided.append(current_id(hands))
            assert upcoming is not None
            assert upcoming.cluster_id == next(name for name in waiting if name != decided[-1])
            await hands.press(key)
            await until(hands.pilot, lambda: len(read_states(database)) == len(decided))
            assert current_id(hands) == upcoming.cluster_id
            place = work.index
            await until(hands.pilot, lambda: not {*decided} & {*work.suggestions.margins})
            assert (work.index, current_id(hands)) == (place, upcoming.cluster_id)
        margins = list(work.suggestions.margins.values())
        assert all(margin is not None for margin in margins)
        await hands.see("marg")
        await hands.press("u")
        await until(hands.pilot, lambda: decided[-1] in work.suggestions.margins)
        assert current_id(hands) == decided[-1]
    assert set(read_states(database)) == set(decided[:-1])


async def test_single_answers_are_labelled_one_after_the_other_without_their_clusters(
    clustered_workspace: Workspace, database: Database
) -> None:
    async with at_work(clustered_workspace, database) as hands:
        await hands.press("A")
        answers = []
        for key in ("1", "2"):
            await until(hands.pilot, lambda: hands.state.is_at_useful_answer)
            await hands.see(MEMBER_ONLY)
            assert hands.state.member is not None
            answers.append(hands.state.member.answer_id)
            await hands.press(key)
        await until(hands.pilot, lambda: hands.state.is_at_useful_answer)
        assert hands.state.member is not None
        assert hands.state.member.answer_id not in answers
        await hands.see("A label is for it alone")
        await hands.press("escape")
        await until(hands.pilot, lambda: not hands.state.is_among_members)
    found = {
        name: label for own in read_overrides(database).values() for name, (_, label) in own.items()
    }
    assert found == dict(zip(answers, (ADVICE, CONTENT), strict=True))
    assert read_states(database) == {}


async def test_whoever_went_on_before_the_answers_were_known_stays_there(
    clustered_workspace: Workspace, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, may_end, suggest = Event(), Event(), Learning.suggest

    def wait(
        learning: Learning, clusters: list[Cluster], states: Mapping[str, ClusterState], seed: int
    ) -> Suggestions:
        begun.set()
        assert may_end.wait(20)
        return suggest(learning, clusters, states, seed)

    monkeypatch.setattr(Learning, "suggest", wait)
    async with at_work(clustered_workspace, database) as hands:
        await hands.press("A")
        await hands.see("Looking for the answers")
        await until(hands.pilot, begun.is_set)
        await hands.press("j")
        here = current_id(hands)
        may_end.set()
        await hands.see("are known now; A goes to one")
        assert current_id(hands) == here
        assert not hands.state.is_among_members
        await hands.press("A")
        await until(hands.pilot, lambda: hands.state.is_at_useful_answer)


async def test_a_proposed_split_has_a_mark_and_is_accepted_by_one_key(
    clustered_workspace: Workspace, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    largest = list_clusters(database)[0]
    proposal = ProposedSplit(largest.size, largest.size // 2, CONTENT)

    def propose(*_: object) -> Suggestions:
        return Suggestions(splits={largest.cluster_id: proposal})

    monkeypatch.setattr(Learning, "suggest", propose)
    with database.write() as cursor:  # two directions, so that there are two parts
        cursor.execute(
            """UPDATE predictions SET embedding = [0.0, 1.0, 0.0] WHERE item_id IN
            (SELECT answer_id FROM members WHERE cluster_id = ? AND rank % 3 = 0)""",
            [largest.cluster_id],
        )
    async with at_work(clustered_workspace, database) as hands:
        await hands.press("P")
        await hands.see("! No split of this cluster is proposed; p splits it.")
        await hands.press("o")
        await hands.see("÷ ")
        await hands.press("i")
        await hands.see(f"{proposal.against} of {largest.size} members drawn lean to other labels")
        await hands.press("escape", "P")
        await hands.see("Split into 2")
        assert hands.state.work.decisions.tally.labelled == 0
        parts = {cluster.cluster_id for cluster in list_clusters(database)}
        assert current_id(hands) in parts
        assert largest.cluster_id not in parts
        await hands.press("u")
        await hands.see("Undid: split")
        hands.state.work.narrow(Filter(marked="to split"))
        assert hands.state.work.shown == [largest.cluster_id]


async def test_blindly_nothing_is_proposed_to_be_split(
    clustered_workspace: Workspace, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    largest = list_clusters(database)[0].cluster_id
    found = Suggestions({largest: 0.25}, splits={largest: ProposedSplit(4, 2, CONTENT)})
    monkeypatch.setattr(Learning, "suggest", lambda *_: found)
    async with at_work(clustered_workspace, database, NARROW) as hands:
        await hands.press("B", "o", "h")
        await hands.see("0.25")
        assert "÷" not in shown(hands.pilot)
        await hands.press("P")
        await hands.see("No split of this cluster is proposed")


async def test_a_process_that_dies_is_told_and_another_decision_asks_again(
    clustered_workspace: Workspace, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused = EngineError("The process died.")

    def refuse(*_: object) -> Suggestions:
        raise refused

    monkeypatch.setattr(Learning, "suggest", refuse)
    async with at_work(clustered_workspace, database) as hands:
        await hands.press("o")
        await hands.see("The process died.")
        found = Suggestions({cluster.cluster_id: 0.5 for cluster in list_clusters(database)[2:]})
        monkeypatch.setattr(Learning, "suggest", lambda *_: found)
        await hands.press("1")
        await until(hands.pilot, lambda: hands.state.work.suggestions == found)
