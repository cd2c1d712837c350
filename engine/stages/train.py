"""Stage `train`: fine-tunes a detector on the training rows of a recipe, stage after stage.

Without training rows it adopts the model it is given, for a detector that was brought along.
It writes one row and a plain `save_pretrained` folder. A training that was killed goes on from its
last checkpoint; on a processor, with as many threads, it ends with the same weights.

    <n>-train/checkpoints/          see engine.training.checkpoints; gone once the detector is there
              curve.jsonl           see engine.training.curve; goes into the detector's folder
              rows-at-once.json     batches that did not fit in memory
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, replace
from functools import partial
from typing import Any, ClassVar

import polars as pl
from pydantic import Field

from engine.errors import TrainingRefused
from engine.generation.protocol import OutOfMemory
from engine.jobs.params import StageParams
from engine.jobs.stage import Inputs, Progress
from engine.models.adoption import adopt
from engine.models.classifier_folder import output_labels, save_classifier
from engine.models.detector import detector_folder, encode, find_max_tokens, find_pooling
from engine.models.references import parse_reference, resolve_checkpoint
from engine.training.bases import load_base
from engine.training.batches import RowsAtOnce
from engine.training.card import CardFacts, render_card
from engine.training.checkpoints import Checkpoints, TrainingState
from engine.training.curve import CurveFile, read_curve
from engine.training.held_out import hold_out
from engine.training.hyperparameters import Hyperparameters
from engine.training.loop import finetune
from engine.training.loss import is_bfloat16
from engine.training.processes import run_together
from engine.training.rank import ALONE, Rank
from engine.training.row_checks import check_rows, check_stages
from engine.training.run import LabelledRows, Run, TrainingStage
from engine.versions import describe_versions
from store.schema import DETECTORS, row_id


class TrainParams(Hyperparameters):
    """What to train, on which base. `max_length` None is the model's own limit, in tokens.

    `source_digest` tells the contents of a folder that is adopted from those it had before.
    """

    detector_id: str = Field(pattern=r"^[A-Za-z0-9][\w.-]*$")  # becomes a folder
    name: str
    recipe: str
    base: str
    labels: tuple[str, ...]
    positive: tuple[str, ...]
    training_digest: str
    seed: int
    max_length: int | None = Field(default=None, ge=8)
    source_digest: str = ""


class TrainStage:
    """Trains one detector, or adopts one; only it and `baseline` write outside their job."""

    name: ClassVar[str] = "train"
    reads: ClassVar[tuple[str, ...]] = ("training_rows",)
    writes: ClassVar[str] = "detectors"
    Params: ClassVar[type[StageParams]] = TrainParams

    def __init__(self, checkpoint_steps: int | None = None) -> None:
        """Save a checkpoint every so many steps; without, so often that it costs little."""
        self._checkpoint_steps = checkpoint_steps

    def run(self, inputs: Inputs, params: TrainParams) -> Iterator[pl.DataFrame]:
        """Yield the one row of the detector once its folder is in place.

        Raises TrainingRefused for rows or a model that do not fit, and ModelUnavailable.
        """
        checkpoints = Checkpoints(
            inputs.stage_dir / "checkpoints",
            row_id("training", params.model_dump_json()),
            self._checkpoint_steps,
        )
        if not inputs.parts_done:
            yield _make_detector(inputs, params, checkpoints)
        checkpoints.clear()


def _make_detector(inputs: Inputs, params: TrainParams, checkpoints: Checkpoints) -> pl.DataFrame:
    """Make the detector here, or in a process for each of several devices."""
    # In a fixed order: the same set of rows gives the same weights.
    rows = inputs.table("training_rows").sort("stage", "dataset", "item_id", "label", "text")
    check_rows(rows, params.labels)
    check_stages(rows, params)
    if len(inputs.devices) == 1 or rows.is_empty():
        return _train_detector(rows, inputs, params, checkpoints)

    def make_work(rank: Rank, progress: Progress) -> Callable[[], pl.DataFrame]:
        device = inputs.device if inputs.device == "cpu" else f"cuda:{rank.number}"
        own = replace(inputs, devices=(device,), progress=progress)
        return partial(_train_detector, rows, own, params, checkpoints, rank)

    while True:
        try:
            return run_together(make_work, inputs.devices, inputs.progress)
        except OutOfMemory as error:  # fewer rows at once were written down
            inputs.progress.note(f"{error} Going on from the last checkpoint with half of it.")


def _train_detector(
    rows: pl.DataFrame,
    inputs: Inputs,
    params: TrainParams,
    checkpoints: Checkpoints,
    rank: Rank = ALONE,
) -> pl.DataFrame:
    """Train or adopt the model, put its folder in place, and return its row.

    A rank that does not lead leaves no folder.
    """
    kept, held_out = hold_out(rows, params.validation_share, params.seed)
    if not held_out.is_empty():
        check_rows(kept, params.labels)
    checkpoint = resolve_checkpoint(parse_reference(params.base))
    if rows.is_empty():
        model, tokenizer = adopt(checkpoint, params.labels, inputs.device)
    else:
        model, tokenizer = load_base(checkpoint, params.labels, params.seed)
    limit = find_max_tokens(model, tokenizer)
    tokenizer.model_max_length = min(limit, params.max_length or limit)
    with rank.leader_first():  # it removes what is not whole
        run = _begin(model, inputs, params, checkpoints, rank)
    _train(model, tokenizer, kept, held_out, params, run)
    _check_weights(model)
    versions = _describe_training(params, run)
    if rank.leads:
        card = render_card(_facts(model, tokenizer, params, versions), rows, held_out)
        _save(model, tokenizer, inputs, params, run, card)
    return _row(model, inputs.job_id, params, len(rows), versions, run.state.epoch_losses)


def _save(
    model: Any, tokenizer: Any, inputs: Inputs, params: TrainParams, run: Run, card: str
) -> None:
    """Put the detector's folder in place."""
    run.curve.flush()
    curve = [asdict(point) for point in read_curve(run.curve.path)]
    save_classifier(
        detector_folder(inputs.workspace, params.detector_id),
        model,
        tokenizer,
        {"README.md": card, **({"curve.json": json.dumps(curve)} if curve else {})},
    )


