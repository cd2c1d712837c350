"""Logs whose lines were cut off, mixed up and written twice: nothing is lost, nothing doubled."""

import csv
import json
import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from store.database.connection import Database
from store.reading.logs.layouts import LAYOUTS
from tests.logs import rows_of
from tui.services.files import log_intake
from tui.services.files.log_options import LogOptions
from tui.services.files.logs import LogReport, import_logs
from tui.services.workspace import Workspace

ROWS = 12
TRIALS = 4


@pytest.fixture
def opened(empty_workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    monkeypatch.setattr(log_intake, "ROWS_AT_ONCE", 3)
    with empty_workspace.database() as database:
        yield database


def take(
    workspace: Workspace, database: Database, dataset: str, layout: str, path: Path, text: str
) -> LogReport:
    path.write_text(text, encoding="utf-8")
    (report,) = import_logs(workspace, database, [path], LogOptions(dataset, layout))
    counts = report.counts
    assert counts.read == counts.new + counts.known + counts.rejected
    return report


def stored(database: Database, dataset: str) -> Counter[tuple[object, ...]]:
    """What is known of each record, whatever its id and its line."""
    with database.read() as cursor:
        rows = cursor.rows(
            """SELECT text, guard, verdict, score, prompt, conversation, logged_at, missing
            FROM log_records LEFT JOIN samples ON sample_id = record_id
            WHERE log_records.dataset = ?""",
            [dataset],
        )
    return Counter(rows)


def refused(report: LogReport) -> dict[str, str]:
    """The reasons of refused rows by what they were."""
    if report.rejects is None:
        return {}
    with report.rejects.open(encoding="utf-8-sig", newline="") as file:
        return {row["raw"]: row["reason"] for row in csv.DictReader(file)}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_damaged_lines_are_refused_and_all_others_come_in_once(
    layout: str, empty_workspace: Workspace, opened: Database, tmp_path: Path
) -> None:
    rows = rows_of(layout, ROWS)
    lines = [json.dumps(row) for row in rows]
    head, body = (lines[:2], lines[2:]) if layout == "garak" else ([], lines)
    path = tmp_path / "log.jsonl"
    take(empty_workspace, opened, "whole", layout, path, "\n".join(lines) + "\n")
    whole = stored(opened, "whole")
    assert whole

    for trial in range(TRIALS):
        rng = random.Random(f"{layout} {trial}")
        mixed = rng.sample(body, len(body))
        broken = {place: mixed[place][: rng.randrange(1, len(mixed[place]))]
                  for place in rng.sample(range(len(mixed)), 4)}  # fmt: skip
        damaged = [*head, *(broken.get(place, line) for place, line in enumerate(mixed))]
        dataset, log = f"trial-{trial}", tmp_path / f"{trial}.jsonl"

        first = take(empty_workspace, opened, dataset, layout, log, "\n".join(damaged) + "\n")
        kept = refused(first)
        assert first.counts.rejected == len(broken)
        assert set(kept) == set(broken.values())
        assert all(kept.values())

        # The same log, whole and in another order, under the name that rotation gave it.
        copy = [*head, *rng.sample(body, len(body))]
        take(empty_workspace, opened, dataset, layout, tmp_path / f"{trial}.1", "\n".join(copy))
        assert stored(opened, dataset) == whole


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_log_that_is_read_while_it_is_written_comes_in_whole(
    layout: str, empty_workspace: Workspace, opened: Database, tmp_path: Path
) -> None:
    rows, rng = rows_of(layout, ROWS), random.Random(layout)
    text = "".join(json.dumps(row) + "\n" for row in rows)
    take(empty_workspace, opened, "whole", layout, tmp_path / "whole.jsonl", text)
    first_line = text.index("\n") + 1
    ends = sorted(rng.sample(range(first_line, len(text)), 6))

    for end in [*ends, len(text)]:
        report = take(empty_workspace, opened, "grown", layout, tmp_path / "l.jsonl", text[:end])
        assert report.counts.rejected == 0
        assert report.counts.known == 0

    assert stored(opened, "grown") == stored(opened, "whole")


@pytest.mark.parametrize("layout", LAYOUTS)
def test_objects_over_several_lines_survive_a_broken_one_between_them(
    layout: str, empty_workspace: Workspace, opened: Database, tmp_path: Path
) -> None:
    rows = rows_of(layout, ROWS)
    objects = [json.dumps(row, indent=2) for row in rows]
    hurt = len(objects) // 2
    for trial, cut in enumerate((0.3, 0.6, 0.9)):
        pieces = list(objects)
        pieces[hurt] = pieces[hurt][: int(len(pieces[hurt]) * cut)]
        dataset, path = f"trial-{trial}", tmp_path / f"{trial}.json"
        report = take(empty_workspace, opened, dataset, layout, path, "\n".join(pieces) + "\n")
        assert report.counts.rejected == 1
        kept = "\n".join(json.dumps(row) for row in [*rows[:hurt], *rows[hurt + 1 :]])
        take(empty_workspace, opened, f"kept-{trial}", layout, tmp_path / f"k{trial}.jsonl", kept)
        assert stored(opened, dataset) == stored(opened, f"kept-{trial}")
