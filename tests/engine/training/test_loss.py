"""The loss: which rows count, how much, and in which precision."""

from typing import Any

import pytest
import torch

from engine.training.hyperparameters import Hyperparameters
from engine.training.loss import IGNORED, is_bfloat16, sum_doubtful_losses, sum_losses

EVEN = torch.zeros(1, 2)  # logits of a row of which nothing is known: a loss of ln 2
SURE = torch.tensor([[0.0, 50.0]])


def test_losses_of_rows_are_summed_and_ignored_rows_count_for_nothing() -> None:
    logits = torch.cat([EVEN, SURE, SURE])
    assert float(sum_losses(logits, torch.tensor([0, 1, IGNORED]))) == pytest.approx(0.693147)


def test_a_row_counts_by_the_weight_of_its_label() -> None:
    weights = torch.tensor([3.0, 0.5])
    assert float(sum_losses(EVEN, torch.tensor([0]), weights)) == pytest.approx(3 * 0.693147)
    assert float(sum_losses(EVEN, torch.tensor([1]), weights)) == pytest.approx(0.693147 / 2)


def test_losses_are_computed_in_float32_from_logits_in_bfloat16() -> None:
    assert sum_losses(EVEN.bfloat16(), torch.tensor([0])).dtype == torch.float32


@pytest.mark.parametrize(
    ("precision", "expected"), [("float32", False), ("bfloat16", True), ("auto", False)]
)
def test_auto_is_float32_on_a_processor(precision: Any, expected: bool) -> None:
    assert is_bfloat16(Hyperparameters(precision=precision), "cpu") is expected


def test_a_row_counts_by_the_probability_of_its_label_and_targets_can_be_soft() -> None:
    logits = torch.tensor([[2.0, 0.0, -1.0], [0.5, 0.5, 0.5], [1.0, 3.0, 0.0]])
    labels, sure = torch.tensor([0, 2, IGNORED]), torch.tensor([0.75, 0.5, 0.9])
    logs = torch.log_softmax(logits, 1)
    weighted = sum_doubtful_losses(logits, labels, sure, is_weighted=True, is_soft=False)
    assert float(weighted) == pytest.approx(-float(0.75 * logs[0, 0] + 0.5 * logs[1, 2]))
    soft = sum_doubtful_losses(logits, labels, sure, is_weighted=False, is_soft=True)
    first = 0.75 * logs[0, 0] + 0.125 * (logs[0, 1] + logs[0, 2])
    second = 0.5 * logs[1, 2] + 0.25 * (logs[1, 0] + logs[1, 1])
    assert float(soft) == pytest.approx(-float(first + second))


def test_labels_that_are_certain_are_trained_on_as_without_probabilities() -> None:
    logits, labels = torch.randn(4, 3), torch.tensor([0, 1, 2, 0])
    weights, sure = torch.tensor([1.0, 2.0, 0.5]), torch.ones(4)
    plain = float(sum_losses(logits, labels, weights))
    for is_weighted, is_soft in ((True, False), (False, True), (True, True)):
        found = sum_doubtful_losses(
            logits, labels, sure, weights, is_weighted=is_weighted, is_soft=is_soft
        )
        assert float(found) == pytest.approx(plain)
