"""The command that lists doubtful labels, where labels are learned."""

import pytest

from tests.commands import Commands
from tests.learned import labels_of
from tests.tui.audited import classify_answers, label_clusters
from tests.tui.filled import use_spread
from tui.services.workspace import Workspace


def test_learned_labels_are_those_of_the_decisions_before_they_are_examined(
    clustered_workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    workspace = use_spread(clustered_workspace, "learned")
    with workspace.database() as database:
        decided = label_clusters(database, "ada", clusters=8)
        classify_answers(database)
    report = Commands(workspace.path, capsys).json("suspects")
    with workspace.database() as database:
        labels = labels_of(database)
    assert report["n"] == len(labels) > report["decided"] == len(decided)
