"""Label noise against statsmodels, a simulation, and cases worked by hand."""

import random
from collections.abc import Callable, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.statistics.label_noise import (
    AuditedLabel,
    effective_size,
    measure_groups,
    measure_noise,
    weighted_share,
)
from engine.statistics.measures import wilson, wilson_limits

ADVICE, CONTENT, GENERAL = "health-advice", "health-content", "general-content"
POSITIVE = {ADVICE}
TRIALS = 400

rows = st.lists(
    st.builds(
        AuditedLabel,
        stratum=st.sampled_from("abc"),
        stratum_size=st.integers(1, 1000),
        propagated=st.sampled_from((ADVICE, CONTENT, GENERAL)),
        found=st.sampled_from((ADVICE, CONTENT, GENERAL, None)),
        group=st.sampled_from(("one", "other")),
    ),
    max_size=40,
)


def test_a_case_worked_by_hand() -> None:
    judged = [
        AuditedLabel("large", 90, ADVICE, ADVICE),
        AuditedLabel("large", 90, ADVICE, CONTENT),  # false positive, stands for 45
        AuditedLabel("small", 10, CONTENT, GENERAL),  # wrong, and on the same side; stands for 10
        AuditedLabel("small", 10, CONTENT, None),
        AuditedLabel("tiny", 3, GENERAL, ADVICE),  # false negative, stands for 1.5
        AuditedLabel("tiny", 3, GENERAL, GENERAL),
    ]
    found = measure_noise(judged, POSITIVE)
    assert (found.n, found.unsure, found.wrong) == (5, 1, 3)
    assert (found.false_positives, found.false_negatives) == (1, 1)
    assert found.accuracy is not None
    assert found.accuracy.value == 2 / 5
    assert found.collapsed_accuracy is not None
    assert found.collapsed_accuracy.value == 3 / 5
    assert found.weighted_accuracy is not None
    assert found.weighted_accuracy.value == pytest.approx((45 + 1.5) / 103)
    assert found.weighted_collapsed_accuracy is not None
    assert found.weighted_collapsed_accuracy.value == pytest.approx((45 + 10 + 1.5) / 103)
    assert found.effective_n == pytest.approx(103**2 / (2 * 45**2 + 10**2 + 2 * 1.5**2))


def test_the_audit_of_the_paper_comes_out_as_in_its_table_5() -> None:
    errors = {"Detecting-Health-Advice": (5, 0), "HealthE": (3, 1), "SemEval": (0, 0)}
    judged = [
        AuditedLabel(f"{dataset}-{number // 2}", 100, propagated, label, dataset)
        for dataset, (positives, negatives) in errors.items()
        for number, (propagated, label) in enumerate(
            [(ADVICE, CONTENT)] * positives
            + [(CONTENT, ADVICE)] * negatives
            + [(GENERAL, GENERAL)] * (40 - positives - negatives)
        )
    ]
    found = measure_groups(judged, POSITIVE)
    shown = {}
    for dataset, noise in found.items():
        assert noise.accuracy is not None
        assert noise.accuracy == noise.collapsed_accuracy
        shown[dataset] = noise.false_positives, noise.false_negatives, noise.accuracy.value
    assert shown == {
        "Detecting-Health-Advice": (5, 0, 0.875),
        "HealthE": (3, 1, 0.9),
        "SemEval": (0, 0, 1.0),
    }


def test_nothing_judged_leaves_every_share_undefined() -> None:
    found = measure_noise([AuditedLabel("a", 5, ADVICE, None)], POSITIVE)
    assert (found.n, found.unsure) == (0, 1)
    assert found.accuracy is None
    assert found.weighted_accuracy is None
    assert found.effective_n is None
    assert measure_groups([], POSITIVE) == {}


def test_without_an_error_the_weighted_interval_has_a_width() -> None:
    found = weighted_share([True] * 10, [50.0] * 2 + [1.0] * 8)
    assert found is not None
    assert found.value == found.high == pytest.approx(1)
    assert found.low < 0.5  # two rows carry nearly all of the weight


def test_equal_weights_give_the_unweighted_share_and_interval() -> None:
    found, plain = weighted_share([True] * 35 + [False] * 5, [7.0] * 40), wilson(35, 40)
    assert found is not None
    assert plain is not None
    assert (found.value, found.low, found.high, found.n) == pytest.approx(
        (plain.value, plain.low, plain.high, plain.n)
    )


@given(st.integers(1, 2000), st.data())
@settings(deadline=None)  # the first example imports statsmodels
def test_the_limits_agree_with_statsmodels(n: int, data: st.DataObject) -> None:
    from statsmodels.stats.proportion import proportion_confint

    hits = data.draw(st.integers(0, n))
    expected = proportion_confint(hits, n, alpha=0.05, method="wilson")
    assert wilson_limits(hits / n, n) == pytest.approx(expected, abs=1e-9)


@given(rows)
@settings(deadline=None)
def test_groups_add_up_to_the_whole(judged: list[AuditedLabel]) -> None:
    whole, groups = measure_noise(judged, POSITIVE), measure_groups(judged, POSITIVE).values()
    for name in ("n", "unsure", "false_positives", "false_negatives", "wrong"):
        assert getattr(whole, name) == sum(getattr(group, name) for group in groups)
    for noise in (whole, *groups):
        assert (noise.accuracy is None) == (noise.n == 0)
        if noise.weighted_accuracy and noise.effective_n:
            estimate = noise.weighted_accuracy
            assert 0 <= estimate.low <= estimate.value + 1e-9
            assert estimate.value - 1e-9 <= estimate.high <= 1
            assert estimate.low < estimate.high
            assert noise.effective_n <= noise.n + 1e-9


def test_weights_are_counted_over_clusters_that_cut_across_groups() -> None:
    judged = [
        AuditedLabel("a", 30, ADVICE, ADVICE, "one"),
        AuditedLabel("a", 30, ADVICE, ADVICE, "other"),
        AuditedLabel("b", 45, ADVICE, CONTENT, "one"),
    ]
    found = measure_groups(judged, POSITIVE)["one"].weighted_accuracy
    assert found is not None
    assert found.value == pytest.approx(15 / 60)


def test_kishs_size_falls_from_the_rows_to_one_as_a_single_row_gets_all_the_weight() -> None:
    assert effective_size([2.0] * 8) == pytest.approx(8)
    assert effective_size([1e9, 1.0, 1.0]) == pytest.approx(1)
    assert effective_size([]) is None


def equal_noise(_: int) -> float:
    return 0.1


def noise_of_the_small(size: int) -> float:
    return 0.3 if size < 100 else 0.05


def noise_of_the_large(size: int) -> float:
    return 0.12 if size > 100 else 0.02


@pytest.mark.parametrize("noise", [equal_noise, noise_of_the_small, noise_of_the_large])
def test_the_weighted_interval_covers_the_true_share(noise: Callable[[int], float]) -> None:
    dice = random.Random(5)
    sizes = [round(dice.lognormvariate(4.5, 1.0)) + 2 for _ in range(60)]
    clusters = [[dice.random() >= noise(size) for _ in range(size)] for size in sizes]
    truth = sum(map(sum, clusters)) / sum(sizes)
    covered = sum(_covers(clusters, truth, dice) for _ in range(TRIALS))
    assert covered >= 0.9 * TRIALS


def _covers(clusters: Sequence[Sequence[bool]], truth: float, dice: random.Random) -> bool:
    hits, weights = [], []
    for cluster in clusters:
        hits += dice.sample(cluster, 2)
        weights += [len(cluster) / 2] * 2
    found = weighted_share(hits, weights)
    return found is not None and found.low <= truth <= found.high
