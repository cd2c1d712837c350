"""One trial of a tuning: a training that is measured on the development set and then forgotten."""

from collections.abc import Mapping
from dataclasses import dataclass
from time import perf_counter
from typing import Any, Final

import numpy as np
import polars as pl

from engine.errors import TrainingDiverged
from engine.jobs.stage import Inputs
from engine.models.detector import Detector
from engine.models.inputs import contexts_of, set_limits
from engine.models.references import parse_reference, resolve_checkpoint
from engine.training.bases import load_base
from engine.training.batches import RowsAtOnce
from engine.training.checkpoints import Checkpoints, TrainingState
from engine.training.course import prepare_rows
from engine.training.curve import CurveFile
from engine.training.loop import finetune
from engine.training.params import TrainParams
from engine.training.quiet import Quiet
from engine.training.row_checks import check_rows, check_stages
from engine.training.run import LabelledRows, Run, TrainingStage
from store.ids import row_id

NEVER: Final = 1 << 62  # steps between checkpoints: a trial is short
BATCH_ROWS: Final = 32
LEAST_PROBABILITY: Final = 1e-6  # of what is right, so that one row cannot have an infinite loss


@dataclass(frozen=True, slots=True)
class _Shared:
    """Weights after all training stages but the last, and what they follow from."""

    key: str
    weights: Mapping[str, Any]


class Trainer:
    """Tries trainings out; what those share that differ in their last stage is trained once.

    `rows` are TRAINING_ROWS with the `digest` of the training set that they belong to. No row is
    held out of a trial, so none stops early: the development set is what it is measured on.
    """

    def __init__(self, inputs: Inputs, rows: pl.DataFrame) -> None:
        self._inputs, self._rows = inputs, rows
        self._shared: _Shared | None = None

    def try_out(self, params: TrainParams, samples: pl.DataFrame) -> dict[str, object]:
        """What came of a training: the columns of TUNING_TRIALS that follow from it.

        One that diverges has the loss of knowing nothing. Raises TrainingRefused for rows that
        cannot be learned from, and ModelUnavailable.
        """
        begun = perf_counter()
        losses: list[float] = []
        measured = {"log_loss": -float(np.log(LEAST_PROBABILITY)), "accuracy": 0.0}
        try:
            detector, losses = self._train(params)
            measured = measure(detector, samples, params)
        except TrainingDiverged as error:
            self._inputs.progress.note(str(error))
        last = params.for_stage(max(len(params.stages), 1) - 1)
        return {
            "recipe": params.recipe,
            "seed": params.seed,
            "learning_rate": last.learning_rate,
            "epochs": last.epochs,
            "class_weights": last.class_weights,
            "n": samples.height,
            **measured,
            "losses": losses,
            "seconds": perf_counter() - begun,
        }

    def _train(self, params: TrainParams) -> tuple[Detector, list[float]]:
        """The detector, and the mean loss of each epoch of its last stage."""
        rows = self._rows.filter(digest=params.training_digest).drop("digest")
        rows = rows.sort("stage", "dataset", "item_id", "label", "text")
        check_rows(rows, params.labels, is_pair=params.is_pair)
        check_stages(rows, params)
        checkpoint = resolve_checkpoint(parse_reference(params.base))
        model, tokenizer = load_base(checkpoint, params.labels, params.seed, params.architecture)
        set_limits(model, tokenizer, params.max_length, params.max_context_length)
        run = self._begin(params)
        stages = rows["stage"].unique().sort().to_list()
        key = _describe_first(params, len(stages))
        if len(stages) > 1 and self._shared is not None and self._shared.key == key:
            model.load_state_dict(self._shared.weights)
            stages = stages[-1:]
        for number in stages:
            if number == rows["stage"].max() and len(stages) > 1:
                weights = model.state_dict().items()
                kept = {name: weight.detach().cpu().clone() for name, weight in weights}
                self._shared = _Shared(key, kept)
            if number > 0:
                run.state.next_stage(number)
            of_stage = prepare_rows(model, tokenizer, rows.filter(stage=number))
            where = f"training stage {number + 1}"
            stage = TrainingStage(number, where, of_stage, LabelledRows([], []))
            finetune(model, tokenizer, stage, params.for_stage(number), run)
        own = params.for_stage(stages[-1]).epochs
        return Detector(model, tokenizer, self._inputs.device), run.state.epoch_losses[-own:]

    def _begin(self, params: TrainParams) -> Run:
        folder = self._inputs.stage_dir / "trial"
        folder.mkdir(exist_ok=True)
        curve = CurveFile(folder / "curve.jsonl")
        curve.keep(0)
        return Run(
            seed=params.seed,
            device=self._inputs.device,
            progress=Quiet(self._inputs.progress),
            checkpoints=Checkpoints(folder / "checkpoints", params.detector_id, NEVER),
            curve=curve,
            rows_at_once=RowsAtOnce(self._inputs.stage_dir / "rows-at-once.json"),
            state=TrainingState(),
        )


def _describe_first(params: TrainParams, stages: int) -> str:
    """What the weights before the last of so many training stages follow from."""
    first = params.model_copy(
        update={"stages": params.stages[: stages - 1], "detector_id": "", "name": ""}
    )
    return row_id(first.model_dump_json())


def measure(detector: Detector, samples: pl.DataFrame, params: TrainParams) -> dict[str, float]:
    """Mean log loss of positive against negative on labelled rows, and the share that is right.

    A row without a finite prediction is wrong, with the loss of knowing nothing.
    """
    places = [place for place, name in enumerate(detector.labels) if name in params.positive]
    losses, right = [], 0
    texts, contexts = samples["text"].to_list(), contexts_of(samples)
    verdicts = detector.classify(texts, BATCH_ROWS, contexts=contexts)
    for verdict, label in zip(verdicts, samples["label"], strict=True):
        is_positive = label in params.positive
        share = LEAST_PROBABILITY
        if verdict.probabilities is not None:
            positive = sum(verdict.probabilities[place] for place in places)
            share = positive if is_positive else 1 - positive
            right += (verdict.label in params.positive) == is_positive
        losses.append(-float(np.log(np.clip(share, LEAST_PROBABILITY, 1))))
    return {"log_loss": float(np.mean(losses)), "accuracy": right / samples.height}
