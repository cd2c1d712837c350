from pathlib import Path

import pytest

from store.cluster_states import ClusterState, read_states
from store.clusters import list_clusters, read_members
from store.database.connection import Database
from store.decisions import (
    Decision,
    reach_of,
    read_overrides,
    record,
    redo,
    undo,
)
from store.errors import DecisionRefused
from tests import rows

ADVICE, CONTENT = "health-advice", "health-content"


def label(database: Database, cluster_id: str, name: str, annotator: str = "ada") -> str:
    return record(database, annotator, [Decision("label", cluster_id=cluster_id, label=name)])


def labels(database: Database) -> dict[str, tuple[str, str]]:
    with database.read() as cursor:
        found = cursor.rows("SELECT answer_id, label, origin FROM answer_labels")
    return {answer: (name, origin) for answer, name, origin in found}


def test_a_label_spreads_from_the_representative_to_every_member(labelled: Database) -> None:
    label(labelled, "c0", CONTENT)
    assert labels(labelled) == {
        "a-s0": (CONTENT, "centroid"),
        "a-s1": (CONTENT, "propagated"),
        "a-s2": (CONTENT, "propagated"),
    }


def test_the_newest_decision_on_a_cluster_counts(labelled: Database) -> None:
    label(labelled, "c0", CONTENT)
    label(labelled, "c0", ADVICE, annotator="bob")
    assert labels(labelled)["a-s1"] == (ADVICE, "propagated")


def test_a_skip_after_a_label_takes_the_label_away(labelled: Database) -> None:
    label(labelled, "c0", CONTENT)
    record(labelled, "ada", [Decision("skip", cluster_id="c0")])
    assert labels(labelled) == {}
    assert read_states(labelled)["c0"].kind == "skip"


def test_an_override_survives_later_decisions_on_its_cluster(labelled: Database) -> None:
    record(labelled, "ada", [Decision("label", answer_id="a-s1", label=ADVICE)])
    label(labelled, "c0", CONTENT)
    found = labels(labelled)
    assert found["a-s1"] == (ADVICE, "override")
    assert found["a-s2"] == (CONTENT, "propagated")


def test_undo_and_redo_go_back_and_forth_without_limit(labelled: Database) -> None:
    names = [CONTENT, ADVICE] * 10
    for name in names:
        label(labelled, "c0", name)
    for _ in names[1:]:
        assert undo(labelled, "ada").label in {CONTENT, ADVICE}
    assert labels(labelled)["a-s0"] == (CONTENT, "centroid")
    undo(labelled, "ada")
    assert labels(labelled) == {}
    with pytest.raises(DecisionRefused, match="nothing left to undo"):
        undo(labelled, "ada")
    for _ in names:
        redo(labelled, "ada")
    assert labels(labelled)["a-s0"] == (ADVICE, "centroid")
    with pytest.raises(DecisionRefused, match="nothing left to redo"):
        redo(labelled, "ada")


def test_undo_survives_closing_and_opening_the_database(tmp_path: Path) -> None:
    with Database(tmp_path) as database:
        rows.ingest(database, tmp_path, "members", rows.members({"c0": ["a-s0"]}))
        label(database, "c0", CONTENT)
    with Database(tmp_path) as database:
        assert undo(database, "ada").cluster_ids == ("c0",)
        assert labels(database) == {}


def test_a_new_action_ends_redo(labelled: Database) -> None:
    label(labelled, "c0", CONTENT)
    undo(labelled, "ada")
    label(labelled, "c1", ADVICE)
    with pytest.raises(DecisionRefused, match="redo"):
        redo(labelled, "ada")


def test_nobody_undoes_the_work_of_another(labelled: Database) -> None:
    label(labelled, "c0", CONTENT)
    with pytest.raises(DecisionRefused):
        undo(labelled, "bob")
    assert len(labels(labelled)) == 3


def test_an_action_of_many_decisions_is_undone_as_one(labelled: Database) -> None:
    both = [Decision("label", cluster_id=name, label=ADVICE) for name in ("c0", "c1")]
    record(labelled, "ada", both)
    assert len(labels(labelled)) == 6
    assert undo(labelled, "ada").size == 2
    assert labels(labelled) == {}


