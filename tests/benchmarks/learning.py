"""How quickly keys label while labels are learned from a million answers behind them.

python -m tests.benchmarks.learning FOLDER [--rows 1000000] [--width 384]
"""

import argparse
import sys
import time
from pathlib import Path
from typing import Final

import psutil

from store.clusters import list_clusters
from store.database.connection import Database
from tests.benchmarks.million import CLUSTERS, ROWS, WIDTH, find_or_make
from tests.benchmarks.pseudoterminal import Terminal, running
from tests.benchmarks.terminal import CLUSTER, press, report, reset
from tui.services.learning import Learning
from tui.services.settings import LabellingSettings

SIZE: Final = (160, 48)
PRESSES: Final = 40
THINK_S: Final = 1.5  # between two decisions: the next fit is under way by then
LEARNED: Final = LabellingSettings(spread="learned")


def measure(path: Path, clusters: int) -> None:
    """Measure one workspace, where labels are learned as the preset has it."""
    sys.stdout.write(f"\n{path.name}, labels learned\n")
    reset(path)
    measure_fits(path)
    reset(path)
    measure_keys(path, min(PRESSES, clusters - 5))
    reset(path)


def measure_fits(path: Path) -> None:
    """Measure what happens in the background: the vectors once, then each fit."""
    from store.decisions import Decision, record

    with Database(path, is_modest=True) as database, Learning(database, LEARNED) as learning:
        times = []
        for number, cluster in enumerate(list_clusters(database)[:8]):
            label = ("health-advice", "health-content")[number % 2]
            record(database, "bench", [Decision("label", cluster.cluster_id, label=label)])
            began = time.perf_counter()
            learning.make_fresh()
            times.append(time.perf_counter() - began)
        report("vectors handed over, and a fit", times[:1])
        report("a fit, scored and stored", times[2:])
        names = list_clusters(database)[10:20]
        report("foreseeing three labels", [
            timed_foreseeing(learning, item.cluster_id, item.representative_id) for item in names
        ])  # fmt: skip
        own = psutil.Process()
        for process in (own, *own.children()):
            memory = process.memory_full_info()
            sys.stdout.write(f"  {process.name():34} {memory.uss / 2**20:>7,.0f} MiB of its own, "
                             f"{memory.rss / 2**20:>7,.0f} MiB with what it maps\n")  # fmt: skip


def timed_foreseeing(learning: Learning, cluster_id: str, answer_id: str) -> float:
    """The seconds that it takes to foresee what labels of a cluster do."""
    began = time.perf_counter()
    learning.foresee(cluster_id, answer_id, ["health-advice", "health-content", "general-content"])
    return time.perf_counter() - began


def measure_keys(path: Path, presses: int) -> None:
    """Measure keys in the app, at a pace at which a fit is always under way."""
    command = [sys.executable, "-m", "tui", "-w", str(path), "label"]
    with running(command, *SIZE) as terminal:
        terminal.wait_for(CLUSTER.format(1))
        times = [label(terminal, number) for number in range(1, presses + 1)]
        report("label, while labels are learned", times)
        began = time.monotonic()
        terminal.wait_for(" more elsewhere", patience_s=300)
        report("from the last key until it is learned", [time.monotonic() - began])
        sys.stdout.write(f"  peak memory {terminal.peak_memory_bytes() / 2**20:,.0f} MiB\n")


def label(terminal: Terminal, number: int) -> float:
    """Label the cluster at a place, with two labels in turn."""
    time.sleep(THINK_S)
    return press(terminal, "12"[number % 2], CLUSTER.format(number + 1))


def measure_all(folder: Path, rows: int = ROWS, width: int = WIDTH) -> None:
    """Measure workspaces of a folder, which are made where it lacks them."""
    for clusters in CLUSTERS:
        measure(find_or_make(folder, clusters, rows, width), clusters)


def main() -> None:
    """Measure the workspaces of a folder."""
    parser = argparse.ArgumentParser(prog="tests.benchmarks.learning")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--width", type=int, default=WIDTH)
    chosen = parser.parse_args()
    measure_all(chosen.folder, chosen.rows, chosen.width)


if __name__ == "__main__":
    main()
