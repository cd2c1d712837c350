"""The loss that is trained on, and its mean over the rows of a step and of an epoch."""

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from engine.errors import TrainingRefused
from engine.training.processes import ALONE, Rank

if TYPE_CHECKING:
    import torch

IGNORED = -100  # the label of a row that counts for nothing


class LossMeter:
    """Cross-entropy, each row weighted by its label if there are weights."""

    def __init__(
        self,
        where: str,
        epochs: int,
        weights: Sequence[float] | None = None,
        rank: Rank = ALONE,
    ) -> None:
        self.step_rows = self.epoch_rows = 0
        self.epoch_sum: Any = 0.0  # over finished steps; a tensor that stays on the device
        self._step_sum: Any = 0.0
        self._where, self._epochs, self._weights, self._rank = where, epochs, weights, rank

    def __call__(
        self, outputs: Any, labels: "torch.Tensor", num_items_in_batch: Any = None
    ) -> "torch.Tensor":
        """Return the loss of rows as their share of the mean over all rows of a step."""
        total = self.total(outputs, labels)
        self._step_sum = self._step_sum + total.detach()
        return total / (len(labels) if num_items_in_batch is None else num_items_in_batch)

    def total(self, outputs: Any, labels: "torch.Tensor") -> "torch.Tensor":
        """Return the sum of the losses of rows, which are not counted."""
        import torch

        logits = outputs.logits.float()
        weights = None if self._weights is None else torch.tensor(self._weights).to(logits.device)
        return torch.nn.functional.cross_entropy(
            logits, labels, weights, ignore_index=IGNORED, reduction="sum"
        )

    def begin_step(self, rows: int) -> None:
        """Begin a step of so many rows over all ranks, anew if it is not finished."""
        self._step_sum, self.step_rows = 0.0, rows

    def end_step(self) -> Any:
        """Count the step towards its epoch and return the mean loss of its rows."""
        total = self._rank.total(self._step_sum)
        mean = total / self.step_rows
        self.epoch_sum = self.epoch_sum + total
        self.epoch_rows += self.step_rows
        return mean

    def mean(self, epoch: int) -> float:
        """Return the mean loss of the epoch so far. Raises TrainingRefused if it diverged."""
        mean = float(self.epoch_sum) / self.epoch_rows
        if not math.isfinite(mean):
            raise TrainingRefused(
                f"The loss is no longer a number ({self._place(epoch)}): the training diverged. "
                "Lower the learning rate, or raise warmup_ratio."
            )
        return mean

    def end_epoch(self, epoch: int) -> float:
        """Begin the next epoch and return the mean of this one. Raises as `mean`."""
        mean = self.mean(epoch)
        self.epoch_sum, self.epoch_rows = 0.0, 0
        return mean

    def describe(self, epoch: int) -> str:
        """Return where the training is, with the mean loss of the epoch so far."""
        return f"{self._place(epoch)}, loss {self.mean(epoch):.3f}"

    def _place(self, epoch: int) -> str:
        return f"{self._where}, epoch {epoch + 1} of {self._epochs}"