def test_no_decision_is_ever_removed(labelled: Database) -> None:
    label(labelled, "c0", CONTENT)
    undo(labelled, "ada")
    redo(labelled, "ada")
    with labelled.read() as cursor:
        kinds = cursor.rows("SELECT kind FROM decisions ORDER BY decision_id")
    assert kinds == [("label",), ("undo",), ("redo",)]


def test_labels_of_an_older_clustering_are_carried_until_the_new_one_is_decided(
    labelled: Database, tmp_path: Path
) -> None:
    label(labelled, "c0", CONTENT)
    anew = rows.members({"n0": [f"a-s{number}" for number in range(6)]}, clustering_id="g1")
    rows.ingest(labelled, tmp_path, "members", anew, part=1)
    assert labels(labelled)["a-s1"] == (CONTENT, "carried")
    label(labelled, "n0", ADVICE)
    assert labels(labelled)["a-s1"] == (ADVICE, "propagated")


@pytest.mark.parametrize(
    "decision",
    [
        Decision("label", cluster_id="c0"),
        Decision("skip", cluster_id="c0", label=ADVICE),
        Decision("label", label=ADVICE),
        Decision("label", cluster_id="c0", answer_id="a-s0", label=ADVICE),
    ],
)
def test_a_decision_without_a_meaning_is_refused(labelled: Database, decision: Decision) -> None:
    with pytest.raises(DecisionRefused):
        record(labelled, "ada", [decision])


def test_members_come_in_the_order_asked_for(labelled: Database) -> None:
    nearest = [item.answer_id for item in read_members(labelled, "c0")]
    farthest = [item.answer_id for item in read_members(labelled, "c0", order="farthest", limit=2)]
    shuffled = {item.answer_id for item in read_members(labelled, "c0", order="random", seed=3)}
    assert nearest == ["a-s0", "a-s1", "a-s2"]
    assert farthest == ["a-s2", "a-s1"]
    assert shuffled == set(nearest)


def test_a_cluster_knows_its_size_its_confidence_and_where_it_came_from(
    labelled: Database,
) -> None:
    first, second = list_clusters(labelled)
    assert (first.cluster_id, second.cluster_id, first.size) == ("c0", "c1", 3)
    assert first.seed_labels == {ADVICE: 3}
    assert first.datasets == {"seeds": 3}
    assert first.confidence == pytest.approx(0.8)
    assert first.spread == pytest.approx(0.1)
    assert first.representative == "The answer to s0."


def test_a_label_that_reaches_the_nearest_leaves_the_tail_unlabelled(labelled: Database) -> None:
    label(labelled, "c0", ADVICE)
    record(labelled, "ada", [Decision("label", "c0", label=CONTENT, reach=2)])
    assert labels(labelled) == {
        "a-s0": (CONTENT, "centroid"),
        "a-s1": (CONTENT, "propagated"),
    }


@pytest.mark.parametrize(
    ("size", "percent", "reach"), [(10, 100, None), (10, 25, 3), (1, 1, 1), (200, 50, 100)]
)
def test_the_reach_is_at_least_the_representative(
    size: int, percent: float, reach: int | None
) -> None:
    assert reach_of(size, percent) == reach


def test_flag_and_note_stand_beside_the_decision(labelled: Database) -> None:
    label(labelled, "c0", CONTENT)
    record(labelled, "ada", [Decision("flag", "c0")])
    record(labelled, "bob", [Decision("note", "c0", note="mixed?")])
    assert read_states(labelled)["c0"] == ClusterState(
        "label", CONTENT, None, "ada", True, "mixed?", ("ada",)
    )
    record(labelled, "bob", [Decision("unflag", "c0")])
    record(labelled, "bob", [Decision("note", "c0", note="")])
    state = read_states(labelled, ["c0"])["c0"]
    assert (state.is_flagged, state.note, state.label) == (False, "", CONTENT)


def test_overrides_are_found_by_the_cluster_that_stands(labelled: Database) -> None:
    assert read_overrides(labelled) == {}
    record(labelled, "ada", [Decision("label", answer_id="a-s1", label=ADVICE)])
    assert read_overrides(labelled) == {"c0": {"a-s1": (1, ADVICE)}}
