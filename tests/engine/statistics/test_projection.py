import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.decomposition import PCA

from engine.statistics.projection import fit_plane

seeds = st.integers(min_value=0, max_value=2**32 - 1)


def draw(seed: int, rows: int = 40, width: int = 5) -> np.ndarray:
    random = np.random.default_rng(seed)
    return random.normal(size=(rows, width)) * (1 + np.arange(width)) + 7


@given(seeds)
def test_the_plane_is_that_of_an_independent_implementation(seed: int) -> None:
    rows = draw(seed)
    plane, other = fit_plane(rows), PCA(2).fit(rows)
    assert plane.shares == pytest.approx(tuple(other.explained_variance_ratio_))
    places, expected = plane.place(rows), other.transform(rows)
    for axis in range(2):
        sign = np.sign(places[:, axis] @ expected[:, axis])
        assert places[:, axis] == pytest.approx(sign * expected[:, axis], abs=1e-6)


def test_rows_on_a_line_have_no_second_direction() -> None:
    rows = np.outer(np.arange(4.0), [3.0, 4.0])  # steps of length 5
    plane = fit_plane(rows)
    assert plane.shares == pytest.approx((1.0, 0.0))
    assert plane.place(rows)[:, 0] == pytest.approx([-7.5, -2.5, 2.5, 7.5])
    assert not plane.place(rows)[:, 1].any()


@pytest.mark.parametrize("rows", [np.ones((1, 3)), np.ones((5, 3)), np.ones((5, 1))])
def test_rows_that_are_equal_lie_in_the_middle(rows: np.ndarray) -> None:
    plane = fit_plane(rows)
    assert plane.shares == (0.0, 0.0)
    assert not plane.place(rows).any()


@given(seeds)
def test_a_map_is_never_mirrored_by_the_order_of_its_rows(seed: int) -> None:
    rows = draw(seed)
    order = np.random.default_rng(seed).permutation(len(rows))
    plane, other = fit_plane(rows), fit_plane(rows[order])
    assert plane.place(rows)[order] == pytest.approx(other.place(rows[order]), abs=1e-6)
    for axis in plane.axes.T:
        assert axis[np.abs(axis).argmax()] > 0


def test_what_was_not_fitted_is_placed_too() -> None:
    plane = fit_plane(np.array([[0.0, 0.0], [2.0, 0.0], [0.0, 1.0], [2.0, 1.0]]))
    assert plane.shares == pytest.approx((0.8, 0.2))
    assert plane.place(np.array([[5.0, 0.5]])) == pytest.approx(np.array([[4.0, 0.0]]))
