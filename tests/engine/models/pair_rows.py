"""Training rows of pairs, and an encoder whose vectors are given, for tests of baselines."""

from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

from store.sources import TRAINING_ROWS

OFF, ON = "off-topic", "on-topic"
LABELS = (OFF, ON)


def pair_rows(*rows: tuple[str, str, str]) -> pl.DataFrame:
    """Rows of (context, text, label) as `keep_rows` keeps them, r0, r1 …; off-topic is positive."""
    made = [
        (0, "real", "d", f"r{place}", f"r{place}", context, text, label)
        for place, (context, text, label) in enumerate(rows)
    ]
    frame = pl.DataFrame(made, schema=dict(TRAINING_ROWS), orient="row")
    return frame.with_columns(is_positive=pl.col("label") == OFF)


class GivenVectors:
    """An encoder of two dimensions that remembers what it was asked about.

    A text's vector points to its angle, in degrees.
    """

    def __init__(self, angles: Mapping[str, float]) -> None:
        self._angles = angles
        self.asked: list[str] = []

    def embed(self, texts: Sequence[str], batch_rows: int = 32) -> NDArray[np.float32]:
        self.asked += texts
        angles = np.radians([self._angles[text] for text in texts])
        return np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)
