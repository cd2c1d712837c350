"""A training that is killed, anywhere, and goes on ends as one that was never interrupted."""

import json
import random
from pathlib import Path

import polars as pl
import pytest

from engine.jobs.parts import list_parts
from engine.models.detector import detector_folder
from engine.stages.train import TrainStage
from engine.training.curve import read_curve
from engine.training.hyperparameters import StageSettings
from engine.training.params import TrainParams
from tests.engine.stages.test_train import make_params, two_stages
from tests.fakes import RecordedProgress, make_inputs, run_stage
from tests.killed_training import run_until
from tests.tiny import tiny_bart, tiny_bert

# 2 epochs of 6 steps, and 3 of 3: 21 in all, a checkpoint after every third.
CHANGES = {
    "epochs": 2,
    "batch_size": 4,
    "warmup_ratio": 0.1,
    "stages": (StageSettings(), StageSettings(epochs=3, learning_rate=1e-3)),
}
SAVED = ("weights.safetensors", "optimizer.safetensors", "state.json")


def stage_dir(workspace: Path) -> Path:
    return workspace / "jobs" / "job-1" / "0-stage"


def outcome(workspace: Path) -> tuple[bytes, str, list[tuple[object, ...]]]:
    """What must be equal: the weights, the losses, and the curve without its times."""
    folder = detector_folder(workspace, "d1")
    curve = json.loads((folder / "curve.json").read_text("utf-8"))
    assert not (stage_dir(workspace) / "checkpoints").exists()
    row = pl.concat(
        [pl.read_parquet(part, glob=False) for part in list_parts(stage_dir(workspace))]
    )
    return (
        (folder / "model.safetensors").read_bytes(),
        str(row["losses"].to_list()),
        [tuple(value for key, value in point.items() if key != "seconds") for point in curve],
    )


class Case:
    """A training and how it ends if nothing interrupts it."""

    def __init__(self, folder: Path, rows: pl.DataFrame, params: TrainParams) -> None:
        self.rows, self.params = rows, params
        make_inputs(folder, {"training_rows": self.rows})
        assert not run_until(folder, self.params, "never")
        self.outcome = outcome(folder)


@pytest.fixture(scope="module")
def bert_case(tmp_path_factory: pytest.TempPathFactory) -> Case:
    folder = tmp_path_factory.mktemp("bert")
    return Case(folder, two_stages(), make_params(tiny_bert(folder / "base"), **CHANGES))


@pytest.mark.parametrize(
    "moments",
    [
        ["step:1"],  # before the first checkpoint
        ["step:12"],  # the last step of the first training stage
        ["step:13"],
        ["save:4:state.json", "step:1"],  # of the end of the first training stage
        [f"save:1:{SAVED[0]}"],
        [f"save:3:{SAVED[1]}", f"save:2:{SAVED[2]}"],
        ["step:21"],
        *(
            [f"step:{dice.randint(2, 9)}", f"step:{dice.randint(1, 9)}"]
            for dice in map(random.Random, range(2))
        ),
    ],
    ids=" ".join,
)
def test_a_killed_training_goes_on_and_ends_with_the_same_weights(
    tmp_path: Path, bert_case: Case, moments: list[str]
) -> None:
    make_inputs(tmp_path, {"training_rows": bert_case.rows})
    for moment in moments:
        assert run_until(tmp_path, bert_case.params, moment)
    progress = RecordedProgress()
    inputs = make_inputs(tmp_path, {}, progress=progress)
    run_stage(TrainStage(checkpoint_steps=3), inputs, bert_case.params)
    assert outcome(tmp_path) == bert_case.outcome
    assert progress.done == progress.total == 24 * 2 + 10 * 3


def test_a_model_with_other_dropout_and_early_stopping_goes_on_all_the_same(
    tmp_path: Path,
) -> None:
    """The labels are shuffled, so that what is learned soon makes rows held out worse."""
    params = make_params(
        tiny_bart(tmp_path / "base"), epochs=6, batch_size=4, learning_rate=5e-3,
        validation_share=0.3, early_stop_epochs=1, gradient_accumulation=2,
        class_weights="balanced",
    )  # fmt: skip
    rows = two_stages().with_columns(pl.col("label").shuffle(seed=1))
    case = Case(tmp_path / "whole", rows, params)
    assert len({(point[0], point[1]) for point in case.outcome[2]}) < 12
    make_inputs(tmp_path / "cut", {"training_rows": case.rows})
    for _ in range(2):
        assert run_until(tmp_path / "cut", case.params, "step:4")
    assert not run_until(tmp_path / "cut", case.params, "never")
    assert outcome(tmp_path / "cut") == case.outcome


def interrupted(workspace: Path, case: Case, moment: str = "step:10") -> Path:
    """Kill a training and return its checkpoints' folder: of steps 6 and 9, unless said."""
    make_inputs(workspace, {"training_rows": case.rows})
    assert run_until(workspace, case.params, moment)
    return stage_dir(workspace) / "checkpoints"


def test_progress_and_curve_go_on_from_the_checkpoint(tmp_path: Path, bert_case: Case) -> None:
    folder = interrupted(tmp_path, bert_case)
    assert sorted(path.name for path in folder.iterdir()) == ["000002", "000003"]

    class Watched(RecordedProgress):
        def start(self, total: int, done: int = 0) -> None:
            super().start(total, done)
            self.notes.append(f"{done} of {total}")

    progress = Watched()
    inputs = make_inputs(tmp_path, {}, progress=progress)
    run_stage(TrainStage(checkpoint_steps=3), inputs, bert_case.params)
    assert progress.notes[0] == "36 of 78"
    curve = read_curve(stage_dir(tmp_path) / "curve.jsonl")
    expected = [(stage, step) for stage, steps in ((0, 12), (1, 9)) for step in range(steps)]
    assert [(point.stage, point.step - 1) for point in curve] == expected
