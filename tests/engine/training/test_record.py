"""The record of a training stage: the mean loss over rows, the end of epochs, and divergence."""

from pathlib import Path

import pytest
import torch

from engine.errors import TrainingRefused
from engine.training.batches import RowsAtOnce
from engine.training.checkpoints import Checkpoints, TrainingState
from engine.training.curve import CurveFile, read_curve
from engine.training.hyperparameters import Hyperparameters
from engine.training.record import NOTE_EVERY_STEPS, StageRecord
from engine.training.run import LabelledRows, Run, TrainingStage
from tests.fakes import RecordedProgress

NOBODY = LabelledRows([], [])


def make_record(folder: Path, settings: Hyperparameters) -> tuple[StageRecord, Run]:
    curve = CurveFile(folder / "curve.jsonl")
    curve.keep(0)
    run = Run(
        seed=0,
        device="cpu",
        progress=RecordedProgress(),
        checkpoints=Checkpoints(folder / "checkpoints", "t"),
        curve=curve,
        rows_at_once=RowsAtOnce(folder / "rows-at-once.json"),
        state=TrainingState(),
        clock=lambda: 5.0,
    )
    return StageRecord(TrainingStage(0, "stage 1 of 1", NOBODY, NOBODY), settings, run), run


def test_the_mean_loss_of_an_epoch_weighs_rows_and_not_steps(tmp_path: Path) -> None:
    record, run = make_record(tmp_path, Hyperparameters(epochs=2))
    record.finish_step(1, 3, torch.tensor(6.0), 0.1)
    record.finish_step(2, 1, torch.tensor(0.0), 0.1)
    record.finish_epoch(None, torch.nn.Linear(1, 1))
    record.finish_step(3, 2, torch.tensor(1.0), 0.1)
    record.finish_epoch(None, torch.nn.Linear(1, 1))
    assert run.state.epoch_losses == [1.5, 0.5]
    assert (run.state.epoch, run.state.step, run.state.rows) == (2, 0, 6)
    run.curve.flush()
    points = read_curve(run.curve.path)
    assert [(point.step, point.rows, point.loss) for point in points] == [
        (1, 3, 2.0), (2, 1, 0.0), (3, 2, 0.5)
    ]  # fmt: skip


def test_a_loss_that_is_no_number_ends_the_training_at_a_note_an_epoch_or_a_checkpoint(
    tmp_path: Path,
) -> None:
    record, _ = make_record(tmp_path, Hyperparameters(epochs=2))
    diverged = torch.tensor(float("nan"))
    record.finish_step(1, 1, diverged, 0.1)
    model = torch.nn.Linear(1, 1)
    said = r"stage 1 of 1, epoch 1 of 2.*learning rate"
    with pytest.raises(TrainingRefused, match=said):
        record.save(model, torch.optim.AdamW(model.parameters()))
    with pytest.raises(TrainingRefused, match=said):
        record.finish_step(NOTE_EVERY_STEPS, 1, diverged, 0.1)
    with pytest.raises(TrainingRefused, match=said):
        record.finish_epoch(None, model)


def test_the_best_weights_are_kept_only_if_training_may_stop_by_them(tmp_path: Path) -> None:
    model = torch.nn.Linear(1, 1)
    for patience, kept in ((1, True), (None, False)):
        settings = Hyperparameters(epochs=2, validation_share=0.1, early_stop_epochs=patience)
        record, run = make_record(tmp_path, settings)
        for number, loss in enumerate((0.5, 0.7), start=1):
            record.finish_step(number, 1, torch.tensor(1.0), 0.1)
            record.finish_epoch(loss, model)
        assert bool(run.best) == kept
        assert (run.state.best_epoch, run.state.best_loss) == ((0, 0.5) if kept else (0, None))


def test_notes_name_the_place_and_the_mean_loss_so_far(tmp_path: Path) -> None:
    record, run = make_record(tmp_path, Hyperparameters(epochs=1))
    for number in range(1, NOTE_EVERY_STEPS + 1):
        record.finish_step(number, 2, torch.tensor(3.0), 0.1)
    assert isinstance(run.progress, RecordedProgress)
    assert run.progress.notes == ["stage 1 of 1, epoch 1 of 1, loss 1.500"]
    assert run.progress.done == 2 * NOTE_EVERY_STEPS
