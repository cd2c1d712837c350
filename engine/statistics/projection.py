"""The plane that shows most of how rows differ: principal components, without any randomness.

Pearson, On lines and planes of closest fit to systems of points in space, Phil. Mag. 2, 1901.
Pure: no model, no store.
"""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

AXES: Final = 2


@dataclass(frozen=True, slots=True)
class Plane:
    """Two directions through the middle of some rows, and how much of their variance each holds.

    `middle` is [width], `axes` [width, AXES] of length 1 and at right angles; a direction that
    the rows don't have is 0. `shares` go from 0 to 1, the larger first.
    """

    middle: NDArray[np.float64]
    axes: NDArray[np.float64]
    shares: tuple[float, float]

    def place(self, rows: NDArray[Any]) -> NDArray[np.float64]:
        """Where rows [rows, width] lie on the plane: [rows, AXES], in the units of the rows."""
        found: NDArray[np.float64] = (rows - self.middle) @ self.axes
        return found


def fit_plane(rows: NDArray[Any]) -> Plane:
    """The plane of the two directions in which rows [rows, width] vary most.

    They are eigenvectors of the covariance, [width, width], so that memory does not grow with
    the rows. Of each direction the component that is largest points to the right or upwards, so
    that the same rows are never seen mirrored. At least one row is needed.
    """
    middle = rows.mean(axis=0, dtype=np.float64)
    apart = rows - middle
    values, vectors = np.linalg.eigh(apart.T @ apart / len(rows))  # smallest first
    total = float(values.clip(0).sum())
    axes = np.zeros((rows.shape[1], AXES))
    shares = [0.0] * AXES
    for place in range(min(AXES, rows.shape[1]) if total > 0 else 0):
        value, vector = float(values[-1 - place]), vectors[:, -1 - place]
        if value > total * np.finfo(np.float32).eps:
            axes[:, place] = vector * np.sign(vector[np.abs(vector).argmax()])
            shares[place] = value / total
    return Plane(middle, axes, (shares[0], shares[1]))
