"""What patterns are by decisions, and how precise that makes the guard."""

import pytest

from store import learned_labels
from store.audits import draw_round
from store.counts import count_all
from store.decisions import Decision, record
from store.patterns import read_patterns
from store.removal import remove_dataset
from tests.tui.filled import LABELS, use_spread
from tests.tui.production import LIVE, PASSED, add_patterns, answers_of
from tui.services.results.pattern_words import describe_basis
from tui.services.results.patterns import Patterns, summarise_patterns
from tui.services.workspace import Workspace

ADVICE, CONTENT = LABELS[0], LABELS[1]


@pytest.fixture
def workspace(clustered_workspace: Workspace) -> Workspace:
    add_patterns(clustered_workspace)
    return clustered_workspace


def decide(workspace: Workspace, **labels: str) -> Patterns:
    with workspace.database() as database:
        decisions = [Decision("label", f"p-{name}", label=label) for name, label in labels.items()]
        if decisions:
            record(database, "ada", decisions)
        return summarise_patterns(workspace, database, LIVE)


def test_before_a_key_there_are_names_and_no_precision(workspace: Workspace) -> None:
    found = decide(workspace)
    assert [(item.name, item.size, item.said) for item in found.patterns] == [
        ("cough syrup, rest", 4, "flagged"),
        ("knitting, wool", 3, "flagged"),
        ("[b]An odd one[/b] ␛[31mnumber 7.", 1, "flagged"),
    ]
    assert (found.traffic, found.flagged, found.selected, found.undecided) == (8 + PASSED, 8, 8, 8)
    assert (found.precision, found.false_alarms) == (None, None)
    assert describe_basis(found) == ""


def test_precision_weighs_patterns_by_their_rows(workspace: Workspace) -> None:
    found = decide(workspace, cough=ADVICE, knit=CONTENT)
    assert found.precision is not None
    assert found.false_alarms is not None
    assert found.precision.value == pytest.approx(4 / 7)
    assert found.effective_n == pytest.approx(49 / 25)
    assert (found.decided, found.undecided, found.read, found.audited) == (7, 1, 2, 0)
    assert found.false_alarms.value == pytest.approx(1000 * 8 / 20 * 3 / 7)
    assert [item.finding for item in found.patterns] == ["right", "false alarm", None]
    assert found.patterns[1].false_alarms == pytest.approx(1000 * 3 / 20)
    assert "effective n 2.0" in describe_basis(found)


def test_audited_members_stand_for_the_others(workspace: Workspace) -> None:
    decide(workspace, cough=ADVICE, knit=CONTENT)
    with workspace.database() as database:
        drawn = draw_round(database, "ada", seed=0, per_cluster=3)
        with database.write() as cursor:
            ours = [
                str(answer)
                for (answer,) in cursor.rows(
                    """SELECT answer_id FROM audit_items
                    WHERE audit_id = ? AND cluster_id = 'p-cough' ORDER BY position""",
                    [drawn.audit_id],
                )
            ]
            assert set(ours) == set(answers_of(["r1", "r2", "r3"]))
            for answer, label in zip(ours, (ADVICE, CONTENT, CONTENT), strict=True):
                cursor.execute(
                    """INSERT INTO audit_judgements BY NAME SELECT ? AS audit_id, ? AS answer_id,
                    'ada' AS annotator, 'label' AS kind, ? AS label,
                    now()::TIMESTAMP AS judged_at""",
                    [drawn.audit_id, answer, label],
                )
        found = summarise_patterns(workspace, database, LIVE)
    assert found.precision is not None
    assert found.precision.value == pytest.approx(2 / 7)
    assert (found.read, found.audited, found.patterns[0].audited) == (5, 3, 3)
    assert "3 audited members" in describe_basis(found)


def test_a_selection_can_be_taken_alone(workspace: Workspace) -> None:
    with workspace.database() as database:
        selection_id = read_patterns(database, LIVE)[0].selection_id
        assert len(summarise_patterns(workspace, database, LIVE, selection_id).patterns) == 3
        assert not summarise_patterns(workspace, database, LIVE, "another").patterns


def test_where_labels_are_learned_a_pattern_is_audited_like_any_propagated_label(
    workspace: Workspace,
) -> None:
    use_spread(workspace, "learned")
    decide(workspace, cough=ADVICE)
    with workspace.database() as database:
        learned_labels.use_spread(database, "learned")
        drawn = draw_round(database, "ada", seed=0, per_cluster=9)
        assert drawn.items == 3
        basis = learned_labels.read_basis(database, 0.5)
        assert basis.decided.is_empty()
        assert basis.kept_out.is_empty()
        counts = count_all(database)
        assert (counts.observed, counts.observed_labels, counts.labels) == (8, 4, 4)


def test_removing_the_dataset_takes_its_patterns_along(workspace: Workspace) -> None:
    with workspace.database() as database:
        remove_dataset(database, LIVE, with_answers=True)
        for table in ("observed_answers", "selections", "cluster_terms", "log_records"):
            with database.read() as cursor:
                assert cursor.number(f"SELECT count(*) FROM {table}") == 0
