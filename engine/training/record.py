"""What is kept of a training stage: its state, its learning curve, its progress, checkpoints."""

import math
from typing import Any, Final

from engine.errors import TrainingDiverged
from engine.training.curve import CurvePoint
from engine.training.hyperparameters import Hyperparameters
from engine.training.run import Run, TrainingStage

NOTE_EVERY_STEPS: Final = 10  # a note reads the loss back from the device


class StageRecord:
    """Counts the steps and epochs of a training stage that are finished."""

    def __init__(self, stage: TrainingStage, settings: Hyperparameters, run: Run) -> None:
        self._stage, self._settings, self._run = stage, settings, run
        self._epoch_sum: Any = run.state.epoch_sum  # of the losses; a tensor stays on its device
        self._began = run.clock() - run.state.seconds

    def finish_step(self, number: int, rows: int, total: Any, learning_rate: float) -> None:
        """Count a step, 1-based, whose weights are in place; `total` sums the losses of its rows.

        Raises TrainingDiverged if it did, now and then.
        """
        run, state = self._run, self._run.state
        self._epoch_sum = self._epoch_sum + total
        state.epoch_rows += rows
        state.rows += rows
        state.step += 1
        state.seconds = run.clock() - self._began
        if run.rank.leads:
            point = CurvePoint(
                stage=self._stage.number, epoch=state.epoch, step=number, rows=rows, loss=None,
                learning_rate=learning_rate, seconds=state.seconds,
            )  # fmt: skip
            run.curve.add(point, total / rows)
        if number % NOTE_EVERY_STEPS == 0:
            run.progress.note(f"{self._place()}, loss {self._mean_loss():.3f}")
        run.progress.advance(rows)

    def finish_epoch(self, held_out_loss: float | None, model: Any) -> None:
        """Count an epoch; the model's weights are kept if training may stop and they are the best.

        Raises TrainingDiverged if it did.
        """
        run, state = self._run, self._run.state
        state.epoch_losses.append(self._mean_loss())
        self._epoch_sum, state.epoch_rows = 0.0, 0
        if held_out_loss is not None:
            if run.rank.leads:
                run.curve.validated(held_out_loss)
            if self._settings.early_stop_epochs is not None and (
                state.best_loss is None or held_out_loss < state.best_loss
            ):
                state.best_epoch, state.best_loss = state.epoch, held_out_loss
                weights = model.state_dict().items()
                run.best = {name: weight.detach().cpu().clone() for name, weight in weights}
        state.epoch, state.step = state.epoch + 1, 0

    def save(self, model: Any, optimizer: Any) -> None:
        """Write a checkpoint. Raises TrainingDiverged if it did."""
        run, state = self._run, self._run.state
        if state.epoch_rows:
            self._mean_loss()  # weights that diverged are no place to go on from
        state.epoch_sum = float(self._epoch_sum)
        run.curve.flush()
        state.points = run.curve.points
        run.checkpoints.save(state, model, optimizer, run.best)

    def _mean_loss(self) -> float:
        """The mean loss of the epoch so far."""
        mean = float(self._epoch_sum) / self._run.state.epoch_rows
        if not math.isfinite(mean):
            raise TrainingDiverged(
                f"The loss is no longer a number ({self._place()}): the training diverged. "
                "Lower the learning rate, or raise warmup_ratio."
            )
        return mean

    def _place(self) -> str:
        epoch = self._run.state.epoch + 1
        return f"{self._stage.where}, epoch {epoch} of {self._settings.epochs}"
