"""k-means for one cluster in a child process."""

import numpy as np
import pytest

from engine.clustering.splitter import Splitter
from engine.errors import EngineError


def test_rows_that_lie_together_come_into_one_part() -> None:
    chosen = np.random.default_rng(1)
    matrix = chosen.normal(scale=0.01, size=(60, 5)).astype(np.float32)
    matrix[::2] += 1
    splitter = Splitter()
    try:
        splitter.take(matrix)
        parts, distances = splitter.split(2, seed=7)
    finally:
        splitter.close()
    assert len(set(parts[::2])) == len(set(parts[1::2])) == 1
    assert parts[0] != parts[1]
    centre = matrix[::2].mean(axis=0)
    assert distances[::2] == pytest.approx(np.linalg.norm(matrix[::2] - centre, axis=1), abs=1e-5)


def test_a_child_that_died_is_an_error_and_not_a_wait() -> None:
    splitter = Splitter()
    splitter.take(np.zeros((4, 2), np.float32))
    splitter._process.kill()
    splitter._process.wait()
    with pytest.raises(EngineError, match="try again"):
        splitter.split(2, seed=7)
    splitter.close()
