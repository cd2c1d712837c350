"""Figures of papers."""

import pytest

from tui.services.results.published import read_published


def test_published_figures_are_consistent_with_themselves() -> None:
    found = read_published()
    for row in found.rows:
        f1 = 2 * row.precision * row.recall / (row.precision + row.recall)
        assert row.f1 == pytest.approx(f1, abs=2e-4)
        assert round(row.accuracy * found.n) / found.n == pytest.approx(row.accuracy, abs=6e-5)
