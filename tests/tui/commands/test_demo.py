"""The steps of the demo, one by one, on a workspace that has clusters already."""

from pathlib import Path

import pytest

from store.clusters import list_clusters
from store.counts import count_all
from store.decisions import Decision, record
from tui.commands.demo import (
    ANNOTATOR,
    CLUSTERS,
    IMPORTS,
    TASK,
    import_samples,
    label_automatically,
)
from tui.commands.demo_rule import label_by_words
from tui.commands.demo_steps import MARKER, open_demo
from tui.services.errors import NotAWorkspace
from tui.services.workspace import Workspace


def test_a_demo_gets_few_clusters_and_all_samples_and_is_gone_on_with(tmp_path: Path) -> None:
    workspace = open_demo(tmp_path / "demo", TASK, clusters=CLUSTERS)
    assert workspace.settings.clusters.k == CLUSTERS
    import_samples(workspace, IMPORTS)
    (workspace.path / "kept.txt").write_text("mine")
    again = open_demo(tmp_path / "demo", TASK, clusters=CLUSTERS)
    import_samples(again, IMPORTS)
    with again.database() as database:
        assert count_all(database).samples == 300 + 264 + 150
    assert (again.path / "kept.txt").exists()


def test_a_workspace_of_ones_own_is_left_alone(imported_workspace: Workspace) -> None:
    with pytest.raises(NotAWorkspace, match="leaves it alone"):
        open_demo(imported_workspace.path, TASK, clusters=CLUSTERS)
    assert not (imported_workspace.path / MARKER).exists()


def test_the_demo_of_one_task_leaves_that_of_another_alone(tmp_path: Path) -> None:
    open_demo(tmp_path / "demo", TASK, clusters=CLUSTERS)
    with pytest.raises(NotAWorkspace, match="leaves it alone"):
        open_demo(tmp_path / "demo", "off-topic", clusters=CLUSTERS)


def test_each_representative_gets_the_label_of_the_rule_once(
    clustered_workspace: Workspace,
) -> None:
    with clustered_workspace.database() as database:
        clusters = list_clusters(database)
    assert label_automatically(clustered_workspace) == len(clusters)
    with clustered_workspace.database() as database, database.read() as cursor:
        found = cursor.rows("SELECT cluster_id, label, annotator FROM decisions")
    wanted = {(item.cluster_id, label_by_words(item.representative), ANNOTATOR)
              for item in clusters}  # fmt: skip
    assert set(found) == wanted
    assert label_automatically(clustered_workspace) == 0


def test_decisions_of_an_annotator_are_left_alone(clustered_workspace: Workspace) -> None:
    with clustered_workspace.database() as database:
        cluster = list_clusters(database)[0]
        record(database, "ada", [Decision("label", cluster.cluster_id, label="health-content")])
    assert label_automatically(clustered_workspace) == 0
    with clustered_workspace.database() as database:
        assert count_all(database).decisions == 1
