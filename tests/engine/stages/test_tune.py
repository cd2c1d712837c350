"""The stage that tries trainings out."""

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from engine.jobs.parts import write_part
from engine.jobs.tables import TUNING_TRIALS
from engine.models.detector import Verdict
from engine.stages.tune import TuneParams, TuneStage
from engine.training.params import TrainParams
from engine.training.trials import Trainer, measure
from store.schema import SAMPLES
from tests.engine.stages.test_train import make_params, toy_rows
from tests.fakes import make_inputs, run_stage
from tests.tiny import tiny_bert

LABELS = ("advice", "other")


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_bert(tmp_path_factory.mktemp("base"))


def development(count: int = 12) -> pl.DataFrame:
    rows = toy_rows(count)
    named = rows.select(list(SAMPLES))
    return named.cast(SAMPLES)


def two_stages(count: int = 24) -> pl.DataFrame:
    rows = pl.concat([toy_rows(count), toy_rows(count // 2, stage=1)])
    return rows.with_columns(digest=pl.lit("digest"))


def tune(workspace: Path, params: TuneParams, parts_done: int = 0) -> pl.DataFrame:
    tables = {"tuning_rows": two_stages(), "samples": development()}
    return run_stage(TuneStage(), make_inputs(workspace, tables, parts_done=parts_done), params)


def trials(base: Path, *last: dict[str, object]) -> tuple[TrainParams, ...]:
    """Trainings of two stages that differ in the settings of the last."""
    return tuple(make_params(base, epochs=1, stages=({}, settings)) for settings in last)


def test_a_trial_is_one_row_with_what_came_of_it(base: Path, tmp_path: Path) -> None:
    settings = trials(base, {"learning_rate": 1e-3, "epochs": 2}, {"class_weights": "balanced"})
    found = tune(tmp_path, TuneParams(trials=settings, rounds=2, budget_s=1e6))
    assert found.select("setting", "round", "seed").rows()[:2] == [(0, 0, 7), (1, 0, 7)]
    assert found.height == 3
    assert found["seed"].to_list() == [7, 7, 8]
    first = found.row(0, named=True)
    assert (first["learning_rate"], first["epochs"], first["class_weights"], first["n"]) == (
        1e-3, 2, "none", 12,
    )  # fmt: skip
    assert len(first["losses"]) == 2
    assert found["accuracy"].is_between(0, 1).all()
    assert (found["log_loss"] > 0).all()


def test_what_trials_share_gives_the_weights_of_a_training_of_its_own(
    base: Path, tmp_path: Path
) -> None:
    one, other = trials(base, {"learning_rate": 1e-3}, {"learning_rate": 3e-3})
    inputs = make_inputs(tmp_path, {})
    both = Trainer(inputs, two_stages())
    both.try_out(one, development())
    after, alone = (
        trainer.try_out(other, development()) for trainer in (both, Trainer(inputs, two_stages()))
    )
    assert after["log_loss"] == alone["log_loss"]
    assert after["losses"] == alone["losses"]


def test_no_trial_begins_once_the_budget_is_spent(base: Path, tmp_path: Path) -> None:
    settings = trials(base, {"epochs": 1}, {"epochs": 2})
    found = tune(tmp_path, TuneParams(trials=settings, rounds=2, budget_s=1e-9))
    assert found.height == 1


def test_trials_that_are_in_parts_are_not_tried_again(base: Path, tmp_path: Path) -> None:
    settings = trials(base, {"epochs": 1}, {"epochs": 2})
    params = TuneParams(trials=settings, rounds=1, budget_s=1e6)
    whole = tune(tmp_path / "whole", params)
    resumed = tmp_path / "resumed"
    inputs = make_inputs(resumed, {})
    write_part(inputs.stage_dir, 0, whole.head(1), TUNING_TRIALS)
    found = tune(resumed, params, parts_done=1)
    assert found.drop("seconds").equals(whole.drop("seconds"))


def test_a_training_that_diverges_has_the_loss_of_knowing_nothing(
    base: Path, tmp_path: Path
) -> None:
    (wild,) = trials(base, {"learning_rate": 1e30, "epochs": 3})
    found = tune(tmp_path, TuneParams(trials=(wild,), rounds=1, budget_s=1e6))
    assert found["log_loss"].item() == pytest.approx(-np.log(1e-6))
    assert found["accuracy"].item() == 0


def test_rows_without_a_prediction_are_wrong(base: Path) -> None:
    class Silent:
        labels = LABELS

        def classify(self, texts: list[str], batch_size: int, contexts: object) -> list[Verdict]:
            return [Verdict("advice", [0.8, 0.2]), Verdict(error="no token")]

    rows = pl.DataFrame({"text": ["Rest.", ""], "label": ["advice", "other"]})
    found = measure(Silent(), rows, make_params(base))  # type: ignore[arg-type]
    assert found["accuracy"] == 0.5
    assert found["log_loss"] == pytest.approx((-np.log(0.8) - np.log(1e-6)) / 2)
