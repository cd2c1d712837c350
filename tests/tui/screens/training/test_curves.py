"""Thinning learning curves: means by hand, the stages kept apart, few points of many steps."""

from dataclasses import replace

import pytest

from engine.training.curve import CurvePoint
from tests.tui.trained import curve
from tui.screens.training.curves import (
    MOST_POINTS,
    Epoch,
    Spread,
    mean_loss,
    smooth,
    spread_over,
    thin_curve,
)
from tui.screens.training.pictures import picture_of
from tui.screens.training.plans import early_stops, plan_of, seeds_key
from tui.screens.training.views import Drawing, DrawnCurve, StagePlan


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


def test_losses_on_rows_held_out_are_where_their_epoch_ended() -> None:
    points = curve([2], [1.0, 0.5])
    points[1] = replace(points[1], validation_loss=0.75)
    assert thin_curve(points).held_out == ((32, 0.75),)


def epochs(*losses: tuple[int, int, float, float | None]) -> list[CurvePoint]:
    """One step for each epoch, of (stage, epoch, loss, loss on rows held out)."""
    return [
        CurvePoint(stage, epoch, 1, rows=8, loss=loss, learning_rate=1e-3, seconds=1.0,
                   validation_loss=held_out)
        for stage, epoch, loss, held_out in losses
    ]  # fmt: skip


def test_each_epoch_has_the_mean_loss_over_its_rows() -> None:
    points = epochs((0, 0, 4.0, None), (0, 1, 3.0, None), (1, 0, 2.0, None), (1, 0, 1.0, None))
    points[-1] = replace(points[-1], rows=24)
    found = thin_curve(points).epochs
    assert found == (Epoch(0, 0, 8, 4.0), Epoch(0, 1, 16, 3.0), Epoch(1, 0, 48, 1.25))
    assert mean_loss([]) is None


def test_the_lowest_loss_on_rows_held_out_is_known_of_each_training_stage() -> None:
    points = epochs((0, 0, 1.0, 0.9), (0, 1, 0.8, 0.7), (0, 2, 0.5, 0.8), (1, 0, 0.4, 0.6))
    lowest = thin_curve(points).lowest
    assert [(epoch.stage, epoch.number) for epoch in lowest] == [(0, 1), (1, 0)]


def test_a_training_stopped_early_where_fewer_epochs_were_done_than_planned() -> None:
    found = thin_curve(epochs((0, 0, 1.0, 0.9), (0, 1, 0.8, 1.0), (1, 0, 0.5, 0.4)))
    plan = (StagePlan(5, stops_early=True), StagePlan(3, stops_early=True))
    assert [(x.stage, x.number) for x, _ in early_stops(found, plan, is_over=True)] == [
        (0, 1), (1, 0),
    ]  # fmt: skip
    assert [x.stage for x, _ in early_stops(found, plan, is_over=False)] == [0]
    assert not early_stops(found, [replace(item, stops_early=False) for item in plan], is_over=True)
    assert not early_stops(found, (StagePlan(2, True), StagePlan(1, True)), is_over=True)


def test_smoothing_is_a_moving_mean_that_begins_at_the_first_loss() -> None:
    thinned = thin_curve(curve([3], [1.0, 0.0, 0.0]))
    assert smooth(thinned, 0.0) == (1.0, 0.0, 0.0)
    half = smooth(thinned, 0.5)
    assert half == pytest.approx([1.0, 0.25 / 0.75, 0.125 / 0.875])
    constant = smooth(thin_curve(curve([300], [0.4] * 300)), 0.97)
    assert constant == pytest.approx([0.4] * len(constant))


def test_smoothing_begins_again_with_a_training_stage_and_leaves_gaps() -> None:
    points = curve([2, 2], [4.0, 4.0, 1.0, 1.0])
    points[1] = replace(points[1], loss=None)
    assert smooth(thin_curve(points), 0.9) == (4.0, None, 1.0, 1.0)


def test_several_seeds_are_one_curve_with_their_mean_and_range() -> None:
    found = spread_over([((16, 32, 48), (3.0, 2.0, 1.0)), ((16, 32), (1.0, None))])
    assert found == Spread((16, 32, 48), (2.0, 2.0, 1.0), (1.0, 2.0, 1.0), (3.0, 2.0, 1.0))


def test_the_chart_has_raw_losses_behind_smoothed_ones_and_all_that_epochs_tell() -> None:
    points = curve([4], [1.0, 0.5, 0.7, 0.4])
    points[-1] = replace(points[-1], validation_loss=0.6)
    drawn = DrawnCurve("•", "live", thin_curve(points), (StagePlan(3, stops_early=True),))
    picture = picture_of(Drawing((drawn,), smoothing=0.9))
    assert picture is not None
    held_out, smoothed, raw = picture.lines
    assert raw.points == ((16, 1.0), (32, 0.5), (48, 0.7), (64, 0.4))
    assert [y for _, y in smoothed.points] == list(smooth(drawn.curve, 0.9))
    assert held_out.points == ((64, 0.6),)
    mean, lowest, stopped = picture.spots
    assert (mean.sign, mean.x) == ("○", 32)
    assert mean.y == pytest.approx(0.65)
    assert (lowest.sign, lowest.x, lowest.y) == ("★", 64, 0.6)
    assert (stopped.sign, stopped.x, stopped.y) == ("×", 64, 0)
    assert len({line.dash for line in picture.lines}) == 3
    unsmoothed = picture_of(Drawing((drawn,)))
    assert unsmoothed is not None
    assert len(unsmoothed.lines) == 2
    assert picture_of(Drawing()) is None


def test_seeds_are_drawn_as_their_mean_between_the_lowest_and_highest() -> None:
    one, other = (DrawnCurve(sign, sign, thin_curve(curve([2], losses)))
                  for sign, losses in (("•", [1.0, 0.8]), ("a", [0.6, 0.4])))  # fmt: skip
    picture = picture_of(Drawing((one,), seeds=(one, other), is_spread=True))
    assert picture is not None
    assert [[y for _, y in line.points] for line in picture.lines] == [
        pytest.approx([0.8, 0.6]), [0.6, 0.4], [1.0, 0.8],
    ]  # fmt: skip
    assert "mean of 2 seeds" in picture.key[0].text


def test_trainings_that_differ_in_their_seed_alone_have_one_key() -> None:
    same = [
        {"lr": 1, "seed": seed, "name": f"x-{seed}", "detector_id": f"{seed}"} for seed in (1, 2)
    ]
    assert seeds_key(same[0]) == seeds_key(same[1])
    assert seeds_key(same[0]) != seeds_key({**same[0], "lr": 2})
    assert seeds_key({"seed": 1}) == ""
    assert plan_of({"epochs": 3, "stages": [{"epochs": 2}, {"early_stop_epochs": 1}]}) == (
        StagePlan(2, stops_early=False), StagePlan(3, stops_early=True),
    )  # fmt: skip
    assert plan_of({}) == ()
