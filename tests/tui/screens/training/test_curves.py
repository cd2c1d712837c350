"""Thinning learning curves: means by hand, the stages kept apart, few points of many steps."""

from dataclasses import replace

from engine.training.curve import CurvePoint
from tests.tui.trained import curve
from tui.screens.training.curves import (
    MOST_POINTS,
    count_epochs,
    mean_loss,
    newest_epoch,
    thin_curve,
)


def test_a_short_curve_keeps_each_step() -> None:
    thinned = thin_curve(curve([3], [0.9, 0.8, 0.7]))
    assert thinned.rows == (16, 32, 48)
    assert thinned.losses == (0.9, 0.8, 0.7)
    assert (thinned.steps, thinned.steps_each, thinned.rows_per_s) == (3, 1, 32.0)


def test_a_point_is_the_mean_over_the_rows_of_its_steps() -> None:
    points = curve([MOST_POINTS + 2], [1.0, 0.5] * (MOST_POINTS // 2 + 1))
    points[0] = replace(points[0], rows=48)
    points[3] = replace(points[3], loss=None)
    points[4] = replace(points[4], loss=None)
    points[5] = replace(points[5], loss=None)
    thinned = thin_curve(points)
    assert thinned.steps_each == 2
    assert thinned.losses[:4] == ((48 * 1.0 + 16 * 0.5) / 64, 1.0, None, 0.75)
    assert thinned.rows[:2] == (64, 96)
    assert thinned.learning_rates[0] == points[1].learning_rate


def test_steps_of_two_training_stages_are_never_in_one_point() -> None:
    first, second = [2.0] * (MOST_POINTS + 1), [1.0] * MOST_POINTS
    thinned = thin_curve(curve([len(first), len(second)], first + second))
    assert thinned.stage_starts == (16 * len(first),)
    assert set(thinned.losses) == {1.0, 2.0}


def test_a_hundred_thousand_steps_become_few_points_that_hold_all_rows() -> None:
    thinned = thin_curve(curve([60_000, 40_000], [1.0] * 100_000))
    assert len(thinned.rows) <= MOST_POINTS + 2
    assert thinned.rows[-1] == 16 * 100_000


def test_losses_on_rows_held_out_stand_where_their_epoch_ended() -> None:
    points = curve([2], [1.0, 0.5])
    points[1] = replace(points[1], validation_loss=0.75)
    assert thin_curve(points).held_out == ((32, 0.75),)


def test_epochs_are_counted_over_all_training_stages() -> None:
    points = [
        CurvePoint(stage, epoch, 1, rows=8, loss=loss, learning_rate=1e-3, seconds=1.0)
        for stage, epoch, loss in ((0, 0, 4.0), (0, 1, 3.0), (1, 0, 2.0), (1, 0, 1.0))
    ]
    assert count_epochs(points) == 3
    assert mean_loss(newest_epoch(points)) == 1.5
    assert mean_loss(newest_epoch([])) is None
