"""Drawing rounds, judging them, and who says what, on a real database."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from store.annotators import AnnotatorLabel, annotator_labels
from store.audit_findings import next_item, read_findings, read_wrong, record_finding, take_back
from store.audits import (
    Coverage,
    Prospect,
    Round,
    draw_consistency,
    draw_round,
    foresee_round,
    list_rounds,
    read_coverage,
)
from store.database.connection import Database
from store.decisions import Decision, record, undo
from store.errors import DecisionRefused, UnknownName
from tests import rows

ADVICE, CONTENT = "health-advice", "health-content"
SIZES = {"large": 8, "middle": 3, "pair": 2, "single": 1, "other": 4}


def fill(database: Database, tmp_path: Path) -> None:
    """Make clusters of several sizes over two datasets; ada labels all but "other"."""
    clusters = {name: [f"{name}{number}" for number in range(size)] for name, size in SIZES.items()}
    names = [item for members in clusters.values() for item in members]
    for dataset, own in (("even", names[::2]), ("odd", names[1::2])):
        rows.add_dataset(database, dataset, [(item, item, ADVICE) for item in own], "seed")
    rows.ingest(database, tmp_path, "queries", rows.queries(names))
    rows.ingest(database, tmp_path, "answers", rows.answers(names))
    answers = {name: [f"a-{item}" for item in own] for name, own in clusters.items()}
    rows.ingest(database, tmp_path, "members", rows.members(answers))
    label(database, {name: ADVICE for name in clusters if name != "other"})


@pytest.fixture
def clustered(database: Database, tmp_path: Path) -> Database:
    fill(database, tmp_path)
    return database


def label(database: Database, labels: Mapping[str, str], annotator: str = "ada") -> None:
    record(database, annotator, [Decision("label", name, label=labels[name]) for name in labels])


def override(database: Database, answer_id: str, name: str, annotator: str = "ada") -> None:
    record(database, annotator, [Decision("label", answer_id=answer_id, label=name)])


def draw(database: Database, seed: int = 0, per_cluster: int = 2) -> Round:
    return draw_round(database, "ada", seed=seed, per_cluster=per_cluster)


def judge_all(database: Database, audit_id: str, names: Sequence[str | None]) -> list[str]:
    """Judge the next items one after the other and return their answers."""
    judged = []
    for name in names:
        item = next_item(database, audit_id)
        assert item is not None
        record_finding(database, "ada", audit_id, item.answer_id, name)
        judged.append(item.answer_id)
    return judged


def drawn(database: Database, audit_id: str) -> dict[str, tuple[str, str, str, int]]:
    with database.read() as cursor:
        found = cursor.rows(
            """SELECT answer_id, cluster_id, dataset, label, stratum_size FROM audit_items
            WHERE audit_id = ? ORDER BY position""",
            [audit_id],
        )
    return {
        answer: (cluster, dataset, name, size) for answer, cluster, dataset, name, size in found
    }


def order_of(database: Database, seed: int) -> list[str]:
    return list(drawn(database, draw(database, seed).audit_id))


def test_a_round_draws_two_propagated_members_of_every_labelled_cluster(
    clustered: Database,
) -> None:
    assert foresee_round(clustered, 2) == Prospect(labelled=4, clusters=3, items=5)
    made = draw(clustered)
    assert (made.kind, made.annotator, made.items, made.judged) == ("propagation", "ada", 5, 0)
    found = drawn(clustered, made.audit_id)
    clusters = [cluster for cluster, *_ in found.values()]
    assert {name: clusters.count(name) for name in clusters} == {"large": 2, "middle": 2, "pair": 1}
    assert {size for cluster, _, _, size in found.values() if cluster == "large"} == {7}
    assert not {f"a-{name}0" for name in SIZES} & set(found)  # no representative
    for answer_id, (_, dataset, name, _) in found.items():
        assert name == ADVICE
        with clustered.read() as cursor:
            sample = cursor.one("SELECT dataset FROM samples WHERE sample_id = ?", [answer_id[2:]])
        assert dataset == sample[0]


def test_clusters_with_nothing_to_draw_are_counted(clustered: Database) -> None:
    assert read_coverage(clustered, draw(clustered).audit_id) == Coverage(
        clusters=4, single_member=1, clusters_drawn=3, propagated=10, propagated_drawn=10
    )


def test_the_same_seed_draws_the_same_in_the_same_order(clustered: Database) -> None:
    assert order_of(clustered, 1) == order_of(clustered, 1)
    orders = [order_of(clustered, seed) for seed in range(8)]
    assert len({tuple(order) for order in orders}) > 1
    assert len({frozenset(order) for order in orders}) > 1
    assert len({order[0] for order in orders}) > 1


def test_over_many_seeds_every_propagated_member_is_drawn(clustered: Database) -> None:
    found = {answer for seed in range(40) for answer in order_of(clustered, seed)}
    with clustered.read() as cursor:
        wanted = cursor.rows("SELECT answer_id FROM answer_labels WHERE origin = 'propagated'")
    assert found == {row[0] for row in wanted}


def test_neither_overridden_members_nor_those_beyond_the_reach_are_drawn(
    clustered: Database,
) -> None:
    record(clustered, "ada", [Decision("label", "large", label=ADVICE, reach=4)])
    override(clustered, "a-large1", CONTENT)
    found = drawn(clustered, draw(clustered, per_cluster=10).audit_id)
    assert {name for name in found if "large" in name} == {"a-large2", "a-large3"}
    with clustered.read() as cursor:
        views = [
            cursor.rows("SELECT answer_id, label, decision_id FROM propagated_labels ORDER BY ALL"),
            cursor.rows("""SELECT answer_id, label, decision_id FROM answer_labels
                        WHERE origin = 'propagated' ORDER BY ALL"""),
        ]
    assert views[0] == views[1]


def test_what_was_judged_is_not_drawn_again_and_the_rest_may_be(clustered: Database) -> None:
    first = draw(clustered, per_cluster=3)
    judged = judge_all(clustered, first.audit_id, [ADVICE, None, CONTENT])
    second = drawn(clustered, draw(clustered, per_cluster=10).audit_id)
    assert not set(judged) & set(second)
    assert len(second) == 10 - len(judged)
    assert {size for cluster, _, _, size in second.values() if cluster == "large"} == {7}


def test_where_everything_was_judged_nothing_can_be_drawn(clustered: Database) -> None:
    made = draw(clustered, per_cluster=10)
    judge_all(clustered, made.audit_id, [ADVICE] * made.items)
    assert foresee_round(clustered, 2).items == 0
    with pytest.raises(DecisionRefused, match="no propagated label"):
        draw(clustered)


def test_without_a_labelled_cluster_nothing_can_be_drawn(labelled: Database) -> None:
    assert foresee_round(labelled, 2) == Prospect(0, 0, 0)
    with pytest.raises(DecisionRefused):
        draw(labelled)
    assert list_rounds(labelled) == []


def test_a_round_is_judged_in_its_order_and_goes_on_where_it_was_left(
    clustered: Database,
) -> None:
    made = draw(clustered)
    wanted = list(drawn(clustered, made.audit_id))
    assert judge_all(clustered, made.audit_id, [ADVICE, None]) == wanted[:2]
    item = next_item(clustered, made.audit_id)
    assert item is not None
    assert (item.answer_id, item.position) == (wanted[2], 2)
    assert item.text == f"The answer to {wanted[2][2:]}."
    assert judge_all(clustered, made.audit_id, [ADVICE] * 3) == wanted[2:]
    assert next_item(clustered, made.audit_id) is None
    (found,) = list_rounds(clustered)
    assert (found.judged, found.unsure, found.left) == (5, 1, 0)


def test_the_newest_judgement_counts_and_can_be_taken_back_without_limit(
    clustered: Database,
) -> None:
    made = draw(clustered)
    answers = judge_all(clustered, made.audit_id, [ADVICE, CONTENT, None])
    record_finding(clustered, "ada", made.audit_id, answers[0], CONTENT)
    found = {item.answer_id: item.found for item in read_findings(clustered, made.audit_id)}
    assert found == dict(zip(answers, [CONTENT, CONTENT, None], strict=True))
    for left in (2, 1, 0):
        take_back(clustered, "ada", [made.audit_id])
        assert len(read_findings(clustered, made.audit_id)) == left
    with pytest.raises(DecisionRefused, match="nothing left to take back"):
        take_back(clustered, "ada", [made.audit_id])
    with clustered.read() as cursor:
        assert cursor.number("SELECT count(*) FROM audit_judgements") == 7


def test_only_items_of_the_round_can_be_judged(clustered: Database) -> None:
    made = draw(clustered)
    with pytest.raises(UnknownName):
        record_finding(clustered, "ada", made.audit_id, "a-single0", ADVICE)


def test_a_judgement_changes_no_label_and_is_about_the_label_as_it_was_drawn(
    clustered: Database,
) -> None:
    made = draw(clustered)
    before = labels(clustered)
    judge_all(clustered, made.audit_id, [CONTENT] * made.items)
    assert labels(clustered) == before
    label(clustered, dict.fromkeys(("large", "middle", "pair"), CONTENT))
    assert {item.label for item in read_findings(clustered, made.audit_id)} == {ADVICE}
    assert len(read_wrong(clustered, made.audit_id)) == made.items


def labels(database: Database) -> list[tuple[str, str]]:
    with database.read() as cursor:
        return cursor.rows("SELECT answer_id, label FROM answer_labels ORDER BY ALL")


def test_wrong_labels_are_listed_with_the_beginning_of_their_text(clustered: Database) -> None:
    made = draw(clustered)
    answers = judge_all(clustered, made.audit_id, [ADVICE, CONTENT, None, CONTENT, ADVICE])
    override(clustered, answers[3], CONTENT)
    first, second = read_wrong(clustered, made.audit_id)
    assert (first.answer_id, first.label, first.found) == (answers[1], ADVICE, CONTENT)
    assert first.opening == f"The answer to {answers[1][2:]}."
    assert (first.override, second.override) == (None, CONTENT)
    assert second.answer_id == answers[3]


def test_a_consistency_round_shows_the_representatives_of_ones_own_clusters(
    clustered: Database,
) -> None:
    label(clustered, {"other": CONTENT}, annotator="bob")
    label(clustered, {"large": CONTENT}, annotator="bob")  # ada's own label of it stays ADVICE
    record(clustered, "ada", [Decision("skip", "pair")])
    made = draw_consistency(clustered, "ada", seed=0, clusters=20)
    assert (made.kind, made.items) == ("consistency", 3)
    found = drawn(clustered, made.audit_id)
    assert set(found) == {"a-large0", "a-middle0", "a-single0"}
    assert {name for _, _, name, _ in found.values()} == {ADVICE}
    assert draw_consistency(clustered, "ada", seed=0, clusters=2).items == 2
    with pytest.raises(DecisionRefused, match="labelled no cluster"):
        draw_consistency(clustered, "eve", seed=0, clusters=2)


def test_each_annotators_newest_labels_are_kept_apart(clustered: Database) -> None:
    label(clustered, {"large": CONTENT}, annotator="bob")
    label(clustered, {"middle": CONTENT}, annotator="bob")
    undo(clustered, "bob")
    override(clustered, "a-large1", ADVICE)
    override(clustered, "a-large1", CONTENT)
    found = annotator_labels(clustered)
    assert AnnotatorLabel("cluster", "large", "ada", ADVICE) in found
    assert AnnotatorLabel("cluster", "large", "bob", CONTENT) in found
    assert AnnotatorLabel("answer", "a-large1", "ada", CONTENT) in found
    assert len(found) == 6


def test_rounds_survive_closing_the_workspace(tmp_path: Path) -> None:
    with Database(tmp_path, clock=lambda: rows.NOON) as database:
        fill(database, tmp_path)
        made = draw(database)
        judge_all(database, made.audit_id, [ADVICE])
    with Database(tmp_path) as database:
        (found,) = list_rounds(database)
        assert (found.audit_id, found.judged) == (made.audit_id, 1)
        assert found.created_at == rows.NOON.replace(tzinfo=None)
        take_back(database, "ada", [made.audit_id])
        assert list_rounds(database)[0].judged == 0
