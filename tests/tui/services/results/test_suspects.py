"""Doubtful labels: which there are, why, in which order, and which were kept."""

import pytest

from store.clusters import Cluster, list_clusters, read_members
from store.database.connection import Database
from store.decisions import Decision, record, undo
from store.suspects import keep_label
from tests import rows
from tests.tui.audited import MODEL, classify, label_clusters
from tui.services.results.suspects import Suspect, find_suspects
from tui.services.results.voices import describe_voice

ADVICE, CONTENT, GENERAL = rows.LABELS


def other(label: str) -> str:
    return rows.LABELS[(rows.LABELS.index(label) + 1) % len(rows.LABELS)]


def label_but(database: Database, wrong: int) -> list[Cluster]:
    """Label all clusters as predicted, the first `wrong` of them as something else."""
    clusters = list_clusters(database)
    labels = [
        other(item.predicted_label) if place < wrong else item.predicted_label
        for place, item in enumerate(clusters)
    ]
    pairs = zip(clusters, labels, strict=True)
    record(
        database, "ada", [Decision("label", item.cluster_id, label=label) for item, label in pairs]
    )
    return clusters


def test_what_models_the_detector_and_confident_learning_dispute_is_doubtful(
    database: Database,
) -> None:
    clusters = label_but(database, 2)
    labels: dict[str, str | None] = {
        item.representative_id: item.predicted_label for item in clusters
    }
    classify(database, labels)
    report = find_suspects(database)
    assert {item.answer_id for item in report.suspects[:2]} == {
        item.representative_id for item in clusters[:2]
    }
    for item in report.suspects[2:]:
        assert {voice.kind for voice in item.against} <= {"cross-validation"}
    assert (report.n, report.decided, report.kept) == (len(clusters), len(clusters), 0)
    assert report.learned_from == len(clusters)
    first = report.suspects[0]
    assert (first.origin, first.annotator, first.rank) == ("centroid", "ada", 0)
    assert [voice.kind for voice in first.voices] == ["model", "detector", "cross-validation"]
    model, detector, _ = first.voices
    assert (model.name, model.probability) == (MODEL, None)
    assert detector.probability == pytest.approx(0.8)
    assert describe_voice(detector) == f"detector 0.80 {detector.label}"
    assert first.doubt > 0.8
    assert [item.doubt for item in report.suspects] == sorted(
        (item.doubt for item in report.suspects), reverse=True
    )
    assert {voice.kind: voice.agreement.n for voice in report.voices} == {
        "model": len(clusters), "detector": len(clusters), "cross-validation": len(clusters)
    }  # fmt: skip
    assert find_suspects(database, 1).suspects == (first,)
    assert find_suspects(database, 1).found == report.found


def test_a_model_that_agrees_with_nobody_raises_no_doubt(database: Database) -> None:
    clusters = label_but(database, 0)
    classify(database, {item.representative_id: other(item.predicted_label) for item in clusters})
    report = find_suspects(database)
    (kappa,) = (item.agreement.kappa for item in report.voices if item.kind == "model")
    assert kappa is not None
    assert kappa.value < 0
    assert all(item.is_issue for item in report.suspects)


def test_who_decided_is_no_voice_and_a_member_is_doubtful_if_a_model_says_so(
    database: Database,
) -> None:
    clusters = label_but(database, 0)
    large = clusters[0]
    member = next(item for item in read_members(database, large.cluster_id) if item.rank == 1)
    labels: dict[str, str | None] = {
        item.representative_id: item.predicted_label for item in clusters
    }
    classify(database, {**labels, member.answer_id: other(large.predicted_label)})
    record(database, MODEL, [Decision("label", clusters[1].cluster_id, label=ADVICE)])
    suspects = {item.answer_id: item for item in find_suspects(database).suspects}
    found = suspects[member.answer_id]
    assert (found.origin, found.annotator, found.rank) == ("propagated", "ada", 1)
    assert found.cluster_id == large.cluster_id
    decided = suspects.get(clusters[1].representative_id)
    assert decided is None or all(voice.name != MODEL for voice in decided.voices)


def test_a_kept_label_is_left_out_until_something_else_is_said_of_it(database: Database) -> None:
    clusters = label_but(database, 1)

    def find() -> list[Suspect]:
        return list(find_suspects(database).suspects)

    suspect = next(item for item in find() if item.answer_id == clusters[0].representative_id)
    keep_label(database, "ada", suspect.answer_id, suspect.said)
    report = find_suspects(database)
    assert suspect.answer_id not in {item.answer_id for item in report.suspects}
    assert report.kept == 1
    undo(database, "ada")
    assert suspect.answer_id in {item.answer_id for item in find()}
    keep_label(database, "ada", suspect.answer_id, suspect.said)
    classify(
        database, {item.representative_id: item.predicted_label for item in clusters}
    )  # a model speaks against it, too
    assert suspect.answer_id in {item.answer_id for item in find()}


def test_of_labels_of_one_kind_nothing_can_be_learned(database: Database) -> None:
    clusters = list_clusters(database)[:3]
    decisions = [Decision("label", item.cluster_id, label=ADVICE) for item in clusters]
    record(database, "ada", decisions)
    report = find_suspects(database)
    assert report.learned_from == 3
    assert not any(item.is_issue for item in report.suspects)
    assert "cross-validation" not in {item.kind for item in report.voices}


def test_without_labels_no_child_is_started(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.services.results.suspects.find_issues_apart", None)
    report = find_suspects(database)
    assert (report.suspects, report.n, report.voices) == ((), 0, ())


def test_labels_of_two_people_are_examined_once_as_they_count(database: Database) -> None:
    label_clusters(database, "ada", clusters=6)
    label_clusters(database, "bob", clusters=4)
    report = find_suspects(database)
    assert (report.n, report.decided) == (6, 6)
