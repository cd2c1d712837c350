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

from engine.generation.protocol import OutOfMemory
from engine.jobs.draft import PlannedStage, Remark
from engine.jobs.due import RunPlan
from engine.jobs.params import StageParams
from engine.jobs.stage import Inputs, Progress
from engine.models.adoption import adopt
from engine.models.architecture import find_architecture, find_pooling
from engine.models.classifier_folder import output_labels, save_classifier
from engine.models.detector import detector_folder
from engine.models.inputs import make_inputs, set_limits
from engine.models.references import parse_reference, resolve_checkpoint
from engine.stages.predict import unpredicted_answers
from engine.training.bases import load_base
from engine.training.card import CardFacts, render_card
from engine.training.checkpoints import Checkpoints
from engine.training.course import begin, train_stages
from engine.training.curve import read_curve
from engine.training.held_out import hold_out
from engine.training.loss import is_bfloat16
from engine.training.params import TrainParams
from engine.training.processes import run_together
from engine.training.rank import ALONE, Rank
from engine.training.row_checks import check_rows, check_stages
from engine.training.run import Run
from engine.versions import describe_versions
from store.ids import row_id
from store.schema import DETECTORS


class TrainStage:
    """Trains one detector, or adopts one; only it and `baseline` write outside their job."""

    name: ClassVar[str] = "train"
    reads: ClassVar[tuple[str, ...]] = ("training_rows",)
    writes: ClassVar[str] = "detectors"
    Params: ClassVar[type[StageParams]] = TrainParams

    def __init__(self, checkpoint_steps: int | None = None) -> None:
        """Save a checkpoint every so many steps; without, so often that it costs little."""
        self._checkpoint_steps = checkpoint_steps

    def plan(self, run: RunPlan) -> Iterator[PlannedStage | Remark]:
        """The training of the initial detector, where predictions need one.

        One that is there and cannot predict is replaced only where training was named.
        """
        fault, is_named = run.fault, self.name in run.named
        if fault and not is_named:
            if run.wants("predict") and self._is_needed(run):
                yield Remark(f"Nothing is predicted. {fault}")
        elif fault or (not run.has_detector and self._is_needed(run)):
            yield run.initial.training()

    def _is_needed(self, run: RunPlan) -> bool:
        if not (run.wants(self.name) or run.wants("predict")):
            return False
        return (
            run.draft.writes("answers")
            or not unpredicted_answers(run).is_empty()
            or not run.stored.unlabelled_samples(run.detector_id).is_empty()
        )

    def run(self, inputs: Inputs, params: TrainParams) -> Iterator[pl.DataFrame]:
        """The one row of the detector once its folder is in place.

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
    check_rows(rows, params.labels, is_pair=params.is_pair)
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
        check_rows(kept, params.labels, is_pair=params.is_pair)
    checkpoint = resolve_checkpoint(parse_reference(params.base))
    if rows.is_empty():
        model, tokenizer = adopt(checkpoint, params.labels, inputs.device, is_pair=params.is_pair)
    else:
        model, tokenizer = load_base(checkpoint, params.labels, params.seed, params.architecture)
    set_limits(model, tokenizer, params.max_length, params.max_context_length)
    with rank.leader_first():  # it removes what is incomplete
        run = begin(model, params.seed, inputs, checkpoints, rank)
    train_stages(model, tokenizer, kept, held_out, params, run)
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


def _describe_training(params: TrainParams, run: Run) -> dict[str, str | int]:
    """What else decided the weights, and was not asked for but found."""
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
        max_tokens=make_inputs(model, tokenizer).max_tokens,
        max_context_tokens=getattr(model.config, "max_context_tokens", 0),
        architecture=find_architecture(model.config),
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
