"""Fine-tuning of a sequence classifier: base and head, the order of batches, the Trainer.

The order of batches is computed here from seed, training stage and epoch, never drawn by the
Trainer: on a processor the same rows give the same weights, and a training that is resumed one
day can know which batches it has seen. The Trainer is shown one long epoch of ready batches.
"""

import math
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import Field

from engine.errors import TrainingRefused
from engine.models.detector import load_classifier, output_labels, pad
from engine.models.references import Checkpoint
from engine.stage import Progress, StageParams
from store.schema import row_id

if TYPE_CHECKING:
    import torch

NOTE_EVERY_STEPS = 10  # a note reads the loss back from the device


class Hyperparameters(StageParams):
    """How each training stage is run; the defaults are those of STAR, appendix B.

    The learning rate rises over `warmup_ratio` of the steps and then falls linearly to 0.
    A step sees `batch_size` × `gradient_accumulation` rows.
    """

    learning_rate: float = Field(default=2e-5, gt=0)
    epochs: int = Field(default=5, ge=1)
    batch_size: int = Field(default=16, ge=1)
    gradient_accumulation: int = Field(default=1, ge=1)
    weight_decay: float = Field(default=0.01, ge=0)
    warmup_ratio: float = Field(default=0.0, ge=0, lt=1)


@dataclass(frozen=True, slots=True)
class TrainingStage:
    """The rows of one training stage: model inputs, and the index of each row's label."""

    number: int  # 0-based
    rows: Sequence[dict[str, list[int]]]
    targets: Sequence[int]


def load_base(checkpoint: Checkpoint, labels: Sequence[str], seed: int) -> tuple[Any, Any]:
    """Return (model, tokenizer) with a head for these labels. Raises ModelUnavailable.

    A head that already names these labels is kept, in its own order; any other head, whatever
    its size, gives way to a new one, drawn from `seed` and in the order of `labels`.
    """
    import torch
    from transformers import AutoModelForSequenceClassification, set_seed

    model, tokenizer = load_classifier(checkpoint)
    if _has_head(model, labels):
        return model, tokenizer
    config = model.config
    config.id2label = dict(enumerate(labels))
    config.label2id = {label: index for index, label in enumerate(labels)}
    config.problem_type = "single_label_classification"
    set_seed(seed)
    factory: Any = AutoModelForSequenceClassification
    fresh = factory.from_config(config, dtype=torch.float32)
    fresh.base_model.load_state_dict(model.base_model.state_dict())
    return fresh, tokenizer


def adopt(checkpoint: Checkpoint, labels: Sequence[str]) -> tuple[Any, Any]:
    """Return (model, tokenizer) of a ready classifier as it is.

    Raises ModelUnavailable, or TrainingRefused where its outputs are not the task's labels.
    """
    model, tokenizer = load_classifier(checkpoint)
    if not _has_head(model, labels):
        raise TrainingRefused(
            f"The model {checkpoint.location} cannot be taken as it is: its outputs are named "
            f"{list(output_labels(model))}, and the task's labels are {list(labels)}. Correct the "
            "names (id2label and label2id in its config.json) if they mean the same, or give "
            "training rows, with which it gets a new head."
        )
    return model, tokenizer


def _has_head(model: Any, labels: Sequence[str]) -> bool:
    """Return whether the checkpoint holds a classification head with exactly these labels."""
    architecture = (model.config.architectures or [""])[0]
    named: bool = set(output_labels(model)) == set(labels)
    return named and str(architecture).endswith("ForSequenceClassification")


