"""One training stage, step by step: its rows, what is counted, what is kept, and when it ends.

What a step does follows from the weights, the optimizer, and its place alone: its rows and its
dropout are drawn from seed, training stage, step and rank. So a training that goes on from a
checkpoint ends with the weights of one that was never interrupted (on one machine, in float32,
with as many ranks and threads).
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.errors import TrainingRefused
from engine.generation.protocol import OutOfMemory
from engine.jobs.stage import Progress
from engine.models.detector import pad
from engine.training.batches import Batch, RowsAtOnce, Step, group_steps, plan_batches
from engine.training.checkpoints import Checkpoints, TrainingState
from engine.training.curve import CurveFile, CurvePoint
from engine.training.hyperparameters import Hyperparameters
from engine.training.loss import IGNORED, LossMeter
from engine.training.processes import ALONE, Rank
from store.schema import row_id

if TYPE_CHECKING:
    import torch

NOTE_EVERY_STEPS = 10  # a note reads the loss back from the device

Backward = Callable[[Any, int, bool], "torch.Tensor"]
"""Adds gradients: of a batch of tensors, a part of so many rows, the last of this rank's or not."""


@dataclass(frozen=True, slots=True)
class LabelledRows:
    """Model inputs, and the index of each row's label."""

    inputs: Sequence[dict[str, list[int]]]
    targets: Sequence[int]


@dataclass(frozen=True, slots=True)
class TrainingStage:
    """The rows of one training stage, and those that it is judged by after each epoch."""

    number: int  # 0-based
    where: str  # for people
    rows: LabelledRows
    held_out: LabelledRows


@dataclass(slots=True)
class Run:
    """What the training stages of one detector share; `state` and `best` change as it trains.

    Of several ranks, the first alone writes checkpoints and the curve.
    """

    seed: int
    device: str
    scratch: Path  # for the Trainer, which leaves nothing there
    progress: Progress
    checkpoints: Checkpoints
    curve: CurveFile
    rows_at_once: RowsAtOnce
    state: TrainingState
    best: "dict[str, torch.Tensor]" = field(default_factory=dict)
    clock: Callable[[], float] = time.monotonic
    rank: Rank = ALONE


