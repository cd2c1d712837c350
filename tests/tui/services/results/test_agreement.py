"""Agreement of people, models and the detector, against scikit-learn on the same labels."""

import pytest

from engine.statistics.agreement import krippendorff_alpha
from store.audit_findings import next_item, record_finding
from store.audits import draw_round
from store.clusters import list_clusters, read_members
from store.database.connection import Database
from store.decisions import Decision, record
from tests import rows
from tests.tui.audited import MODEL, classify, label_clusters
from tui.services.results.agreement import describe_alphas, read_agreement
from tui.services.workspace import Workspace

ADVICE, CONTENT, GENERAL = rows.LABELS


def test_every_two_are_compared_on_what_both_labelled(
    clustered_workspace: Workspace, database: Database
) -> None:
    from sklearn.metrics import cohen_kappa_score, confusion_matrix

    label_clusters(database, "ada", clusters=12)
    clusters = list_clusters(database)
    said: dict[str, str | None] = {
        item.representative_id: None if place == 3 else rows.LABELS[place % 3]
        for place, item in enumerate(clusters)
    }
    classify(database, said)
    report = read_agreement(clustered_workspace, database)
    assert [(item.name, item.kind, item.n, item.failed) for item in report.annotators] == [
        ("ada", "person", 12, 0),
        (MODEL, "model", len(clusters) - 1, 1),
        ("initial", "detector", len(clusters), 0),
    ]
    assert [item.reply for item in report.failures] == ["Perhaps."]
    pairs = {(pair.first, pair.second): pair for pair in report.pairs}
    assert list(pairs) == [("ada", MODEL), ("ada", "initial"), (MODEL, "initial")]
    both = [item for item in clusters[:12] if said[item.representative_id]]
    first = [item.predicted_label for item in both]
    second = [str(said[item.representative_id]) for item in both]
    pair = pairs["ada", MODEL]
    assert pair.agreement.n == 11
    assert pair.agreement.kappa is not None
    assert pair.agreement.kappa.value == pytest.approx(cohen_kappa_score(first, second))
    expected = confusion_matrix(first, second, labels=list(pair.confusion.labels))
    assert [list(counts) for counts in pair.confusion.rows] == expected.tolist()
    alpha = {found.kinds: found for found in report.alphas}["person", "model"]
    assert alpha.n == 11
    assert alpha.alpha == krippendorff_alpha(zip(first, second, strict=True))
    assert "people, models: " in next(line for line in describe_alphas(report) if "models" in line)


def test_a_label_of_an_answer_comes_before_one_of_its_cluster_and_that_before_an_audited_one(
    clustered_workspace: Workspace, database: Database
) -> None:
    cluster = list_clusters(database)[0]
    record(database, "ada", [Decision("label", cluster.cluster_id, label=ADVICE)])
    for annotator, label in (("ada", CONTENT), ("bob", CONTENT)):
        decision = Decision("label", answer_id=cluster.representative_id, label=label)
        record(database, annotator, [decision])
    (pair, *_) = read_agreement(clustered_workspace, database).pairs
    assert (pair.first, pair.second, pair.agreement.n) == ("ada", "bob", 1)
    assert pair.agreement.agreement is not None
    assert pair.agreement.agreement.value == 1
    draw_round(database, "cem", seed=0, per_cluster=1)
    audit_id = draw_round(database, "ada", seed=0, per_cluster=1).audit_id
    item = next_item(database, audit_id)
    assert item is not None
    record_finding(database, "ada", audit_id, item.answer_id, GENERAL)
    member = Decision("label", answer_id=item.answer_id, label=GENERAL)
    record(database, "bob", [member])
    (pair, *_) = read_agreement(clustered_workspace, database).pairs
    assert pair.agreement.n == 2  # the audited member, too
    assert item.answer_id in {row.answer_id for row in read_members(database, cluster.cluster_id)}


def test_before_anybody_has_labelled_there_is_nothing(
    clustered_workspace: Workspace, database: Database
) -> None:
    report = read_agreement(clustered_workspace, database)
    assert report.annotators == ()
    assert report.pairs == ()
    assert report.alphas == ()
    assert report.failures == ()
