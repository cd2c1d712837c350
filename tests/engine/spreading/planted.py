"""Answers around three directions, one for each label, of which some are decided."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from engine.spreading.model import Decided

LABELS: Final = ("advice", "content", "other")
WIDTH: Final = 16


def plant(
    rows: int, noise: float = 0.35, seed: int = 0
) -> tuple[NDArray[np.float32], tuple[str, ...]]:
    """Vectors and labels of so many answers, the labels in turn."""
    rng = np.random.default_rng(seed)
    codes = np.arange(rows) % len(LABELS)
    vectors = np.eye(WIDTH)[codes] + noise * rng.normal(size=(rows, WIDTH))
    return vectors.astype(np.float32), tuple(LABELS[code] for code in codes)


def decide(vectors: NDArray[np.float32], labels: tuple[str, ...], count: int) -> Decided:
    """The first answers as decided, each in a cluster of its own."""
    return Decided(vectors[:count], labels[:count], tuple(f"c{row}" for row in range(count)))