def plan_batches(
    lengths: Sequence[int], batch_size: int, seed: int, stage: int, epoch: int
) -> list[list[int]]:
    """Return every row's index once, in batches of similar length, in random order.

    Rows are shuffled and sorted by length within pools of up to 50 batches only, at least four
    pools to an epoch, so that the batches differ from epoch to epoch. One batch is short where
    the rows do not divide evenly.
    """
    generator = random.Random(f"{seed} {stage} {epoch}")
    order = list(range(len(lengths)))
    generator.shuffle(order)
    pool_size = batch_size * min(max(len(order) // (4 * batch_size), 1), 50)
    batches = []
    for start in range(0, len(order), pool_size):
        pool = sorted(order[start : start + pool_size], key=lambda row: lengths[row])
        batches += [pool[at : at + batch_size] for at in range(0, len(pool), batch_size)]
    generator.shuffle(batches)
    return batches


class LossMeter:
    """The cross-entropy that is trained on, and its mean over the rows of each epoch."""

    def __init__(self, where: str, epochs: int, batches_per_epoch: int) -> None:
        self.epoch_means: list[float] = []
        self.rows = 0  # seen since the training stage began
        self._where, self._epochs, self._batches_per_epoch = where, epochs, batches_per_epoch
        self._sum: Any = 0.0  # over the epoch's rows; a tensor that stays on the device
        self._batches = self._epoch_rows = 0

    def __call__(
        self, outputs: Any, labels: "torch.Tensor", num_items_in_batch: Any = None
    ) -> "torch.Tensor":
        """Return the loss of a batch as its share of the mean over a whole step's rows."""
        from torch.nn.functional import cross_entropy

        total = cross_entropy(outputs.logits.float(), labels, reduction="sum")
        self._sum = self._sum + total.detach()
        self.rows += len(labels)
        self._epoch_rows += len(labels)
        self._batches += 1
        if self._batches == self._batches_per_epoch:
            self.epoch_means.append(self.mean())
            self._sum, self._batches, self._epoch_rows = 0.0, 0, 0
        return total / (len(labels) if num_items_in_batch is None else num_items_in_batch)

    def mean(self) -> float:
        """Return the mean loss of the epoch so far. Raises TrainingRefused if it diverged."""
        mean = float(self._sum) / self._epoch_rows
        if not math.isfinite(mean):
            raise TrainingRefused(
                f"The loss is no longer a number ({self._place()}): the training diverged. "
                "Lower the learning rate, or raise warmup_ratio."
            )
        return mean

    def describe(self) -> str:
        """Return where the training is, with the mean loss of the epoch so far."""
        loss = self.mean() if self._batches else self.epoch_means[-1]
        return f"{self._place()}, loss {loss:.3f}"

    def _place(self) -> str:
        epoch = min(len(self.epoch_means) + 1, self._epochs)
        return f"{self._where}, epoch {epoch} of {self._epochs}"


def finetune(
    model: Any,
    tokenizer: Any,
    stage: TrainingStage,
    settings: Hyperparameters,
    *,
    seed: int,
    device: str,
    scratch: Path,
    progress: Progress,
    where: str,
) -> list[float]:
    """Train the model in place on one stage and return the mean loss of each epoch.

    The optimizer starts anew. `scratch` is a folder for the Trainer, which leaves nothing
    there. Raises TrainingRefused where the loss is no longer finite.
    """
    from transformers import PrinterCallback, Trainer

    lengths = [len(row["input_ids"]) for row in stage.rows]
    plan = [
        plan_batches(lengths, settings.batch_size, seed, stage.number, epoch)
        for epoch in range(settings.epochs)
    ]
    meter = LossMeter(where, settings.epochs, len(plan[0]))
    make_trainer: Any = Trainer
    trainer = make_trainer(
        model=model,
        args=_arguments(settings, _stage_seed(seed, stage.number), device, scratch),
        train_dataset=[batch for epoch in plan for batch in epoch],
        data_collator=_make_collator(tokenizer, stage),
        compute_loss_func=meter,
        callbacks=[_make_reporter(meter, progress)],
    )
    trainer.remove_callback(PrinterCallback)
    trainer.train()
    return meter.epoch_means


def _stage_seed(seed: int, stage: int) -> int:
    return int(row_id("training stage", seed, stage)[:8], 16)


def _arguments(settings: Hyperparameters, seed: int, device: str, scratch: Path) -> Any:
    """Return the Trainer's arguments: one epoch, one ready batch at a time, in order."""
    from transformers import TrainingArguments

    arguments = TrainingArguments(
        output_dir=str(scratch),
        per_device_train_batch_size=1,  # one item of the data is one planned batch
        num_train_epochs=1,
        train_sampling_strategy="sequential",
        remove_unused_columns=False,
        learning_rate=settings.learning_rate,
        weight_decay=settings.weight_decay,
        warmup_steps=settings.warmup_ratio,  # below 1 it is a share of the steps
        gradient_accumulation_steps=settings.gradient_accumulation,
        optim="adamw_torch_fused",
        seed=seed,
        use_cpu=device == "cpu",
        dataloader_pin_memory=device != "cpu",
        save_strategy="no",
        logging_strategy="no",
        logging_nan_inf_filter=False,  # it would hide a loss that diverged
        report_to="none",
        disable_tqdm=True,
    )
    _ = arguments.device  # found on first use, together with the number of GPUs
    arguments._n_gpu = min(arguments._n_gpu, 1)  # else two visible GPUs merge two batches
    return arguments


def _make_collator(
    tokenizer: Any, stage: TrainingStage
) -> Callable[[list[list[int]]], dict[str, "torch.Tensor"]]:
    """Return what turns planned batches of row numbers into one padded batch of tensors."""

    def collate(batches: list[list[int]]) -> dict[str, "torch.Tensor"]:
        import torch

        chosen = [row for batch in batches for row in batch]
        targets = torch.tensor([stage.targets[row] for row in chosen])
        return {**pad(tokenizer, [stage.rows[row] for row in chosen]), "labels": targets}

    return collate


def _make_reporter(meter: LossMeter, progress: Progress) -> Any:
    from transformers import TrainerCallback

    class Reporter(TrainerCallback):
        """Counts rows after each step of the optimizer and says the loss now and then."""

        reported = 0

        def on_step_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:
            progress.advance(meter.rows - self.reported)
            self.reported = meter.rows
            if state.global_step % NOTE_EVERY_STEPS == 0:
                progress.note(meter.describe())

    return Reporter()
