"""The loss: its mean over rows, its weights, and its end."""

from typing import Any

import pytest
import torch

from engine.errors import TrainingRefused
from engine.training.loss import LossMeter


class Output:
    """Logits of rows that are for the second of two labels by `odds`."""

    def __init__(self, rows: int, odds: float) -> None:
        self.logits = torch.tensor([[0.0, odds]]).repeat(rows, 1)


def step(meter: LossMeter, output: Any, *labels: int) -> float:
    meter.begin_step(len(labels))
    meter(output, torch.tensor(labels))
    return float(meter.end_step())


def test_a_loss_that_is_no_number_ends_the_training() -> None:
    meter = LossMeter("training stage 1 of 1", epochs=2)
    step(meter, Output(1, float("nan")), 0)
    with pytest.raises(TrainingRefused, match=r"stage 1 of 1, epoch 1 of 2.*learning rate"):
        meter.end_epoch(0)


def test_the_mean_loss_weighs_rows_and_not_batches() -> None:
    meter = LossMeter("here", epochs=1)
    assert step(meter, Output(3, 0.0), 0, 0, 0) == pytest.approx(0.693147)
    assert meter.describe(0) == "here, epoch 1 of 1, loss 0.693"
    step(meter, Output(1, -50.0), 0)
    assert meter.end_epoch(0) == pytest.approx(3 / 4 * 0.693147, abs=1e-4)


def test_a_step_that_is_done_again_counts_once() -> None:
    meter = LossMeter("here", epochs=1)
    meter.begin_step(2)
    meter(Output(2, 5.0), torch.tensor([0, 0]))
    assert step(meter, Output(1, 0.0), 0) == pytest.approx(0.693147)
    assert meter.epoch_rows == 1
    assert meter.end_epoch(0) == pytest.approx(0.693147)


def test_a_row_counts_by_the_weight_of_its_label() -> None:
    weighted, plain = LossMeter("here", 1, [3.0, 0.5]), LossMeter("here", 1)
    assert step(weighted, Output(1, 1.0), 0) == pytest.approx(3 * step(plain, Output(1, 1.0), 0))
    assert step(weighted, Output(1, 1.0), 1) == pytest.approx(step(plain, Output(1, 1.0), 1) / 2)
