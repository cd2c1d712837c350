"""k-means for one cluster, in a child process that is started before it is needed.

scikit-learn takes a second to import and must stay out of the app. The child imports it and
takes the rows while the annotator thinks about the number of parts; it does one split and ends.
"""

import json
import os
import subprocess
import sys
from typing import IO, TYPE_CHECKING

from engine.errors import EngineError
from engine.jobs.environment import child_environment

if TYPE_CHECKING:
    import numpy as np

STARTS, ITERATIONS = 1, 20  # an annotator waits; further ones move a few rows of thousands
FEWEST, MOST = 2, 8
DIED = "The process that splits clusters died; try again."


class Splitter:
    """A child process for one cluster: give it the rows, then the parts. Close it at the end."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "engine.clustering.splitter"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            env=child_environment(os.environ),
        )
        self._rows = 0

    def take(self, matrix: "np.ndarray") -> None:
        """Hand over the rows, float32 [rows, width]. Raises EngineError if the child died."""
        import numpy as np

        self._rows, width = matrix.shape
        rows = np.ascontiguousarray(matrix, np.float32)
        self._write(_line({"rows": self._rows, "width": width}), rows.data)

    def split(self, parts: int, seed: int) -> "tuple[np.ndarray, np.ndarray]":
        """For each row its part and its distance to the part's centre.

        Raises EngineError if the child died.
        """
        import numpy as np

        self._write(_line({"parts": parts, "seed": seed}))
        assert self._process.stdout is not None
        out = self._process.stdout.read(self._rows * 8)  # not to the end: it takes long to exit
        if len(out) != self._rows * 8:
            raise EngineError(DIED)
        labels = np.frombuffer(out, np.int32, self._rows)
        return labels, np.frombuffer(out, np.float32, self._rows, self._rows * 4)

    def _write(self, *parts: "bytes | memoryview") -> None:
        pipe = self._process.stdin
        assert pipe is not None
        try:
            for part in parts:
                pipe.write(part)
            pipe.flush()
        except OSError as error:
            raise EngineError(DIED) from error

    def close(self) -> None:
        """End the child, whatever it does."""
        self._process.kill()
        self._process.communicate()


def _line(values: dict[str, int]) -> bytes:
    return json.dumps(values).encode() + b"\n"


def main(requests: IO[bytes], results: IO[bytes]) -> None:
    """Take rows and a number of parts; answer the rows' parts as int32, distances as float32."""
    import numpy as np

    from engine.clustering.kmeans import cluster_embeddings

    shape = json.loads(requests.readline() or "null")
    if shape is None:
        return
    matrix = np.empty((shape["rows"], shape["width"]), np.float32)
    requests.readinto(matrix)  # type: ignore[attr-defined]  # buffered: all of it, or the end
    few = matrix[: 8 * MOST]
    cluster_embeddings(
        few, FEWEST, 0, starts=1, iterations=1
    )  # what the first call alone waits for
    request = json.loads(requests.readline() or "null")
    if request is None:
        return
    labels, distances = cluster_embeddings(
        matrix, request["parts"], request["seed"], starts=STARTS, iterations=ITERATIONS
    )
    results.write(labels.astype(np.int32).tobytes() + distances.astype(np.float32).tobytes())
    results.flush()


if __name__ == "__main__":
    main(sys.stdin.buffer, sys.stdout.buffer)
