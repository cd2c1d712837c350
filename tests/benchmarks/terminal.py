"""How quickly the app answers on a million answers, as a person at a terminal would see it.

python -m tests.benchmarks.terminal FOLDER [--rows 1000000] [--width 384]
"""

import argparse
import contextlib
import shutil
import statistics
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from store.database.connection import Database
from tests.benchmarks.feeding import JOB, fed
from tests.benchmarks.million import CLUSTERS, ROWS, WIDTH, find_or_make
from tests.benchmarks.pseudoterminal import Terminal, running
from tui.screens.label.filters import ORDERS
from tui.screens.label.place import FILE_NAME

SIZES: Final = ((160, 48), (80, 24))
STARTS: Final = 5
PRESSES: Final = 100
THINK_S: Final = 0.3  # between two decisions: nobody reads quicker

FIRST_PAINT: Final = "Opening the workspace"
CLUSTER: Final = "Cluster {:,} of"
ORDERED: Final = "Clusters: {:,}, {}"
FILTER: Final = "Show only these clusters"
PROMPT: Final = "in the representatives."
HITS: Final = "It is in "
PLACE: Final = "‹all members›"  # in the filter
LEFT: Final = "Shows "
FIELD: Final = "▊  {}"
SKIPPED, UNDONE = "Skipped: ", "Undid: "
SHOWN: Final = "clusters shown."
DOWN, RIGHT, ENTER, CTRL_R = "\x1b[B", "\x1b[C", "\r", "\x12"
WORDS: Final = ("weeks", "blood", "patients", "minutes", "people")  # most clusters have one
BEGUN: Final = [WORDS[0][:length] for length in range(1, len(WORDS[0]) + 1)]


def measure(path: Path, clusters: int, size: tuple[int, int]) -> None:
    """Measure the app on one workspace in a terminal of one size, and print what it took."""
    sys.stdout.write(f"\n{path.name}, {size[0]} × {size[1]}\n")
    command = [sys.executable, "-m", "tui", "-w", str(path), "label"]
    presses = min(PRESSES, clusters - 5)
    reset(path)
    starts = [start(command, size) for _ in range(STARTS)]
    report("start: first paint", [first for first, _ in starts])
    report("start: Label ready", [ready for _, ready in starts])
    with running(command, *size) as terminal:
        terminal.wait_for(CLUSTER.format(1))
        report("label, idle", [label(terminal, number) for number in range(1, presses + 1)])
        report("undo, idle", [undo(terminal, number) for number in range(presses, 0, -1)])
        if size == SIZES[0]:
            find(terminal, clusters)
        with fed(path):
            times = [label(terminal, number) for number in range(1, presses + 1)]
            report("label, while parts are taken in", times)
            times = [undo(terminal, number) for number in range(presses, 0, -1)]
            report("undo, while parts are taken in", times)
        peak = terminal.peak_memory_bytes()
    sys.stdout.write(f"  peak memory {peak / 2**20:,.0f} MiB, parts took in {reset(path):,} rows\n")


def find(terminal: Terminal, clusters: int) -> None:
    """Measure what finds clusters: orders, searches, filters."""
    orders = [*ORDERS[1:], ORDERS[0]] * 3
    took = [press(terminal, "o", ORDERED.format(clusters, order)) for order in orders]
    report("change of order", took)
    report("search in representatives", [search(terminal, begun) for begun in BEGUN])
    report("filter by representatives", [narrow(terminal, word) for word in WORDS])
    report("search through members", [narrow(terminal, word, PLACE) for word in WORDS])
    terminal.press("g")


def start(command: Sequence[str], size: tuple[int, int]) -> tuple[float, float]:
    """Start the app and return the seconds until its first paint, and until Label is ready."""
    with running(command, *size) as terminal:
        first = terminal.wait_for(FIRST_PAINT) - terminal.began
        return first, terminal.wait_for(CLUSTER.format(1)) - terminal.began


def press(terminal: Terminal, key: str, text: str) -> float:
    """The seconds from a key to a text on the screen."""
    pressed = terminal.press(key)
    return terminal.wait_for(text) - pressed


def label(terminal: Terminal, number: int) -> float:
    """Label the cluster at a place; the next comes up."""
    time.sleep(THINK_S)
    return press(terminal, "1", CLUSTER.format(number + 1))


def undo(terminal: Terminal, number: int) -> float:
    """Take the newest label back, which the cluster at a place has."""
    time.sleep(THINK_S)
    return press(terminal, "u", CLUSTER.format(number))


def search(terminal: Terminal, begun: str) -> float:
    """Search the representatives for a text."""
    clear_message(terminal)
    insist(terminal, "/", PROMPT)
    press(terminal, begun, FIELD.format(begun))
    return press(terminal, ENTER, HITS)


def clear_message(terminal: Terminal) -> None:
    """Put another message on the screen, so that the one waited for is not read too early."""
    press(terminal, "s", SKIPPED)
    press(terminal, "u", UNDONE)


def insist(terminal: Terminal, key: str, text: str) -> None:
    """Press a key until a text comes; what is pressed before a dialog has the focus is lost."""
    while True:
        with contextlib.suppress(TimeoutError):
            terminal.press(key)
            terminal.wait_for(text, patience_s=1.0)
            return


def narrow(terminal: Terminal, word: str, place: str = "") -> float:
    """Filter by a word, then show all again; a `place` is where to look other than at first."""
    clear_message(terminal)
    insist(terminal, "f", FILTER)
    press(terminal, word, FIELD.format(word))
    if place:
        press(terminal, DOWN, "text is in")  # or the next key overtakes the change of focus
        press(terminal, RIGHT, place)
    took = press(terminal, ENTER, SHOWN)
    clear_message(terminal)
    insist(terminal, "f", FILTER)
    press(terminal, CTRL_R, LEFT)
    press(terminal, ENTER, SHOWN)
    return took


def reset(path: Path) -> int:
    """Take back all decisions and what was fed; return how many answers that were."""
    shutil.rmtree(path / "jobs" / JOB, ignore_errors=True)
    (path / FILE_NAME).unlink(missing_ok=True)
    with Database(path) as database, database.write() as cursor:
        cursor.execute("DELETE FROM decisions")
        answers = cursor.number("SELECT count(*) FROM answers WHERE job_id = ?", [JOB])
        for table in ("answers", "predictions", "ingested_parts"):
            cursor.execute(f"DELETE FROM {table} WHERE job_id = ?", [JOB])
    return answers


def report(what: str, times_s: Sequence[float]) -> None:
    """Print how often, the median, the 95th percentile and the worst, in milliseconds."""
    times = sorted(1000 * time for time in times_s)
    p95 = times[min(int(0.95 * len(times)), len(times) - 1)]
    sys.stdout.write(
        f"  {what:34} n {len(times):>4}  median {statistics.median(times):>7,.0f}"
        f"  p95 {p95:>7,.0f}  worst {times[-1]:>7,.0f} ms\n"
    )
    sys.stdout.flush()


def main() -> None:
    """Measure both workspaces, in a wide and a narrow terminal."""
    parser = argparse.ArgumentParser(prog="tests.benchmarks.terminal")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--width", type=int, default=WIDTH)
    chosen = parser.parse_args()
    measure_all(chosen.folder, chosen.rows, chosen.width)


def measure_all(folder: Path, rows: int = ROWS, width: int = WIDTH) -> None:
    """Measure workspaces of a folder, which are made where it lacks them."""
    for clusters in CLUSTERS:
        path = find_or_make(folder, clusters, rows, width)
        for size in SIZES:
            measure(path, clusters, size)


if __name__ == "__main__":
    main()
