"""k-means for one cluster, in a child process that is started before it is needed.

scikit-learn takes a second to import and must stay out of the app. The child imports it while
the person thinks about the number of parts; one child does one split and ends.
"""

import json
import subprocess
import sys
from typing import IO, TYPE_CHECKING

from engine.errors import EngineError

if TYPE_CHECKING:
    import numpy as np

STARTS, ITERATIONS = 1, 20  # a person waits; further ones move a few rows of thousands
FEWEST, MOST = 2, 8


class Splitter:
    """A child process that waits for the rows of one cluster. Close it when it is not needed."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "engine.splitter"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def split(self, matrix: "np.ndarray", parts: int, seed: int) -> "tuple[np.ndarray, np.ndarray]":
        """Return for each row its part and its distance to the part's centre.

        `matrix` is float32 [rows, width]. Raises EngineError where the child died.
        """
        import numpy as np

        rows, width = matrix.shape
        request = json.dumps({"rows": rows, "width": width, "parts": parts, "seed": seed})
        try:
            out, _ = self._process.communicate(
                request.encode() + b"\n" + np.ascontiguousarray(matrix, np.float32).tobytes()
            )
        except (BrokenPipeError, ValueError) as error:
            raise EngineError("The process that splits clusters died; try again.") from error
        if len(out) != rows * 8:
            raise EngineError("The process that splits clusters died; try again.")
        return np.frombuffer(out, np.int32, rows), np.frombuffer(out, np.float32, rows, rows * 4)

    def close(self) -> None:
        """End the child, whatever it does."""
        self._process.kill()
        self._process.communicate()


def main(requests: IO[bytes], results: IO[bytes]) -> None:
    """Answer one request: numbers of parts as int32, then distances as float32."""
    import numpy as np
    import sklearn.cluster  # noqa: F401 (what takes time comes before the request does)

    from engine.kmeans import cluster_embeddings

    line = requests.readline()
    if not line:
        return
    request = json.loads(line)
    rows, width = request["rows"], request["width"]
    matrix = np.frombuffer(requests.read(rows * width * 4), np.float32).reshape(rows, width)
    labels, distances = cluster_embeddings(
        matrix, request["parts"], request["seed"], starts=STARTS, iterations=ITERATIONS
    )
    results.write(labels.astype(np.int32).tobytes() + distances.astype(np.float32).tobytes())


if __name__ == "__main__":
    main(sys.stdin.buffer, sys.stdout.buffer)
