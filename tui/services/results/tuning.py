"""A tuning read from its job's folder: the settings that were tried, and the best of them."""

from dataclasses import dataclass
from statistics import fmean

import polars as pl

from engine.jobs.draft import JobDraft
from engine.jobs.job import JobFolder
from engine.jobs.parts import list_parts, read_parquet
from engine.jobs.tables import TUNING_TRIALS
from engine.stages.tune import TuneParams, read_tried
from engine.training.halving import choose_best
from engine.training.params import TrainParams
from tui.services.jobs.tuning import STAGE
from tui.services.workspace import Workspace


@dataclass(frozen=True, slots=True)
class TriedSettings:
    """Settings of a recipe's last training stage, by their number from 1, and what came of them.

    `log_loss`, of positive against negative, and `accuracy` are means over `seeds` trainings: the
    better settings are, the more. The accuracy's lowest and highest say how they scatter. Settings
    that were not tried have none of these. `losses` are those of the last stage's epochs, averaged.
    """

    number: int
    recipe: str
    learning_rate: float
    epochs: int
    class_weights: str
    seeds: int
    log_loss: float | None
    accuracy: float | None
    lowest_accuracy: float | None
    highest_accuracy: float | None
    losses: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Tuning:
    """Settings tried on `n` answers of the development set; `best` is the number of the best.

    `trials` trainings took `seconds`, of `budget_s`. `written` is the file that got the best.
    """

    job_id: str
    state: str
    n: int
    trials: int
    seconds: float
    budget_s: float
    settings: tuple[TriedSettings, ...]
    best: int | None
    written: str | None = None


def find_tuning(workspace: Workspace, draft: JobDraft) -> JobFolder | None:
    """The newest job that tries exactly what a draft would; None if there is none."""
    (wanted,) = draft.params(TuneParams)
    found = [
        view.job
        for view in workspace.jobs().views
        if view.spec.stages[0].name == STAGE and read_params(view.job) == wanted
    ]
    return found[-1] if found else None


def read_tuning(job: JobFolder) -> Tuning:
    """A tuning as far as it is."""
    params = read_params(job)
    parts = [read_parquet(path) for path in list_parts(job.stage_dir(0, STAGE))]
    trials = pl.concat(parts) if parts else pl.DataFrame(schema=TUNING_TRIALS)
    best = choose_best(read_tried(trials))
    samples = read_parquet(job.inputs_dir(0, STAGE) / "samples.parquet")
    return Tuning(
        job_id=job.job_id,
        state=job.state(),
        n=samples.height,
        trials=trials.height,
        seconds=float(trials["seconds"].sum()),
        budget_s=params.budget_s,
        settings=tuple(
            _read_settings(place, training, trials.filter(setting=place))
            for place, training in enumerate(params.trials)
        ),
        best=None if best is None else best + 1,
    )


def read_params(job: JobFolder) -> TuneParams:
    """What a tuning was to try."""
    return TuneParams.model_validate(job.spec().stages[0].params)


def _read_settings(place: int, training: TrainParams, trials: pl.DataFrame) -> TriedSettings:
    last = training.for_stage(max(len(training.stages), 1) - 1)
    right = trials["accuracy"].to_list()
    curves = [curve for curve in trials["losses"].to_list() if curve]
    return TriedSettings(
        number=place + 1,
        recipe=training.recipe,
        learning_rate=last.learning_rate,
        epochs=last.epochs,
        class_weights=last.class_weights,
        seeds=trials.height,
        log_loss=fmean(trials["log_loss"]) if right else None,
        accuracy=fmean(right) if right else None,
        lowest_accuracy=min(right, default=None),
        highest_accuracy=max(right, default=None),
        losses=tuple(fmean(epoch) for epoch in zip(*curves, strict=True)),
    )
