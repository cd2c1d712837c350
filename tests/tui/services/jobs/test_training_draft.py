"""Trainings before they start."""

from tests import rows
from tui.services.jobs.training import assemble_recipe
from tui.services.jobs.training_draft import draft_recipe, draft_training
from tui.services.workspace import Workspace


def test_several_trainings_are_numbered_and_seeded_apart(imported_workspace: Workspace) -> None:
    with imported_workspace.database() as database:
        recipe = imported_workspace.recipe("real")
        found = assemble_recipe(imported_workspace, database, recipe)
        draft = draft_training(imported_workspace, database, found, "mine", seeds=2)
        (stage,) = draft_training(imported_workspace, database, found).stages
    params = [stage.params for stage in draft.stages]
    assert [(own["name"], own["seed"]) for own in params] == [("mine-1", 0), ("mine-2", 1)]
    assert stage.params["name"] == "real"


def test_a_detector_that_would_be_made_again_is_named(imported_workspace: Workspace) -> None:
    with imported_workspace.database() as database:
        draft = draft_recipe(imported_workspace, database, "real")
        assert draft.known == ""
        assert draft.job.rows == (draft.preview.n,)
        made = rows.detectors(draft.job.stages[0].params["detector_id"], recipe="real")
        rows.ingest(database, imported_workspace.path, "detectors", made)
        known = draft_recipe(imported_workspace, database, "real").known
    assert known == made["name"][0]
