"""`make bench`: all benchmarks. `FOLDER` keeps the large workspaces from one time to the next."""

import sys
import tempfile
from pathlib import Path

from tests.benchmarks import (
    browsing,
    drift,
    interventions,
    leaks,
    learning,
    logs,
    pairs,
    panes,
    patterns,
    scoring,
    steps,
    terminal,
    training,
)


def main() -> None:
    """Run the steps, leaks, a training and scoring, then the app on large workspaces."""
    steps.main()
    leaks.main()
    training.main()
    scoring.main()
    pairs.main()
    interventions.main()
    logs.main()
    patterns.measure(patterns.ROWS)
    if len(sys.argv) > 1:
        measure_large(Path(sys.argv[1]))
    else:
        with tempfile.TemporaryDirectory() as name:
            measure_large(Path(name))


def measure_large(folder: Path) -> None:
    """Measure scores of drift and the app on a million answers, then panes side by side."""
    drift.measure_all(folder)
    terminal.measure_all(folder)
    learning.measure_all(folder)
    browsing.measure_all(folder)
    panes.measure_all(folder)


if __name__ == "__main__":
    main()
