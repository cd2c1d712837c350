"""How quickly keys are answered in the app while commands in other panes use its workspace.

python -m tests.benchmarks.panes FOLDER [--rows 20000] [--presses 100]
"""

import argparse
import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import polars as pl

from tests.benchmarks.million import CLUSTERS, WIDTH, find_or_make
from tests.benchmarks.pseudoterminal import Terminal, running
from tests.benchmarks.steps import seed_texts
from tests.benchmarks.terminal import CLUSTER, label, report, reset, undo

ROWS: Final = 20_000
PRESSES: Final = 100
SIZE: Final = (160, 48)
COMMANDS: Final = 10
IMPORTED: Final = 50_000


def measure(path: Path, presses: int) -> None:
    """Measure keys with nobody else, with ten commands, an import, and a second app."""
    rows = path.parent / "imported.csv"
    texts = seed_texts(IMPORTED)
    pl.DataFrame({"text": [f"{text} ({n})" for n, text in enumerate(texts)]}).write_csv(rows)
    reset(path)
    app = [sys.executable, "-m", "tui", "-w", str(path), "label"]
    with running(app, *SIZE) as terminal:
        terminal.wait_for(CLUSTER.format(1))
        press_keys(terminal, presses, "alone")
        with repeated(path, ["status", "--json"], COMMANDS) as answers:
            press_keys(
                terminal,
                presses,
                f"{COMMANDS} × status --json",
                until=lambda: len(answers) >= COMMANDS,
            )
        right = len({json.dumps(json.loads(text)["samples"]) for text in answers})
        sys.stdout.write(f"  {len(answers)} answers, {right} different\n")
        imports = [
            "import",
            str(rows),
            "--dataset",
            "imported",
            "--role",
            "train",
            "--text",
            "text",
        ]
        with repeated(path, imports, 1) as answers:
            press_keys(
                terminal, presses, f"import of {IMPORTED:,} rows", until=lambda: bool(answers)
            )
        begun = time.perf_counter()
        run(path, ["datasets", "remove", "imported"])
        sys.stdout.write(f"  removed again in {time.perf_counter() - begun:.1f} s\n")
        with running(app, *SIZE) as second:
            second.wait_for("Look on")
            second.press("y\r")
            second.wait_for(CLUSTER.format(1))
            press_keys(terminal, presses, "a second app looks on")
        terminal.press("q")
    reset(path)


def press_keys(
    terminal: Terminal, presses: int, what: str, until: Callable[[], bool] = lambda: True
) -> None:
    """Label and take back until enough keys were pressed, and print what they took."""
    times: list[float] = []
    while len(times) < presses or not until():
        times += [label(terminal, number) for number in range(1, 11)]
        times += [undo(terminal, number) for number in range(10, 0, -1)]
    report(what, times)


@contextmanager
def repeated(path: Path, arguments: Sequence[str], at_once: int) -> Iterator[list[str]]:
    """Run a command again and again, so many at a time; what each printed, as they end."""
    answers: list[str] = []
    stopped = threading.Event()

    def work() -> None:
        while not stopped.is_set():
            answers.append(run(path, arguments))

    threads = [threading.Thread(target=work) for _ in range(at_once)]
    for thread in threads:
        thread.start()
    try:
        yield answers
    finally:
        stopped.set()
        for thread in threads:
            thread.join()


def run(path: Path, arguments: Sequence[str]) -> str:
    """What a command prints; it ends well."""
    command = [sys.executable, "-m", "tui", "-w", str(path), *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def main() -> None:
    """Measure with a small workspace, unless another size is asked for."""
    parser = argparse.ArgumentParser(prog="tests.benchmarks.panes")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--presses", type=int, default=PRESSES)
    chosen = parser.parse_args()
    measure_all(chosen.folder, chosen.rows, chosen.presses)


def measure_all(folder: Path, rows: int = ROWS, presses: int = PRESSES) -> None:
    """Measure a workspace of a folder, which is made where it lacks one."""
    path = find_or_make(folder, CLUSTERS[0], rows, WIDTH)
    sys.stdout.write(f"\n{path.name}, commands beside the app\n")
    measure(path, presses)


if __name__ == "__main__":
    main()
