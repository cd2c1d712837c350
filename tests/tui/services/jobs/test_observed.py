"""Selected rows of production become a job of their own, and `run` lets them be."""

import pytest

from engine.jobs.draft import JobDraft
from store.database.connection import Database
from store.observed import SELECTED, read_selected, select_observed
from tests import rows
from tests.rows import add_dataset, frame
from tests.tui.filled import INITIAL, LABELS, write_job
from tui.services.errors import NothingToDo
from tui.services.jobs.observed import draft_observed
from tui.services.jobs.run_plan import RunRequest, draft_run
from tui.services.workspace import Workspace

FLAGGED = LABELS[0]


@pytest.fixture
def chosen(database: Database) -> list[str]:
    texts = [(f"live{number}", f"Take {number} of them.", None) for number in range(6)]
    add_dataset(database, "live", texts, "production")
    picked = frame(SELECTED, [{"sample_id": f"live{number}"} for number in range(4)], label=FLAGGED)
    selection = select_observed(database, "live", "patterns", picked, {"rows": "flagged"})
    return list(read_selected(database, selection)["answer_id"])


def names(found: JobDraft) -> list[str]:
    return [stage.name for stage in found.stages]


def test_only_what_was_selected_is_predicted_and_clustered_within_its_verdict(
    clustered_workspace: Workspace, database: Database, chosen: list[str]
) -> None:
    found = draft_observed(clustered_workspace, database, chosen, k=3)

    assert names(found) == ["predict", "embed", "cluster"]
    assert sorted(found.inputs[0]["answers"]["answer_id"]) == sorted(chosen)
    assert found.stages[2].params["k"] == 3
    assert found.inputs[2]["meant_labels"]["label"].to_list() == [FLAGGED] * 4
    assert found.inputs[2]["predictions"].is_empty()


def test_a_run_neither_predicts_nor_clusters_what_production_wrote(
    clustered_workspace: Workspace, database: Database, chosen: list[str]
) -> None:
    with pytest.raises(NothingToDo):
        draft_run(clustered_workspace, database, RunRequest(("predict", "embed", "cluster")))

    predict(clustered_workspace, chosen)
    with pytest.raises(NothingToDo):
        draft_run(clustered_workspace, database, RunRequest(("cluster", "drift")))


def test_what_is_in_a_cluster_already_stays_there(
    clustered_workspace: Workspace, database: Database, chosen: list[str]
) -> None:
    predict(clustered_workspace, chosen)
    members = rows.members(
        {"c-live": chosen[:2]}, clustering_id="g-live", detector_id=INITIAL, label=FLAGGED
    )
    write_job(clustered_workspace, "20260106-090000-0002", [("cluster", members)])
    with clustered_workspace.database() as opened:
        found = draft_observed(clustered_workspace, opened, chosen, k=9)
        assert names(found) == ["embed", "cluster"]
        assert found.inputs[1]["predictions"]["item_id"].to_list() == sorted(chosen[2:])
        with pytest.raises(NothingToDo):
            draft_observed(clustered_workspace, opened, chosen[:2], k=9)


def predict(workspace: Workspace, answer_ids: list[str]) -> None:
    predicted = rows.predictions(dict.fromkeys(answer_ids, LABELS[1]), detector_id=INITIAL)
    write_job(workspace, "20260106-090000-0001", [("predict", predicted)])
