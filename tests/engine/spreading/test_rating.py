"""The rating of learned labels: that of the functions it is made of, here and in a child."""

import numpy as np
import pytest

from engine.spreading.forecast import forecast
from engine.spreading.model import Decided
from engine.spreading.quality import hold_out, measure_quality
from engine.spreading.rating import FEWEST_AUDITED, rate, rate_apart, read_rating

SIZES = {f"c{number}": 3 + number % 5 for number in range(60)}


def make_decided(count: int, noise: float) -> Decided:
    """Answers around two directions, one for each cluster, with labels that follow them."""
    dice = np.random.default_rng(1)
    truth = np.arange(count) % 2
    vectors = dice.normal(0, noise, (count, 6))
    vectors[np.arange(count), truth] += 1
    labels = tuple(("a", "b")[place] for place in truth)
    return Decided(vectors.astype(np.float32), labels, tuple(SIZES)[:count])


def test_the_curve_and_the_forecast_are_those_of_decisions_held_out() -> None:
    decided = make_decided(60, noise=0.8)
    found = rate(decided, SIZES, [False] * 60, confidence=0.6, goal=0.99)
    held = hold_out(decided, SIZES)
    assert found.method == "cross-validation"
    assert [(point.decisions, point.right, point.labelled) for point in found.curve] == [
        (point.decisions, point.right, point.labelled)
        for point in (measure_quality(item, 0.6) for item in held)
    ]
    wanted = forecast(held, 0.99, seed=0)
    assert (found.forecast is None) == (wanted is None)
    if wanted is not None and found.forecast is not None:
        assert (found.forecast.more, found.forecast.high) == (wanted.more, wanted.high)


def test_audited_answers_count_alone_once_there_are_enough() -> None:
    decided = make_decided(60, noise=0.8)
    audited = [place % 4 == 0 for place in range(60)]
    assert sum(audited) >= FEWEST_AUDITED
    found = rate(decided, SIZES, audited, confidence=0, goal=0.9)
    assert found.method == "audit"
    last = found.curve[-1].right
    (held,) = [x for x in hold_out(decided, SIZES, audited) if x.decisions == 60]
    assert last == measure_quality(held).right
    few = [place < FEWEST_AUDITED - 1 for place in range(60)]
    assert rate(decided, SIZES, few, confidence=0, goal=0.9).method == "cross-validation"


def test_a_child_process_finds_the_same() -> None:
    decided, audited = make_decided(24, noise=0.5), [False] * 24
    undecided = make_decided(40, noise=0.5).vectors[24:]
    apart = read_rating(rate_apart(decided, SIZES, audited, 0.5, 0.9))
    assert apart == rate(decided, SIZES, audited, 0.5, 0.9)
    beside = read_rating(rate_apart(decided, SIZES, audited, 0.5, 0.9, undecided))
    assert beside == rate(decided, SIZES, audited, 0.5, 0.9, undecided)
    assert beside != apart


def test_what_is_no_rating_is_refused() -> None:
    for text in ("", "{}", "[]", '{"method": "audit", "curve": [[1]], "forecast": null}'):
        with pytest.raises(ValueError, match=r".+"):
            read_rating(text)
