"""How quickly a log comes in, and in how much memory: `python -m tests.benchmarks.logs [ROWS]`.

The log is LiteLLM's, of a million calls unless another number is named, made here. Rows a second
are of this process, of which nobody else may use the processors meanwhile; so the rate by processor
time is shown beside. What is known already is looked up once more at the end.
"""

import json
import resource
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Final

from tests.logs import BLOCKED, Row, litellm_call
from tui.services.files.log_options import LogOptions
from tui.services.files.logs import import_logs
from tui.services.workspace import Workspace

ROWS: Final = 1_000_000
STEPS: Final = 10


def calls(number: int) -> Iterator[Row]:
    """Calls of which one in twenty was blocked, with texts of some hundred characters."""
    answer = "Rest, drink enough, and ask a pharmacist before you take anything else. " * 4
    for nth in range(number):
        status = BLOCKED if nth % 20 == 0 else "success"
        response = {"choices": [{"message": {"role": "assistant", "content": f"{nth}: {answer}"}}]}
        yield litellm_call(nth, status=status, response=response)


def measure(folder: Path, number: int) -> None:
    """Take a log in, then one of the same rows under another name."""
    log = write(folder / "proxy.jsonl", calls(number))
    workspace = Workspace.create(folder / "w", task="health-advice", preset="embedded")
    with workspace.database():
        pass  # what a new workspace writes at first is in its file
    report("log", number, f"{log.stat().st_size / number:,.0f} bytes a row")
    take_in(workspace, log, number, "new")
    copy = write(folder / "copy.jsonl", islice(calls(number), 1, None))
    take_in(workspace, copy, number - 1, "known")


def write(path: Path, rows: Iterable[Row]) -> Path:
    """Write rows one by one, since all of them would show in the memory that is measured."""
    with path.open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(row) + "\n" for row in rows)
    return path


def take_in(workspace: Workspace, log: Path, number: int, what: str) -> None:
    """Take a log in, and print how fast each tenth of it was."""
    began = last = (time.perf_counter(), time.process_time(), 0)

    def told(read: int) -> None:
        nonlocal last
        if read - last[2] >= number // STEPS or read == number:
            report(f"  {what}", read, rate(last, read))
            last = (time.perf_counter(), time.process_time(), read)

    with workspace.database() as database:
        import_logs(workspace, database, [log], LogOptions("live"), told)
    report(what, number, rate(began, number))


def rate(since: tuple[float, float, int], read: int) -> str:
    """Rows a second since then, by the clock and by processor time, and memory at its highest."""
    wall, processor, before = since
    rows = read - before
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return (
        f"{rows / (time.perf_counter() - wall):>9,.0f} /s "
        f"{rows / (time.process_time() - processor):>9,.0f} /s of processor {peak:>7,.0f} MiB"
    )


def report(what: str, number: int, found: str) -> None:
    """Print one measurement."""
    sys.stdout.write(f"{what:10} {number:>9,} rows {found}\n")
    sys.stdout.flush()


def main(number: int = ROWS) -> None:
    """Measure so many rows."""
    with tempfile.TemporaryDirectory() as name:
        measure(Path(name), number)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
