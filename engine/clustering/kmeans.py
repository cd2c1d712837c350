"""k-means over embeddings, the same way for a clustering and for splitting one cluster."""

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import numpy as np

THREADS: Final = 1  # more threads give other centre bytes from run to run
STARTS: Final = 4  # the best of so many k-means++ starts is taken
ITERATIONS: Final = 300


def cluster_embeddings(
    matrix: "np.ndarray",
    k: int,
    seed: int,
    *,
    starts: int = STARTS,
    iterations: int = ITERATIONS,
) -> "tuple[np.ndarray, np.ndarray]":
    """Cluster rows by k-means and return their cluster numbers and distances to the centres.

    `matrix` is float32 [rows, width]. Up to k rows get one cluster each, at distance 0. The
    same rows in the same order, seed and thread count give the same result.
    """
    import numpy as np
    from sklearn.cluster import KMeans
    from threadpoolctl import threadpool_limits

    if len(matrix) <= k:
        return np.arange(len(matrix)), np.zeros(len(matrix), dtype=np.float32)
    with threadpool_limits(limits=THREADS):
        means = KMeans(n_clusters=k, n_init=starts, max_iter=iterations, random_state=seed)
        model = means.fit(matrix)
    distances = np.linalg.norm(matrix - model.cluster_centers_[model.labels_], axis=1)
    return model.labels_, distances.astype(np.float32)
