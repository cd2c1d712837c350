"""How quickly interventions over time are counted, on a log of a million records.

python -m tests.benchmarks.interventions
"""

import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

from store.database.connection import Database
from store.interventions import Group
from tui.services.periods import Length
from tui.services.results.interventions import read_interventions
from tui.services.workspace import Workspace

ROWS: Final = 1_000_000
DAYS: Final = 100
LIVE: Final = "live"
CHOICES: Final[tuple[tuple[Length | None, Group | None], ...]] = (
    (None, None), (None, "version"), (None, "category"), ("hour", None), ("hour", "category")
)  # fmt: skip


def main() -> None:
    """Fill a log, then read it in each way, in this process and by the command."""
    with tempfile.TemporaryDirectory() as name:
        workspace = Workspace.create(Path(name) / "w", task="health-advice", preset="embedded")
        with workspace.database() as database:
            fill(database)
            for by, group in CHOICES:
                began = time.perf_counter()
                found = read_interventions(database, LIVE, by, group)
                took = time.perf_counter() - began
                periods = f"{len(found.all.periods):,} {found.by}s by {group or 'none'}"
                sys.stdout.write(f"  {periods:<28} {took:6.2f} s\n")
        began = time.perf_counter()
        command = [sys.executable, "-m", "tui", "-w", str(workspace.path), "interventions"]
        subprocess.run([*command, "--on", LIVE, "--json"], check=True, stdout=subprocess.DEVNULL)
        took = time.perf_counter() - began
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        sys.stdout.write(f"  {'the command':<28} {took:6.2f} s, at most {peak:,.0f} MiB\n")


def fill(database: Database) -> None:
    """A log of two versions of a guard, of whose verdicts some are failed or in a category."""
    with database.write() as cursor:
        cursor.execute("INSERT INTO dataset_roles VALUES (?, 'production')", [LIVE])
        cursor.execute(
            """INSERT INTO log_records BY NAME
            SELECT md5(n::VARCHAR) AS record_id, ? AS dataset, 'guard' AS guard,
                   TIMESTAMP '2026-01-01' + to_milliseconds(n * ?) AS logged_at,
                   CASE WHEN n < ? THEN '1' ELSE '2' END AS guard_version,
                   CASE WHEN hash(n) % 100 < 4 THEN 'flagged' WHEN hash(n) % 100 < 98 THEN 'passed'
                        ELSE 'failed' END AS verdict,
                   CASE WHEN hash(n) % 100 < 4 THEN ['S' || (hash(n) // 100 % 5)]
                        ELSE [] END AS categories,
                   'log.jsonl' AS source, n AS line
            FROM range(?) t(n)""",
            [LIVE, DAYS * 86_400_000 // ROWS, ROWS // 2, ROWS],
        )


if __name__ == "__main__":
    main()
