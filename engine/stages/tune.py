"""Stage `tune`: trainings tried on the development set, of which the worse half goes each round.

Its rows are read from the job's folder, and never stored with the others; no detector is kept. A
trial that was interrupted begins again, those that are in parts are not done again.
"""

from collections.abc import Iterator
from typing import ClassVar

import polars as pl
from pydantic import Field

from engine.jobs.params import StageParams
from engine.jobs.parts import list_parts, read_parquet
from engine.jobs.stage import Inputs
from engine.jobs.tables import TUNING_TRIALS
from engine.training.halving import Tried, choose_next, count_trials
from engine.training.params import TrainParams
from engine.training.trials import Trainer


class TuneParams(StageParams):
    """Trainings that are tried, those of one recipe in a row; `rounds` halve them.

    Round n trains with the seed of the training plus n. No trial begins once `budget_s` seconds of
    trials were spent.
    """

    trials: tuple[TrainParams, ...] = Field(min_length=1)
    rounds: int = Field(default=3, ge=1)
    budget_s: float = Field(gt=0)


class TuneStage:
    """Writes a part for each trial: one row, with what came of it on the development set."""

    name: ClassVar[str] = "tune"
    reads: ClassVar[tuple[str, ...]] = ("tuning_rows", "samples")
    writes: ClassVar[str] = "tuning_trials"
    Params: ClassVar[type[StageParams]] = TuneParams

    def run(self, inputs: Inputs, params: TuneParams) -> Iterator[pl.DataFrame]:
        """The trials in their order. Raises TrainingRefused for rows that nothing can learn from.

        A training that diverges has the loss of knowing nothing, and the others go on.
        """
        rows, samples = inputs.table("tuning_rows"), inputs.table("samples").sort("sample_id")
        done = [read_parquet(part) for part in list_parts(inputs.stage_dir)][: inputs.parts_done]
        found = pl.concat(done) if done else pl.DataFrame(schema=TUNING_TRIALS)
        trainer = Trainer(inputs, rows)
        while True:
            inputs.progress.start(count_trials(len(params.trials), params.rounds), found.height)
            due = choose_next(read_tried(found), len(params.trials), params.rounds)
            if due is None or float(found["seconds"].sum()) >= params.budget_s:
                return
            setting, number = due
            training = params.trials[setting]
            training = training.model_copy(update={"seed": training.seed + number})
            inputs.progress.note(f"{training.recipe}, setting {setting + 1}, round {number + 1}")
            row = trainer.try_out(training, samples)
            part = pl.DataFrame(
                [{"setting": setting, "round": number, "job_id": inputs.job_id, **row}],
                schema=TUNING_TRIALS,
            )
            yield part
            found = pl.concat([found, part])


def read_tried(trials: pl.DataFrame) -> list[Tried]:
    """The losses of trials (schema TUNING_TRIALS)."""
    return [Tried(*row) for row in trials.select("setting", "round", "log_loss").rows()]
