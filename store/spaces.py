"""The spaces in which answers have a place, and how the places of two become one.

The engine imports this module too, so that clusters are made, split, drawn and spread in the same
space. polars and numpy are imported with the first vectors.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import numpy as np
    import polars as pl
    from numpy.typing import NDArray

Embeddings = Literal["detector", "encoder", "both"]
"""Whose embeddings are the vectors of answers: the detector's, a sentence encoder's, or both."""


@dataclass(frozen=True, slots=True)
class Space:
    """Where answers lie; only vectors of one space can be compared.

    `encoder` is a model reference; None if `embeddings` is "detector".
    """

    embeddings: Embeddings
    detector_id: str
    encoder: str | None = None


def side_by_side(*parts: "pl.DataFrame") -> "pl.DataFrame":
    """Vectors of the answers that all parts have: answer_id and vector, ordered as in the first.

    A single part stays as it is. Of several, each vector is divided by its length, so that all
    parts weigh the same, and follows that of the part before; one of length 0 stays 0.
    """
    import polars as pl

    found, *others = parts
    if not others:
        return found
    for number, other in enumerate(others):
        named = other.rename({"vector": f"vector-{number}"})
        found = found.join(named, on="answer_id", maintain_order="left")
    columns = [matrix_of(column) for column in found.drop("answer_id").get_columns()]
    joined = _join([_normalise(matrix) for matrix in columns])
    vectors = pl.Series("vector", joined, dtype=pl.Array(pl.Float32, joined.shape[1]))
    return found.select("answer_id").with_columns(vectors.arr.to_list())


def matrix_of(vectors: "pl.Series") -> "NDArray[np.float32]":
    """Lists of equal length as float32 [vectors, width]."""
    import polars as pl

    width = int(vectors.list.len().max() or 0)  # type: ignore[arg-type]
    matrix: NDArray[np.float32] = vectors.cast(pl.List(pl.Float32)).list.to_array(width).to_numpy()
    return matrix


def _normalise(matrix: "NDArray[np.float32]") -> "NDArray[np.float32]":
    import numpy as np

    lengths = np.linalg.norm(matrix, axis=1, keepdims=True)
    lengths[lengths == 0] = 1
    found: NDArray[np.float32] = matrix / lengths
    return found


def _join(matrices: "list[NDArray[np.float32]]") -> "NDArray[np.float32]":
    import numpy as np

    return np.ascontiguousarray(np.hstack(matrices), np.float32)