def _begin(
    model: Any, inputs: Inputs, params: TrainParams, checkpoints: Checkpoints, rank: Rank
) -> Run:
    """Return where the training begins, or goes on from its newest checkpoint."""
    state = checkpoints.restore(model) or TrainingState()
    curve = CurveFile(inputs.stage_dir / "curve.jsonl")
    if rank.leads:
        curve.keep(state.points)
    return Run(
        seed=params.seed,
        device=inputs.device,
        progress=inputs.progress,
        checkpoints=checkpoints,
        curve=curve,
        rows_at_once=RowsAtOnce(inputs.stage_dir / "rows-at-once.json"),
        state=state,
        best=checkpoints.best_weights(),
        rank=rank,
    )


def _train(
    model: Any,
    tokenizer: Any,
    rows: pl.DataFrame,
    held_out: pl.DataFrame,
    params: TrainParams,
    run: Run,
) -> None:
    """Train on every stage of the rows that is not finished, in order."""
    sizes = dict(rows.group_by("stage").len().iter_rows())
    targets = {label: index for index, label in enumerate(output_labels(model))}

    def prepare(part: pl.DataFrame, number: int) -> LabelledRows:
        chosen = part.filter(pl.col("stage") == number)
        limit = tokenizer.model_max_length
        return LabelledRows(
            encode(tokenizer, chosen["text"].to_list(), limit) if len(chosen) else [],
            [targets[label] for label in chosen["label"]],
        )

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
        where = f"training stage {number + 1} of {len(sizes)}"
        stage = TrainingStage(number, where, prepare(rows, number), prepare(held_out, number))
        finetune(model, tokenizer, stage, params.for_stage(number), run)
        ahead.pop(0)
    if state.rows != total:
        run.progress.start(state.rows, state.rows)


def _check_weights(model: Any) -> None:
    if not all(bool(weights.isfinite().all()) for weights in model.parameters()):
        raise TrainingRefused(
            "The model's weights are not all finite numbers: the training diverged at its end, "
            "or the model came so. Lower the learning rate, or name another base."
        )


def _describe_training(params: TrainParams, run: Run) -> dict[str, str | int]:
    """Return what else decided the weights, and was not asked for but found."""
    precision = "bfloat16" if is_bfloat16(params, run.device) else "float32"
    fitted = run.rows_at_once.describe()
    return {
        **describe_versions(run.device),
        **({"devices": run.rank.count} if run.rank.count > 1 else {}),
        "precision": precision,
        **({"rows at once": fitted} if fitted else {}),
    }


def _facts(
    model: Any, tokenizer: Any, params: TrainParams, versions: Mapping[str, str | int]
) -> CardFacts:
    return CardFacts(
        detector_id=params.detector_id,
        name=params.name,
        recipe=params.recipe,
        base=params.base,
        labels=output_labels(model),
        positive=params.positive,
        pooling=find_pooling(model.config),
        max_tokens=tokenizer.model_max_length,
        params=params.model_dump(mode="json"),
        versions=versions,
    )


def _row(
    model: Any,
    job_id: str,
    params: TrainParams,
    training_rows: int,
    versions: Mapping[str, str | int],
    losses: list[float],
) -> pl.DataFrame:
    row = {
        "detector_id": params.detector_id,
        "name": params.name,
        "recipe": params.recipe,
        "job_id": job_id,
        "base": params.base,
        "labels": list(output_labels(model)),
        "pooling": find_pooling(model.config),
        "width": int(model.config.hidden_size),
        "seed": params.seed,
        "training_digest": params.training_digest,
        "training_rows": training_rows,
        "params": params.model_dump_json(),
        "versions": json.dumps(versions),
        "losses": losses,
    }
    return pl.DataFrame([row], schema=dict(DETECTORS))
