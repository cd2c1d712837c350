"""What a recipe would train on, and the names under which `train --preview --json` prints it."""

import pytest

from store.training import TrainingSet
from tests import rows
from tui.commands.encoding import encode
from tui.services.jobs.training import assemble_recipe
from tui.services.results.training_preview import preview_training
from tui.services.workspace import Workspace

ADVICE, CONTENT, _ = rows.LABELS
ROW = ["stage", "source", "dataset", "item_id", "sample_id", "context", "text", "label"]


@pytest.fixture
def training(imported_workspace: Workspace) -> TrainingSet:
    """The recipe `real` with rows that leak, contradict each other and repeat another."""
    with imported_workspace.database() as database:
        with database.read() as cursor:
            query = "SELECT text FROM samples WHERE dataset = 'chat-benchmark' LIMIT 1"
            leaking = str(cursor.rows(query)[0][0])
        texts = (leaking, "Drink a glass of water.", "drink a glass of  water.", *["Sleep."] * 2)
        labels = (*[ADVICE] * 4, CONTENT)
        found = [(f"x{n}", *row) for n, row in enumerate(zip(texts, labels, strict=True))]
        rows.add_dataset(database, "extra", found, "train")
        return assemble_recipe(imported_workspace, database, imported_workspace.recipe("real"))


def test_rows_are_counted_by_kind_and_stages_from_one(
    training: TrainingSet, imported_workspace: Workspace
) -> None:
    preview = preview_training(training, imported_workspace.task)
    assert preview.n == training.rows.height == sum(row.rows for row in preview.rows)
    assert {row.stage for row in preview.rows} == {1}


def test_rows_left_out_say_why(training: TrainingSet, imported_workspace: Workspace) -> None:
    preview = preview_training(training, imported_workspace.task)
    (leak,) = preview.leaks
    assert (leak.stage, leak.item_id, leak.leaked, leak.benchmark) == (
        1, "x0", "text", "chat-benchmark"
    )  # fmt: skip
    assert [row.item_id for row in preview.conflicts] == ["x3", "x4"]
    (repeated,) = preview.duplicates
    assert {repeated.item_id, repeated.kept_id} == {"x1", "x2"}


def test_a_preview_as_json_keeps_its_names(
    training: TrainingSet, imported_workspace: Workspace
) -> None:
    found = encode(preview_training(training, imported_workspace.task))
    assert list(found) == [
        "recipe", "digest", "n", "stage_settings", "rows", "leaks", "conflicts", "duplicates",
        "development", "warnings", "against_initial",
    ]  # fmt: skip
    assert list(found["rows"][0]) == ["stage", "source", "dataset", "label", "rows"]
    assert list(found["leaks"][0]) == [
        *ROW, "leaked", "reason", "similarity", "leaked_text", "benchmark", "benchmark_id",
        "benchmark_context", "benchmark_text",
    ]  # fmt: skip
    assert list(found["conflicts"][0]) == [*ROW, "conflict"]
    assert list(found["duplicates"][0]) == [*ROW, "kept_id"]
    assert list(found["development"]) == ["n", "decided", "labels", "training_rows", "reason"]
