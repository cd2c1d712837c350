"""How quickly the data screen answers, on a hundred thousand answers and on a million.

    python -m tests.benchmarks.browsing FOLDER [--rows 100000 1000000] [--width 384]

As at a terminal: from a key to what it was pressed for. The answers wait for nobody else here;
`terminal.py` measures the labelling screen while parts are taken in.
"""

import argparse
import sys
from pathlib import Path
from typing import Final

from tests.benchmarks.million import CLUSTERS, WIDTH, find_or_make
from tests.benchmarks.pseudoterminal import Terminal, running
from tests.benchmarks.terminal import ENTER, insist, press, report
from tui.frame.last_place import FILE_NAME
from tui.screens.data.columns import COLUMNS

ROWS: Final = (100_000, 1_000_000)
SIZE: Final = (160, 48)
F8, ESCAPE = "\x1b[19~", "\x1b"
TABLES: Final = ("Questions", "Answers", "Pairs")
WORDS: Final = ("weeks", "blood", "zebra", "minutes", "people")  # one of which no row has
FIELD: Final = "▊  {}"


def measure(path: Path, rows: int) -> None:
    """Measure the screen on one workspace, and print what it took."""
    sys.stdout.write(f"\n{path.name}, {SIZE[0]} × {SIZE[1]}\n")
    (path / FILE_NAME).unlink(missing_ok=True)  # the app opens where it was closed
    command = [sys.executable, "-m", "tui", "-w", str(path)]
    with running(command, *SIZE) as terminal:
        terminal.wait_for("Label")
        report("the first table", [press(terminal, F8, f"Seeds: {rows:,}")])
        for name in TABLES:
            report(f"show {name.lower()}", [press(terminal, "v", f"{name}: {rows:,}")])
        report("to the last row", [press(terminal, "G", f"row {rows:,} of")])
        press(terminal, "g", "row 1 of")
        report("a page down", [press(terminal, " ", f" of {rows:,}") for _ in range(20)])
        press(terminal, "g", "row 1 of")
        report("open a row", [open_row(terminal) for _ in range(5)])
        report("sort pairs, by each column", sort_all(terminal))
        report("search pairs", [search(terminal, word) for word in WORDS])
        report("filter pairs by a cell", [keep_like(terminal, rows) for _ in range(3)])
        report("values to filter by", [offer_filter(terminal) for _ in range(3)])
        peak = terminal.peak_memory_bytes()
    sys.stdout.write(f"  peak memory {peak / 2**20:,.0f} MiB\n")


def open_row(terminal: Terminal) -> float:
    """Open the current row in full, and close it."""
    took = press(terminal, ENTER, "ANSWER")
    press(terminal, "q", "row ")
    return took


def sort_all(terminal: Terminal) -> list[float]:
    """Sort by each column in turn, up and down."""
    took = []
    for column in COLUMNS["pairs"]:
        took += [press(terminal, "s", f"by {column.title} {sign}") for sign in "▲▼"]
        press(terminal, "s", "Pairs: ")
        terminal.press("l")
    terminal.press("h" * len(COLUMNS["pairs"]))
    return took


def search(terminal: Terminal, word: str) -> float:
    """Search for a word, and show all rows again."""
    insist(terminal, "/", "Words in any case")
    insist(terminal, word, FIELD.format(word))
    took = press(terminal, ENTER, f"with “{word}”")
    press(terminal, ESCAPE, "Pairs: ")
    return took


def keep_like(terminal: Terminal, rows: int) -> float:
    """Keep only rows with the value of the current cell, and show all again."""
    took = press(terminal, "=", f" of {rows:,} · seed = ")
    press(terminal, "-", "Pairs: ")
    return took


def offer_filter(terminal: Terminal) -> float:
    """Ask for the values to filter by, and leave."""
    took = press(terminal, "f", "Show only these rows")
    press(terminal, ENTER, "find")  # not Esc: what is pressed right after it would be Alt and a key
    return took


def main() -> None:
    """Measure workspaces of a folder, which are made where it lacks them."""
    parser = argparse.ArgumentParser(prog="tests.benchmarks.browsing")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rows", type=int, nargs="*", default=ROWS)
    parser.add_argument("--width", type=int, default=WIDTH)
    chosen = parser.parse_args()
    measure_all(chosen.folder, chosen.rows, chosen.width)


def measure_all(folder: Path, sizes: "tuple[int, ...]" = ROWS, width: int = WIDTH) -> None:
    """Measure on workspaces of each size."""
    for rows in sizes:
        measure(find_or_make(folder, CLUSTERS[0], rows, width), rows)


if __name__ == "__main__":
    main()
