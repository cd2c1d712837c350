"""`make bench`: all benchmarks. `FOLDER` keeps the large workspaces from one time to the next."""

import sys
import tempfile
from pathlib import Path

from tests.benchmarks import steps, terminal


def main() -> None:
    """Run the steps, then the app on large workspaces."""
    steps.main()
    if len(sys.argv) > 1:
        terminal.measure_all(Path(sys.argv[1]))
    else:
        with tempfile.TemporaryDirectory() as name:
            terminal.measure_all(Path(name))


if __name__ == "__main__":
    main()
