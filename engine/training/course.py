"""The training stages of one detector, one after the other, from where a training stopped."""

from typing import Any

import polars as pl

from engine.errors import TrainingDiverged
from engine.jobs.stage import Inputs
from engine.models.classifier_folder import output_labels
from engine.models.inputs import contexts_of, make_inputs
from engine.training.batches import RowsAtOnce
from engine.training.checkpoints import Checkpoints, TrainingState
from engine.training.curve import CurveFile
from engine.training.hyperparameters import Hyperparameters
from engine.training.loop import finetune
from engine.training.rank import Rank
from engine.training.run import LabelledRows, Run, TrainingStage


def begin(model: Any, seed: int, inputs: Inputs, checkpoints: Checkpoints, rank: Rank) -> Run:
    """Where the training begins, or goes on from its newest checkpoint."""
    state = checkpoints.restore(model) or TrainingState()
    curve = CurveFile(inputs.stage_dir / "curve.jsonl")
    if rank.leads:
        curve.keep(state.points)
    return Run(
        seed=seed,
        device=inputs.device,
        progress=inputs.progress,
        checkpoints=checkpoints,
        curve=curve,
        rows_at_once=RowsAtOnce(inputs.stage_dir / "rows-at-once.json"),
        state=state,
        best=checkpoints.best_weights(),
        rank=rank,
    )


def train_stages(
    model: Any,
    tokenizer: Any,
    rows: pl.DataFrame,
    held_out: pl.DataFrame,
    params: Hyperparameters,
    run: Run,
) -> None:
    """Train on every stage of the rows that is not finished, in order.

    Raises TrainingDiverged where the weights did.
    """
    sizes = dict(rows.group_by("stage").len().iter_rows())
    state, total = run.state, -1
    ahead = [number for number in sorted(sizes) if number >= state.stage]
    while ahead:
        number = ahead[0]
        if number > state.stage:
            state.next_stage(number)
        before = state.rows - state.epoch * sizes[number] - state.epoch_rows
        planned = before + sum(sizes[later] * params.for_stage(later).epochs for later in ahead)
        if planned != total:  # at the beginning, and after a stage that stopped early
            total = planned
            run.progress.start(total, state.rows)
        stage = TrainingStage(
            number,
            f"training stage {number + 1} of {len(sizes)}",
            prepare_rows(model, tokenizer, rows.filter(stage=number)),
            prepare_rows(model, tokenizer, held_out.filter(stage=number)),
        )
        finetune(model, tokenizer, stage, params.for_stage(number), run)
        ahead.pop(0)
    if state.rows != total:
        run.progress.start(state.rows, state.rows)
    _check_weights(model)


def prepare_rows(model: Any, tokenizer: Any, rows: pl.DataFrame) -> LabelledRows:
    """Rows of one training stage as a model takes them, cut at its limits."""
    targets = {label: index for index, label in enumerate(output_labels(model))}
    contexts = [context or "" for context in contexts_of(rows)]
    inputs = make_inputs(model, tokenizer).encode(rows["text"].to_list(), contexts)
    probabilities = rows["probability"].to_list() if "probability" in rows.columns else ()
    return LabelledRows(inputs, [targets[label] for label in rows["label"]], probabilities)


def _check_weights(model: Any) -> None:
    if not all(bool(weights.isfinite().all()) for weights in model.parameters()):
        raise TrainingDiverged(
            "The model's weights are not all finite numbers: the training diverged at its end, "
            "or the model came so. Lower the learning rate, or name another base."
        )
