"""Kappa and alpha against scikit-learn, the published example, and cases worked by hand."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.statistics.agreement import krippendorff_alpha, measure_agreement

# Krippendorff, Computing Krippendorff's Alpha-Reliability (2011), section C: four observers,
# twelve units, * is missing.
OBSERVERS = ("123321412***", "1233224125*3", "*3332342251*", "12332441251*")

pairs = st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("abc")), max_size=80)


def test_alpha_of_the_published_example_is_the_published_one() -> None:
    units = [[label for label in unit if label != "*"] for unit in zip(*OBSERVERS, strict=True)]
    found = krippendorff_alpha(units)
    assert found is not None
    assert round(found.value, 3) == 0.743
    assert found.n == 11  # the last unit has one label only
    assert found.low < found.value < found.high


def test_kappa_worked_by_hand() -> None:
    first = ["yes"] * 25 + ["no"] * 25
    second = ["yes"] * 20 + ["no"] * 5 + ["yes"] * 10 + ["no"] * 15
    found = measure_agreement(first, second)
    assert found.n == 50
    assert found.agreement is not None
    assert found.agreement.value == 0.7
    assert found.kappa is not None
    assert found.kappa.value == pytest.approx((0.7 - 0.5) / (1 - 0.5))
    assert found.kappa.low == pytest.approx((found.agreement.low - 0.5) / 0.5)


@given(pairs)
@settings(deadline=None)  # the first example imports scikit-learn
@pytest.mark.filterwarnings("ignore:.*:UserWarning")
@pytest.mark.filterwarnings("ignore:.*:RuntimeWarning")
def test_kappa_agrees_with_scikit_learn(labels: list[tuple[str, str]]) -> None:
    from sklearn.metrics import cohen_kappa_score

    first, second = [one for one, _ in labels], [other for _, other in labels]
    found = measure_agreement(first, second)
    if not labels:
        assert found.agreement is found.kappa is None
        return
    expected = cohen_kappa_score(first, second)
    assert (found.kappa is None) == math.isnan(expected)
    assert found.kappa is None or found.kappa.value == pytest.approx(expected)


@given(pairs)
def test_alpha_of_two_complete_observers_follows_from_the_agreement(
    labels: list[tuple[str, str]],
) -> None:
    values = [label for pair in labels for label in pair]
    found = krippendorff_alpha(labels)
    if len(set(values)) < 2:
        assert found is None
        return
    total = len(values)
    by_chance = sum(values.count(label) * (values.count(label) - 1) for label in set(values))
    observed = sum(one == other for one, other in labels) / len(labels)
    expected = by_chance / (total * (total - 1))
    assert found is not None
    assert found.value == pytest.approx((observed - expected) / (1 - expected))


def test_perfect_agreement_on_few_items_keeps_an_interval() -> None:
    labels = ["a", "b", "a", "b"]
    kappa = measure_agreement(labels, labels).kappa
    alpha = krippendorff_alpha(zip(labels, labels, strict=True))
    for found in (kappa, alpha):
        assert found is not None
        assert found.value == found.high == pytest.approx(1)
        assert found.low < 0.5


def test_where_one_label_only_was_used_chance_explains_everything() -> None:
    found = measure_agreement(["a"] * 5, ["a"] * 5)
    assert found.agreement is not None
    assert found.agreement.value == 1
    assert found.kappa is None
    assert krippendorff_alpha([["a", "a"], ["a", "a"]]) is None


def test_units_with_one_label_say_nothing() -> None:
    assert krippendorff_alpha([["a"], [], ["b"]]) is None
