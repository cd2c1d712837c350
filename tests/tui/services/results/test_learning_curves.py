import polars as pl
import pytest
from scipy.stats import ttest_rel

from engine.jobs.tables import LEARNING_CURVES
from engine.selection.strategy import Strategy
from tests import rows
from tui.services.results.learning_curves import compare_with_random, make_curve

RANDOM = ((0.4, 0.5, 0.6), (0.5, 0.5, 0.7), (0.3, 0.5, 0.5))
MARGIN = ((0.4, 0.7, 0.8), (0.5, 0.7, 0.9), (0.3, 0.6, 0.7))
BUDGETS = (10, 20, 60)


def curves(**heights: tuple[tuple[float, ...], ...]) -> pl.DataFrame:
    """F1 by strategy and start; accuracy is the same and ROC-AUC one half everywhere."""
    found = [
        {"strategy": name.replace("_", "-"), "start": start, "labelled": labelled, "f1": height,
         "accuracy": height, "positives": start}
        for name, starts in heights.items()
        for start, values in enumerate(starts)
        for labelled, height in zip(BUDGETS, values, strict=True)
    ]  # fmt: skip
    return rows.frame(LEARNING_CURVES, found, job_id="j", roc_auc=0.5, pool=70, held_out=30)


def test_a_curve_has_means_over_the_starts_and_its_mean_height() -> None:
    curve = make_curve(curves(random=RANDOM), "random")

    assert [point.labelled for point in curve.points] == list(BUDGETS)
    assert [point.measures.f1.value for point in curve.points] == pytest.approx([0.4, 0.5, 0.6])
    assert curve.points[0].positives == 1.0
    # By hand: (10 · 0.45 + 40 · 0.55) / 50, for each start in turn.
    assert curve.area.f1.value == pytest.approx((0.53 + 0.58 + 0.48) / 3)
    assert curve.area.f1.n == 3


def test_differences_are_paired_by_start() -> None:
    strategies: tuple[Strategy, ...] = ("random", "margin")
    found = list(compare_with_random(curves(random=RANDOM, margin=MARGIN), strategies))

    (area,) = [item for item in found if item.measure == "f1" and item.labelled is None]
    assert area.difference.value == pytest.approx((0.18 + 0.18 + 0.13) / 3)
    areas = [0.71, 0.76, 0.61], [0.53, 0.58, 0.48]
    assert area.p == pytest.approx(ttest_rel(*areas).pvalue)
    assert area.verdict == "pays"
    assert {item.labelled for item in found} == {None, 20, 60}


def test_nothing_is_said_of_strategies_that_do_not_differ_for_sure() -> None:
    found = list(
        compare_with_random(
            curves(random=RANDOM, margin=RANDOM, entropy=(RANDOM[1], RANDOM[0], RANDOM[2])),
            ("random", "margin", "entropy"),
        )
    )

    assert {item.verdict for item in found} == {"unclear"}
    alike = [item for item in found if item.strategy == "margin"]
    assert {(item.difference.value, item.p) for item in alike} == {(0.0, None)}


def test_p_is_corrected_for_the_strategies_and_a_loss_is_said_too() -> None:
    worse = tuple(tuple(height - 0.2 - 0.01 * place for height in line)
                  for place, line in enumerate(RANDOM))  # fmt: skip
    found = list(
        compare_with_random(
            curves(random=RANDOM, margin=MARGIN, k_centre=worse), ("random", "margin", "k-centre")
        )
    )

    areas = {item.strategy: item for item in found if item.measure == "f1" and not item.labelled}
    assert areas["k-centre"].verdict == "costs"
    for item in areas.values():
        assert item.p is not None
        assert item.p_holm is not None
        assert item.p < item.p_holm <= 2 * item.p + 1e-12 or item.p == max(
            other.p or 0 for other in areas.values()
        )


def test_a_single_start_has_no_interval_and_no_verdict() -> None:
    found = list(
        compare_with_random(curves(random=RANDOM[:1], margin=MARGIN[:1]), ("random", "margin"))
    )

    assert {(item.difference.interval, item.verdict) for item in found} == {(None, "unclear")}
