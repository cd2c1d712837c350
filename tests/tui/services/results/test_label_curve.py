import pytest

from store.clusters import list_clusters
from store.decisions import Decision, record
from tui.services.results.label_curve import read_label_curve
from tui.services.workspace import Workspace


def test_there_is_no_curve_before_a_decision(clustered_workspace: Workspace) -> None:
    with clustered_workspace.database() as database:
        curve = read_label_curve(clustered_workspace, database)
    assert curve.points == ()
    assert curve.more is None


def test_the_curve_has_a_point_after_every_ten_decisions_and_the_last(
    clustered_workspace: Workspace,
) -> None:
    with clustered_workspace.database() as database:
        clusters = list_clusters(database)
        for cluster in clusters:
            label = cluster.predicted_label
            record(database, "ada", [Decision("label", cluster.cluster_id, label=label)])
        curve = read_label_curve(clustered_workspace, database)
        again = read_label_curve(clustered_workspace, database)
    count = len(clusters)
    assert [point.decisions for point in curve.points] == [*range(10, count, 10), count]
    assert curve == again
    last = curve.points[-1]
    assert last.right is not None
    assert last.right.n == count
    assert last.labelled is not None
    assert last.labelled.value == pytest.approx(1)
