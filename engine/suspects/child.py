"""Confident learning in a child process, because the app imports neither scikit-learn nor cleanlab.

Decided answers go in as an Arrow table, and come back as one, in their order.
"""

import io
import os
import subprocess
import sys
from typing import IO, Final

import polars as pl

from engine.errors import EngineError
from engine.jobs.environment import child_environment

DECIDED: Final = pl.Schema(
    {"label": pl.String(), "cluster": pl.String(), "vector": pl.List(pl.Float32())}
)
FOUND: Final = pl.Schema(
    {
        "probability": pl.Float64(),  # of the label that was given, out of sample
        "likeliest": pl.String(),  # the label with the highest probability
        "likeliest_probability": pl.Float64(),
        "issue": pl.Int64(),  # the 0-based place among the issues; null for what is none
    }
)


def find_issues_apart(decided: pl.DataFrame) -> pl.DataFrame:
    """Issues among decided answers (schema DECIDED), in their order (schema FOUND).

    All null where there are too few labels to learn from. Raises EngineError if the child died.
    """
    given = io.BytesIO()
    decided.select(DECIDED.names()).cast(DECIDED).write_ipc(given)
    done = subprocess.run(
        [sys.executable, "-m", "engine.suspects.child"],
        input=given.getvalue(),
        capture_output=True,
        env=child_environment(os.environ),
        check=False,
    )
    if done.returncode:
        reason = done.stderr.decode(errors="replace").strip().rpartition("\n")[2]
        raise EngineError(f"Doubtful labels could not be searched for: {reason or 'it was ended'}.")
    return pl.read_ipc(io.BytesIO(done.stdout))


def examine(decided: pl.DataFrame) -> pl.DataFrame:
    """What `find_issues_apart` gives, in this process, which then has scikit-learn in it."""
    from engine.spreading.model import Decided
    from engine.suspects.issues import find_issues

    width = int(decided["vector"].list.len().max() or 0)  # type: ignore[arg-type]
    labels = tuple(decided["label"])
    vectors = decided["vector"].list.to_array(width).to_numpy()
    issues = find_issues(Decided(vectors, labels, tuple(decided["cluster"])))
    if issues is None:
        return pl.DataFrame({name: [None] * len(labels) for name in FOUND}, schema=dict(FOUND))
    columns = {label: column for column, label in enumerate(issues.classes)}
    order = {row: place for place, row in enumerate(issues.worst)}
    given = [issues.probabilities[row, columns[label]] for row, label in enumerate(labels)]
    likeliest = issues.probabilities.argmax(axis=1).tolist()
    return pl.DataFrame(
        {
            "probability": [float(probability) for probability in given],
            "likeliest": [issues.classes[column] for column in likeliest],
            "likeliest_probability": issues.probabilities.max(axis=1),
            "issue": [order.get(row) for row in range(len(labels))],
        },
        schema=dict(FOUND),
    )


def main(given: IO[bytes], results: IO[bytes]) -> None:
    """Read decided answers, write what was found."""
    written = io.BytesIO()
    examine(pl.read_ipc(io.BytesIO(given.read()))).write_ipc(written)
    results.write(written.getvalue())


if __name__ == "__main__":
    main(sys.stdin.buffer, sys.stdout.buffer)
