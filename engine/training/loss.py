"""The loss that is trained on: its gradients, step by step, and its mean on the rows held out."""

from collections.abc import Sequence
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

import numpy as np

from engine.errors import TrainingRefused
from engine.generation.protocol import OutOfMemory
from engine.models.inputs import make_inputs
from engine.training.batches import Batch, Step
from engine.training.hyperparameters import Hyperparameters
from engine.training.rank import Rank
from engine.training.run import LabelledRows, Run, TrainingStage
from store.ids import row_id

if TYPE_CHECKING:
    import torch

IGNORED = -100  # the label of a row that counts for nothing


class StageLoss:
    """Cross-entropy of a training stage's rows, weighted and softened as its settings say."""

    def __init__(
        self,
        model: Any,
        tokenizer: Any,
        stage: TrainingStage,
        settings: Hyperparameters,
        run: Run,
    ) -> None:
        self._model, self._stage = model, stage
        self._inputs = make_inputs(model, tokenizer)
        self._settings, self._run = settings, run
        self._together = run.rank.join_gradients(model)
        self._weights = _class_weights(stage, settings, model.config.num_labels, run.device)
        self._is_bfloat16 = is_bfloat16(settings, run.device)

    def add_gradients(self, step: Step, number: int) -> "torch.Tensor":
        """Sum of the losses of a step's rows, the gradients of whose mean are now the model's.

        This rank computes its share, in pieces if it does not fit. Raises OutOfMemory if there
        are other ranks: they wait for this one's gradients, and all have to begin again. What
        was found to fit is written down.
        """
        from engine.models.memory import translated_memory_errors

        run, place = self._run, (self._stage.number, number)
        while True:
            pieces = run.rows_at_once.cut(run.rank.share(step), *place)
            largest = max(map(len, pieces), default=1)
            try:
                with translated_memory_errors(f"A batch of {largest} rows"):
                    total = self._add_pieces(step, pieces, number)
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
            else:
                summed: torch.Tensor = run.rank.total(total)
                return summed

    def of_held_out(self) -> float | None:
        """Mean loss of the rows held out, without dropout; None if there are none."""
        import torch

        rows, run, size = self._stage.held_out, self._run, self._settings.batch_size
        if not rows.inputs:
            return None
        order = sorted(range(len(rows.inputs)), key=rows.lengths.__getitem__)
        batches = [order[start : start + size] for start in range(0, len(order), size)]
        total = torch.zeros((), dtype=torch.float64)
        self._model.eval()
        with torch.no_grad():
            for chosen in run.rank.share(batches):
                total += float(self._sum(self._model, self._batch(rows, chosen)))
        self._model.train()
        return float(run.rank.total(total.to(run.device))) / len(order)

    def _add_pieces(self, step: Step, pieces: Sequence[Batch], number: int) -> "torch.Tensor":
        import torch
        from transformers import set_seed

        rank, rows = self._run.rank, sum(map(len, step))
        own = [] if rank.leads else [rank.number]
        place = row_id("step", self._run.seed, self._stage.number, number, *own)
        set_seed(int(place[:8], 16))  # dropout follows from the place alone
        batches = [self._batch(self._stage.rows, piece) for piece in pieces]
        if not batches:  # the other ranks wait for gradients
            batches = [self._batch(self._stage.rows, step[0][:1])]
            batches[0]["labels"].fill_(IGNORED)
        total = torch.zeros((), device=self._run.device)
        for batch in batches:
            is_last = batch is batches[-1]  # ranks add up their gradients once a step
            with nullcontext() if is_last or rank.count == 1 else self._together.no_sync():
                part: Any = self._sum(self._together, batch)
                (part / rows * rank.count).backward()  # of the ranks' gradients the mean is taken
            total += part.detach()
        return total

    def _sum(self, model: Any, batch: Any) -> "torch.Tensor":
        """Sum of the losses of a batch's rows."""
        import torch

        device = torch.device(self._run.device)
        batch = batch.to(device)
        labels, probabilities = batch.pop("labels"), batch.pop("probabilities", None)
        with torch.autocast(device.type, torch.bfloat16, enabled=self._is_bfloat16):
            logits = model(**batch).logits
        if probabilities is None:
            return sum_losses(logits, labels, self._weights)
        settings = self._settings
        return sum_doubtful_losses(
            logits,
            labels,
            probabilities,
            self._weights,
            is_weighted=settings.row_weights == "probability",
            is_soft=settings.targets == "soft",
        )

    def _batch(self, rows: LabelledRows, chosen: Sequence[int]) -> Any:
        """Rows as one padded batch of tensors."""
        import torch

        batch = self._inputs.pad([rows.inputs[row] for row in chosen])
        batch["labels"] = torch.tensor([rows.targets[row] for row in chosen])
        if rows.probabilities:
            batch["probabilities"] = torch.tensor([rows.probabilities[row] for row in chosen])
        return batch


def sum_losses(
    logits: "torch.Tensor", labels: "torch.Tensor", weights: "torch.Tensor | None" = None
) -> "torch.Tensor":
    """Sum of the cross-entropies of rows, each weighted by its label if there are weights."""
    import torch

    return torch.nn.functional.cross_entropy(
        logits.float(), labels, weights, ignore_index=IGNORED, reduction="sum"
    )


def sum_doubtful_losses(
    logits: "torch.Tensor",
    labels: "torch.Tensor",
    probabilities: "torch.Tensor",
    weights: "torch.Tensor | None" = None,
    *,
    is_weighted: bool,
    is_soft: bool,
) -> "torch.Tensor":
    """Sum of the cross-entropies of rows whose labels have these probabilities.

    A soft target gives the label its probability, and each other label an equal part of the rest;
    class weights then hold for each label's part. An `is_weighted` row counts by its probability.
    """
    import torch

    entropy, count = torch.nn.functional.cross_entropy, logits.shape[1]
    if is_soft:
        counts = labels != IGNORED
        own = torch.nn.functional.one_hot(labels.clamp(min=0), count)
        share = probabilities.float().unsqueeze(1)
        targets = own * share + (1 - own) * (1 - share) / (count - 1)
        losses = entropy(logits.float(), targets, weights, reduction="none") * counts
    else:
        losses = entropy(logits.float(), labels, weights, ignore_index=IGNORED, reduction="none")
    summed: torch.Tensor = (losses * probabilities if is_weighted else losses).sum()
    return summed


def is_bfloat16(settings: Hyperparameters, device: str) -> bool:
    """Whether the forward pass is computed in bfloat16 on this device."""
    if settings.precision != "auto":
        return settings.precision == "bfloat16"
    import torch

    return device.startswith("cuda") and torch.cuda.is_bf16_supported()


def _class_weights(
    stage: TrainingStage, settings: Hyperparameters, labels: int, device: str
) -> "torch.Tensor | None":
    """A weight for each label, or None; a label without rows gets 1."""
    if settings.class_weights == "none":
        return None
    import torch
    from sklearn.utils.class_weight import compute_class_weight

    present = np.unique(stage.rows.targets)
    found = compute_class_weight("balanced", classes=present, y=np.array(stage.rows.targets))
    weights = torch.ones(labels)
    weights[torch.from_numpy(present)] = torch.from_numpy(found).float()
    return weights.to(device)
