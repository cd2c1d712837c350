"""Hyperparameters: what a training stage changes, and what does not go together."""

import pytest
from pydantic import ValidationError

from engine.training.hyperparameters import Hyperparameters, StageSettings


def test_a_stage_changes_what_it_names_and_keeps_the_rest() -> None:
    whole = Hyperparameters(
        epochs=3, batch_size=8, stages=(StageSettings(), StageSettings(epochs=1, warmup_ratio=0.0))
    )
    assert whole.for_stage(0) == whole
    second = whole.for_stage(1)
    assert (second.epochs, second.batch_size, second.warmup_ratio) == (1, 8, 0.0)
    assert whole.for_stage(7) == whole


@pytest.mark.parametrize(
    "settings",
    [{"early_stop_epochs": 2}, {"stages": [{}, {"early_stop_epochs": 2}]}],
)
def test_stopping_early_needs_rows_to_judge_by(settings: dict[str, object]) -> None:
    with pytest.raises(ValidationError, match="validation_share"):
        Hyperparameters.model_validate(settings)
    Hyperparameters.model_validate({**settings, "validation_share": 0.1})