class StageWork:
    """One training stage in steps: which rows, what is counted, and when it ends."""

    def __init__(
        self,
        model: Any,
        tokenizer: Any,
        stage: TrainingStage,
        settings: Hyperparameters,
        run: Run,
    ) -> None:
        self._model, self._tokenizer, self._stage = model, tokenizer, stage
        self._settings, self._run = settings, run
        lengths = [len(row["input_ids"]) for row in stage.rows.inputs]
        batch_size = settings.batch_size
        epochs = [
            group_steps(
                plan_batches(lengths, batch_size, run.seed, stage.number, epoch),
                settings.gradient_accumulation,
            )
            for epoch in range(settings.epochs)
        ]
        self.steps = [step for epoch in epochs for step in epoch]
        self._epoch_steps = len(epochs[0])
        weights = _class_weights(stage, settings, model.config.num_labels)
        self.meter = LossMeter(stage.where, settings.epochs, weights, run.rank)
        self.meter.epoch_sum, self.meter.epoch_rows = run.state.epoch_sum, run.state.epoch_rows
        self._began = run.clock() - run.state.seconds

    @property
    def number(self) -> int:
        """How many steps of the training stage are finished."""
        return self._run.state.epoch * self._epoch_steps + self._run.state.step

    def is_finished(self) -> bool:
        """Return whether all epochs are done, or the rows held out say to stop."""
        state, patience = self._run.state, self._settings.early_stop_epochs
        if state.epoch == self._settings.epochs:
            return True
        judged = patience is not None and state.best_loss is not None
        return judged and state.step == 0 and state.epoch - 1 - state.best_epoch >= (patience or 0)

    def compute(self, step: Step, backward: Backward) -> Any:
        """Compute this rank's share of a step's gradients, in pieces where it does not fit.

        Raises OutOfMemory where there are other ranks: they wait for this one's gradients, and
        all have to begin again. What was found to fit is written down.
        """
        from engine.models.memory import translated_memory_errors

        run, place = self._run, (self._stage.number, self.number)
        while True:
            pieces = run.rows_at_once.cut(run.rank.share(step), *place)
            largest = max(map(len, pieces), default=1)
            try:
                with translated_memory_errors(f"A batch of {largest} rows"):
                    return self._compute_pieces(step, pieces, backward)
            except OutOfMemory as error:
                self._model.zero_grad()
                largest_share = Rank(0, run.rank.count).share(step)
                if not run.rows_at_once.halve(largest_share, *place):
                    raise TrainingRefused(
                        f"Not even one row of {self._stage.where} fits into memory. Choose a "
                        "smaller base, or a lower max_length."
                    ) from error
                if run.rank.count > 1:
                    raise
                run.progress.note(f"{error} Going on with half of it at once.")

    def _compute_pieces(self, step: Step, pieces: Sequence[Batch], backward: Backward) -> Any:
        from transformers import set_seed

        run = self._run
        rank = [] if run.rank.leads else [run.rank.number]
        place = row_id("step", run.seed, self._stage.number, self.number, *rank)
        set_seed(int(place[:8], 16))  # dropout follows from the place alone
        rows = sum(map(len, step))
        self.meter.begin_step(rows)
        batches = [self._batch(self._stage.rows, piece) for piece in pieces]
        if (
            not batches
        ):  # the other ranks wait for gradients: those of a row that counts for nothing
            batches = [self._batch(self._stage.rows, step[0][:1])]
            batches[0]["labels"].fill_(IGNORED)
        return sum(backward(batch, rows, batch is batches[-1]) for batch in batches)

    def finish_step(self, learning_rate: float, optimizer: Any) -> None:
        """Count a step whose weights are in place, and save a checkpoint if one is due."""
        run, state = self._run, self._run.state
        loss, rows = self.meter.end_step(), self.meter.step_rows
        state.step += 1
        state.rows += rows
        state.seconds = run.clock() - self._began
        if run.rank.leads:
            self._record(loss, learning_rate)
        if self.number % NOTE_EVERY_STEPS == 0:
            run.progress.note(self.meter.describe(state.epoch))
        run.progress.advance(rows)
        if state.step == self._epoch_steps:
            self._finish_epoch()
        if run.rank.leads and run.checkpoints.is_due():
            self._save(optimizer)

    def _record(self, loss: Any, learning_rate: float) -> None:
        state = self._run.state
        self._run.curve.add(
            CurvePoint(
                stage=self._stage.number, epoch=state.epoch, step=self.number,
                rows=self.meter.step_rows, loss=None, learning_rate=learning_rate,
                seconds=state.seconds,
            ),
            loss,
        )  # fmt: skip

    def _finish_epoch(self) -> None:
        run, state = self._run, self._run.state
        state.epoch_losses.append(self.meter.end_epoch(state.epoch))
        if self._stage.held_out.inputs:
            loss = self._validate()
            if run.rank.leads:
                run.curve.validated(loss)
            if self._settings.early_stop_epochs is not None and (
                state.best_loss is None or loss < state.best_loss
            ):
                state.best_epoch, state.best_loss = state.epoch, loss
                weights = self._model.state_dict().items()
                run.best = {name: weight.detach().cpu().clone() for name, weight in weights}
        state.epoch, state.step = state.epoch + 1, 0

    def _save(self, optimizer: Any) -> None:
        run, state, meter = self._run, self._run.state, self.meter
        if meter.epoch_rows:
            meter.mean(state.epoch)  # weights that diverged are no place to go on from
        state.epoch_sum, state.epoch_rows = float(meter.epoch_sum), meter.epoch_rows
        run.curve.flush()
        state.points = run.curve.points
        run.checkpoints.save(state, self._model, optimizer, run.best)

    def _validate(self) -> float:
        """Return the mean loss of the rows held out, without dropout."""
        import torch

        rows, run, size = self._stage.held_out, self._run, self._settings.batch_size
        order = sorted(range(len(rows.inputs)), key=lambda row: len(rows.inputs[row]["input_ids"]))
        batches = [order[start : start + size] for start in range(0, len(order), size)]
        total = torch.zeros((), dtype=torch.float64)
        self._model.eval()
        with torch.no_grad():
            for chosen in run.rank.share(batches):
                batch = self._batch(rows, chosen).to(run.device)
                labels = batch.pop("labels")
                total += float(self.meter.total(self._model(**batch), labels))
        return float(run.rank.total(total.to(run.device))) / len(order)

    def _batch(self, rows: LabelledRows, chosen: Sequence[int]) -> Any:
        """Return rows as one padded batch of tensors."""
        import torch

        batch = pad(self._tokenizer, [rows.inputs[row] for row in chosen])
        batch["labels"] = torch.tensor([rows.targets[row] for row in chosen])
        return batch


def _class_weights(
    stage: TrainingStage, settings: Hyperparameters, labels: int
) -> list[float] | None:
    """Return a weight for each label, or None; a label without rows gets 1."""
    if settings.class_weights == "none":
        return None
    import numpy as np
    from sklearn.utils.class_weight import compute_class_weight

    present = np.unique(stage.rows.targets)
    found = compute_class_weight("balanced", classes=present, y=np.array(stage.rows.targets))
    by_label = dict(zip(present.tolist(), found.tolist(), strict=True))
    return [by_label.get(label, 1.0) for label in range(labels)]
