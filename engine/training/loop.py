"""Fine-tuning of a sequence classifier: transformers' Trainer, shown one long epoch of ready steps.

What a step is and what follows from it is in `stagework.py`.
"""

import gc
import math
from contextlib import nullcontext
from typing import Any

from engine.training.batches import Step
from engine.training.hyperparameters import Hyperparameters
from engine.training.stagework import Run, StageWork, TrainingStage


def finetune(
    model: Any, tokenizer: Any, stage: TrainingStage, settings: Hyperparameters, run: Run
) -> None:
    """Train the model in place on one stage, from the step on at which `run.state` is.

    The optimizer starts anew with each training stage. Raises TrainingRefused where the loss is
    no longer finite, or not even one row fits in memory.
    """
    work = StageWork(model, tokenizer, stage, settings, run)
    if not work.is_finished():
        trainer = _make_trainer(model, work, settings, run)
        trainer.create_optimizer()
        if work.number > 0:
            run.checkpoints.restore_optimizer(trainer.optimizer)
        trainer.lr_scheduler = _schedule(trainer.optimizer, settings, len(work.steps), work.number)
        trainer.train()
        for name in ("forward", "_original_forward", "_is_accelerate_prepared"):
            vars(model).pop(name, None)  # else the next training stage goes without autocast
        del trainer
        if run.device != "cpu":
            gc.collect()  # it refers to itself, and would keep its moments in the GPU's memory
    if run.best:
        model.load_state_dict(run.best)
        run.best = {}


def is_bfloat16(settings: Hyperparameters, device: str) -> bool:
    """Return whether the forward pass is computed in bfloat16 on this device."""
    if settings.precision != "auto":
        return settings.precision == "bfloat16"
    import torch

    return device.startswith("cuda") and torch.cuda.is_bf16_supported()


def _schedule(optimizer: Any, settings: Hyperparameters, steps: int, done: int) -> Any:
    """Return the learning rate's course over a training stage, at the step that comes next."""
    from transformers import get_linear_schedule_with_warmup

    for group in optimizer.param_groups:
        group["initial_lr"] = settings.learning_rate
    make_schedule: Any = get_linear_schedule_with_warmup
    warmup = math.ceil(settings.warmup_ratio * steps)
    return make_schedule(optimizer, warmup, steps, last_epoch=done - 1)


def _make_trainer(model: Any, work: StageWork, settings: Hyperparameters, run: Run) -> Any:
    """Return a Trainer of the steps that remain; one item of its data is one step."""
    from transformers import PrinterCallback, Trainer, TrainerCallback

    make_parent: Any = Trainer
    learning_rate = settings.learning_rate

    class StepTrainer(make_parent):  # type: ignore[misc]
        def get_train_dataloader(self) -> Any:
            from torch.utils.data import DataLoader

            # Not prepared by accelerate: each rank sees every step, and computes its share of it.
            return DataLoader(self.train_dataset, collate_fn=lambda items: items[0])

        def training_step(self, model: Any, inputs: Step, _: Any = None) -> Any:
            nonlocal learning_rate
            learning_rate = self.lr_scheduler.get_last_lr()[0]
            compute = super().training_step

            def backward(batch: Any, rows: int, is_last: bool) -> Any:
                # Ranks add up their gradients once a step.
                with nullcontext() if is_last else self.accelerator.no_sync(model):
                    return compute(model, batch, rows)

            return work.compute(inputs, backward)

        def floating_point_ops(self, _: Any) -> int:
            return 0  # nobody reads them, and a step holds no tensors to count

    class Counter(TrainerCallback):
        def on_step_end(self, args: Any, state: Any, control: Any, **known: Any) -> None:
            work.finish_step(learning_rate, known["optimizer"])
            control.should_training_stop = work.is_finished()

    trainer = StepTrainer(
        model=model,
        args=_arguments(settings, run),
        train_dataset=work.steps[work.number :],
        compute_loss_func=work.meter,
        callbacks=[Counter()],
    )
    trainer.remove_callback(PrinterCallback)
    return trainer


def _arguments(settings: Hyperparameters, run: Run) -> Any:
    """Return the Trainer's arguments: one epoch of ready steps, in order."""
    from transformers import TrainingArguments

    arguments = TrainingArguments(
        output_dir=str(run.scratch),
        per_device_train_batch_size=1,  # one item of the data is one planned step
        num_train_epochs=1,
        train_sampling_strategy="sequential",
        remove_unused_columns=False,
        learning_rate=settings.learning_rate,
        weight_decay=settings.weight_decay,
        optim="adamw_torch_fused",
        bf16=is_bfloat16(settings, run.device),
        use_cpu=run.device == "cpu",
        save_strategy="no",
        logging_strategy="no",
        logging_nan_inf_filter=False,  # it would hide a loss that diverged
        report_to="none",
        disable_tqdm=True,
        average_tokens_across_devices=True,  # a loss is a share of the mean over all ranks' rows
    )
    _ = arguments.device  # found on first use, together with the number of GPUs
    arguments._n_gpu = min(arguments._n_gpu, 1)  # else two visible GPUs merge two batches
    return arguments
