"""What to decide next in a workspace, and which clusters to split."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from store.cluster_states import read_states
from store.clusters import list_clusters
from store.database.connection import Database
from store.decisions import Decision, record, undo
from tests import rows
from tests.learned import CLUSTERS, LEARNED, fill
from tui.services.learning import Learning
from tui.services.settings import LabellingSettings
from tui.services.suggestions import Suggestions

ADVICE, CONTENT, _ = rows.LABELS


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with Database(tmp_path) as opened:
        fill(opened, tmp_path)
        yield opened


@pytest.fixture
def learning(database: Database) -> Iterator[Learning]:
    """Where labels spread by cluster, so that nothing is learned but what to suggest."""
    with Learning(database, LabellingSettings()) as made:
        yield made


def label(database: Database, labels: Mapping[str, str]) -> None:
    record(database, "ada", [Decision("label", name, label=labels[name]) for name in labels])


def suggest(database: Database, learning: Learning) -> Suggestions:
    return learning.suggest(list_clusters(database), read_states(database), seed=0)


def test_before_any_decision_all_clusters_are_suggested_without_margins(
    database: Database, learning: Learning
) -> None:
    found = suggest(database, learning)
    assert found.margins == dict.fromkeys(found.margins)
    assert set(found.margins) == set(CLUSTERS)
    assert len(found.answers) == 10
    assert found.splits == {}


def test_undecided_clusters_and_answers_are_suggested_by_the_decisions_now(
    database: Database, learning: Learning
) -> None:
    before = suggest(database, learning)
    label(database, {"c0": ADVICE, "c1": CONTENT})
    record(database, "ada", [Decision("skip", "c2")])
    found = suggest(database, learning)
    assert set(found.margins) == {"c3", "c4", "c5"}
    assert all(margin is not None and 0 <= margin <= 1 for margin in found.margins.values())
    decided = {CLUSTERS["c0"][0], CLUSTERS["c1"][0]}
    for answer in found.answers:
        assert answer.answer_id not in decided
        assert answer.answer_id in CLUSTERS[answer.cluster_id]
        assert answer.margin is not None
    undo(database, "ada")
    assert set(suggest(database, learning).margins) == {"c2", "c3", "c4", "c5"}
    undo(database, "ada")
    assert suggest(database, learning) == before


def test_a_labelled_cluster_whose_members_lean_elsewhere_is_to_be_split(
    database: Database, learning: Learning
) -> None:
    label(database, dict.fromkeys(CLUSTERS, ADVICE) | {"c1": CONTENT, "c3": CONTENT})
    odd = [answer for name in ("c0", "c2", "c4") for answer in CLUSTERS[name][1::2]]
    record(database, "ada", [Decision("label", answer_id=name, label=CONTENT) for name in odd])
    found = suggest(database, learning)
    assert found.splits
    assert found.margins == {}
    for name, split in found.splits.items():
        own = CONTENT if name in ("c1", "c3") else ADVICE
        assert split.other == (ADVICE if own == CONTENT else CONTENT)
        assert 2 <= split.against < split.members == 4
    assert not suggest_without(database, learning, set(found.splits))


def suggest_without(database: Database, learning: Learning, names: set[str]) -> set[str]:
    """The clusters to split once these have no label any more."""
    record(database, "ada", [Decision("skip", name) for name in names])
    return set(suggest(database, learning).splits) & names


def test_clusters_of_answers_without_vectors_are_not_suggested(
    database: Database, learning: Learning, tmp_path: Path
) -> None:
    failed = rows.members({"n0": ["a-s99", "a-s98"]}, clustering_id="g9")
    rows.ingest(database, tmp_path, "answers", rows.answers(["s98", "s99"]), part=9)
    rows.ingest(database, tmp_path, "members", failed, part=9)
    found = suggest(database, learning)
    assert "n0" not in found.margins


def test_nothing_is_suggested_without_vectors(database: Database, learning: Learning) -> None:
    with database.write() as cursor:
        cursor.execute("UPDATE predictions SET embedding = NULL")
    assert suggest(database, learning) == Suggestions()


def test_once_closed_nothing_is_suggested(database: Database, learning: Learning) -> None:
    learning.close()
    assert suggest(database, learning) == Suggestions()


def test_where_labels_are_learned_the_newest_fit_says_what_is_useful(database: Database) -> None:
    with Learning(database, LEARNED) as learning:
        label(database, {"c0": ADVICE, "c1": CONTENT})
        first = suggest(database, learning)
        label(database, {"c2": CONTENT})
        before = suggest(database, learning)
        assert before.margins == {
            name: margin for name, margin in first.margins.items() if name != "c2"
        }
        assert learning.make_fresh()
        after = suggest(database, learning)
        assert set(after.margins) == set(before.margins)
        assert after.margins != before.margins
