import gzip
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from engine.statistics.discrepancy import Z
from engine.statistics.diversity import (
    GROUPS,
    compression_ratio,
    share_distinct,
    share_near_duplicates,
)

texts = st.lists(st.lists(st.sampled_from("abc"), max_size=6), max_size=8)


def plain_share(found: list[list[str]]) -> float:
    pairs = [(one, other) for text in found for one, other in pairwise(text)]
    return len(set(pairs)) / len(pairs)


def test_distinct_2_of_a_case_worked_by_hand() -> None:
    # a b, b a, a b | b a, a c | a b: six pairs, of which a b, b a and a c differ
    found = share_distinct([list("abab"), list("bac"), list("ab")])
    assert found is not None
    assert found.value == 0.5
    assert found.n == 3


@given(texts)
def test_distinct_2_has_the_jackknifes_interval(given: list[list[str]]) -> None:
    found = share_distinct(given)
    owned = [text for text in given if len(text) > 1]
    if len(owned) < 3:
        assert found is None
        return
    assert found is not None
    assert found.value == pytest.approx(plain_share(owned))
    count = len(owned)
    without = np.array([plain_share(owned[:i] + owned[i + 1 :]) for i in range(count)])
    error = np.sqrt((count - 1) / count * ((without - without.mean()) ** 2).sum())
    assert found.low == pytest.approx(max(found.value - Z * error, 0))
    assert found.high == pytest.approx(min(found.value + Z * error, 1))


def test_near_duplicates_of_a_case_worked_by_hand() -> None:
    words = [str(number) for number in range(20)]
    three_changed = ["x", "y", "z", *words[3:]]  # 17 of 20 words are left: 0.85
    four_changed = ["p", "q", "r", "s", *words[4:]]
    found = share_near_duplicates([words, three_changed, four_changed, ["other"]])
    assert found is not None
    assert found.value == 0.5
    expected = binomtest(2, 4).proportion_ci(method="wilson")
    assert found.interval == pytest.approx((expected.low, expected.high))


def test_equal_texts_are_near_copies_and_none_has_no_share() -> None:
    found = share_near_duplicates([["a"], ["a"], ["b"]])
    assert found is not None
    assert found.value == pytest.approx(2 / 3)
    assert share_near_duplicates([]) is None


def test_the_compression_ratio_is_that_of_gzip_and_grows_with_what_repeats() -> None:
    varied = [f"{number * 7919 % 1009} {number * 104729 % 10007}" for number in range(60)]
    found = compression_ratio(varied)
    assert found is not None
    whole = "\n".join(varied).encode()
    assert found.value == pytest.approx(len(whole) / len(gzip.compress(whole, 9, mtime=0)))
    assert found.n == 60
    assert found.low < found.value < found.high
    repeated = compression_ratio(["the same text again"] * 60)
    assert repeated is not None
    assert repeated.low > found.high


def test_the_interval_of_a_compression_ratio_is_the_jackknifes() -> None:
    texts = [f"text {number * number}" for number in range(GROUPS)]
    found = compression_ratio(texts)
    assert found is not None
    without = []
    for place in range(GROUPS):
        left = "\n".join(texts[:place] + texts[place + 1 :]).encode()
        without.append(len(left) / len(gzip.compress(left, 9, mtime=0)))
    spread = np.array(without) - np.mean(without)
    error = np.sqrt((GROUPS - 1) / GROUPS * (spread**2).sum())
    assert found.high - found.value == pytest.approx(Z * error)


def test_too_few_texts_have_no_compression_ratio() -> None:
    assert compression_ratio(["a"] * (GROUPS - 1)) is None
