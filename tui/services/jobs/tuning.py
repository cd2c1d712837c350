"""Tuning: recipes and settings of their last training stage, tried on the development set."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import product
from typing import Final

import polars as pl

from engine.jobs.draft import JobDraft, PlannedStage
from engine.stages.tune import TuneParams
from engine.training.halving import count_trials
from engine.training.params import TrainParams
from store.counting import counted
from store.database.connection import Database
from store.training import TrainingSet
from tui.services.errors import NothingToDo
from tui.services.jobs.training import assemble_recipe, train_params
from tui.services.workspace import Workspace

STAGE: Final = "tune"
ROUNDS: Final = 3  # training seeds of the best
SLOWER: Final = (1.0, 0.3)  # of the learning rate that the recipe has
EPOCHS: Final = (1.0, 0.5)  # of its epochs, rounded up
CLASS_WEIGHTS: Final = ("none", "balanced")


def draft_tuning(
    workspace: Workspace, database: Database, names: Sequence[str], minutes: float
) -> JobDraft:
    """The job that tries recipes with several settings of their last training stage.

    Each recipe as it is comes first. Raises NothingToDo without a development set, and
    RecipeRefused.
    """
    recipes = [workspace.recipe(name) for name in names]
    sets = [assemble_recipe(workspace, database, recipe) for recipe in recipes]
    development = sets[0].development
    if development.rows.is_empty():
        raise NothingToDo(f"There is nothing to choose by. {development.reason}")
    trials = tuple(params for rows in sets for params in _vary(workspace, rows))
    tables = {
        "tuning_rows": pl.concat(
            [rows.rows.with_columns(digest=pl.lit(rows.digest)) for rows in sets]
        ).unique(maintain_order=True),
        "samples": development.samples,
    }
    params = TuneParams(trials=trials, rounds=ROUNDS, budget_s=60 * minutes)
    return JobDraft([PlannedStage(STAGE, params, count_trials(len(trials), ROUNDS), tables)])


def describe_tuning(draft: JobDraft) -> str:
    """What is tried, and on how many answers it is measured."""
    (params,) = draft.params(TuneParams)
    samples = draft.planned[0].tables["samples"]
    positives = samples.filter(samples["label"].is_in(params.trials[0].positive)).height
    return (
        f"{counted(len(params.trials), 'setting')} of "
        f"{counted(len({trial.recipe for trial in params.trials}), 'recipe')}, on "
        f"{counted(samples.height, 'decided answer')} held back ({positives} positive)"
    )


def _vary(workspace: Workspace, rows: TrainingSet) -> Iterator[TrainParams]:
    """The trainings of a recipe with each setting of its last stage, its own setting first."""
    seed = workspace.settings.seed
    own = train_params(workspace, rows, name=rows.recipe, seed=seed)
    last = own.for_stage(len(rows.stage_settings) - 1)
    found = dict.fromkeys(
        (slower * last.learning_rate, max(1, round(part * last.epochs)), weights)
        for slower, part, weights in product(SLOWER, EPOCHS, CLASS_WEIGHTS)
    )
    first = (last.learning_rate, last.epochs, last.class_weights)
    for rate, epochs, weights in (first, *(item for item in found if item != first)):
        settings = {
            **rows.stage_settings[-1],
            "learning_rate": float(f"{rate:.3g}"),
            "epochs": epochs,
            "class_weights": weights,
        }
        changed = replace(rows, stage_settings=(*rows.stage_settings[:-1], settings))
        yield train_params(workspace, changed, name=rows.recipe, seed=seed)
