"""Fine-tuning of a sequence classifier, step by step.

What a step does follows from the weights, the optimizer, and its place alone: its rows, its
learning rate and its dropout are determined by seed, training stage, step and rank. So a training
that goes on from a checkpoint ends with the weights of one that was never interrupted (on one
machine, in float32, with as many ranks and threads).
"""

import math
from typing import Any, Final

from engine.training.batches import group_steps, plan_batches
from engine.training.checkpoints import TrainingState
from engine.training.hyperparameters import Hyperparameters
from engine.training.loss import StageLoss
from engine.training.record import StageRecord
from engine.training.run import Run, TrainingStage

GRADIENT_NORM: Final = 1.0  # at most; longer gradients are shortened to it


def finetune(
    model: Any, tokenizer: Any, stage: TrainingStage, settings: Hyperparameters, run: Run
) -> None:
    """Train the model in place on one stage, from the step on at which `run.state` is.

    Each training stage has an optimizer of its own. Raises TrainingRefused if the loss is no
    longer finite, or not even one row fits in memory.
    """
    import torch

    state = run.state
    epochs = [
        group_steps(
            plan_batches(stage.rows.lengths, settings.batch_size, run.seed, stage.number, epoch),
            settings.gradient_accumulation,
        )
        for epoch in range(settings.epochs)
    ]
    epoch_steps = len(epochs[0])
    model.to(run.device).train()
    loss = StageLoss(model, tokenizer, stage, settings, run)
    record = StageRecord(stage, settings, run)
    optimizer = _make_optimizer(model, settings)
    if state.epoch or state.step:
        run.checkpoints.restore_optimizer(optimizer)
    while not _is_over(state, settings):
        step, number = epochs[state.epoch][state.step], state.epoch * epoch_steps + state.step
        rate = _learning_rate(number, settings.epochs * epoch_steps, settings)
        total = loss.add_gradients(step, number)
        torch.nn.utils.clip_grad_norm_(model.parameters(), GRADIENT_NORM)
        for group in optimizer.param_groups:
            group["lr"] = rate
        optimizer.step()
        optimizer.zero_grad()
        record.finish_step(number + 1, sum(map(len, step)), total, rate)
        if state.step == epoch_steps:
            record.finish_epoch(loss.of_held_out(), model)
        if run.rank.leads and run.checkpoints.is_due():
            record.save(model, optimizer)
    optimizer.state.clear()  # it refers to itself, and would keep its moments in a GPU's memory
    if run.best:
        model.load_state_dict(run.best)
        run.best = {}


def _is_over(state: TrainingState, settings: Hyperparameters) -> bool:
    """Whether all epochs are done, or the loss on the rows held out says to stop."""
    patience = settings.early_stop_epochs
    if state.epoch == settings.epochs:
        return True
    if patience is None or state.best_loss is None or state.step:
        return False
    return state.epoch - 1 - state.best_epoch >= patience


def _learning_rate(number: int, steps: int, settings: Hyperparameters) -> float:
    """The learning rate of a 0-based step: linearly up in the warm-up, then down to 0."""
    warmup = math.ceil(settings.warmup_ratio * steps)
    if number < warmup:
        return settings.learning_rate * (number / warmup)
    return settings.learning_rate * ((steps - number) / (steps - warmup))


def _make_optimizer(model: Any, settings: Hyperparameters) -> Any:
    """AdamW, whose weight decay spares biases and norms, the parameters of one dimension."""
    import torch

    trained = [weights for weights in model.parameters() if weights.requires_grad]
    groups = [
        {
            "params": [weights for weights in trained if weights.ndim > 1],
            "weight_decay": settings.weight_decay,
        },
        {"params": [weights for weights in trained if weights.ndim < 2], "weight_decay": 0.0},
    ]
    return torch.optim.AdamW(groups, lr=settings.learning_rate, fused=True)
