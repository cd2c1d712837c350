"""A log goes into the database batch by batch, whatever happens between them."""

import gzip
import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import polars as pl
import pytest

from store.database.connection import Database
from store.logs import take_in_records
from store.renaming import rename_dataset
from tests.logs import (
    BLOCKED,
    Row,
    chat_line,
    litellm_call,
    scored_line,
    wildchat_row,
    write_lines,
)
from tests.tui.paired import make_pair_workspace
from tui.services.files import log_intake
from tui.services.files.log_options import LogOptions
from tui.services.files.logs import LogReport, import_logs
from tui.services.workspace import Workspace


@pytest.fixture
def opened(empty_workspace: Workspace) -> Iterator[Database]:
    with empty_workspace.database() as database:
        yield database


class Import:
    """Takes files into a dataset, two rows at once."""

    def __init__(self, workspace: Workspace, database: Database) -> None:
        self.workspace, self.database = workspace, database

    def __call__(self, *files: Path, layout: str = "auto") -> LogReport:
        options = LogOptions("live", layout)
        (*_, report) = import_logs(self.workspace, self.database, files, options)
        counts = report.counts
        assert counts.read == counts.new + counts.known + counts.rejected
        return report

    def rows(self, what: str) -> list[tuple[object, ...]]:
        with self.database.read() as cursor:
            return cursor.rows(
                f"""SELECT {what} FROM log_records LEFT JOIN samples ON sample_id = record_id
                ORDER BY ALL"""
            )


@pytest.fixture
def take(empty_workspace: Workspace, opened: Database, monkeypatch: pytest.MonkeyPatch) -> Import:
    monkeypatch.setattr(log_intake, "ROWS_AT_ONCE", 2)
    return Import(empty_workspace, opened)


def test_an_import_that_was_killed_goes_on_where_it_ended(
    take: Import, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = write_lines(tmp_path / "l.jsonl", [litellm_call(n) for n in range(7)])
    batches = iter([take_in_records, take_in_records])

    def until_killed(*arguments: object) -> int:
        call = next(batches, None)
        if call is None:
            raise KeyboardInterrupt
        return call(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(log_intake, "take_in_records", until_killed)
    with pytest.raises(KeyboardInterrupt):
        take(log)
    monkeypatch.setattr(log_intake, "take_in_records", take_in_records)
    report = take(log)

    assert (report.lines_before, report.counts.new, report.counts.known) == (4, 3, 0)
    assert len(take.rows("text")) == 7


def test_records_alike_without_ids_are_as_many_as_the_log_has(take: Import, tmp_path: Path) -> None:
    same = [scored_line(0, "health-advice")] * 3
    log = write_lines(tmp_path / "l.jsonl", same)
    assert take(log).counts.new == 3

    write_lines(tmp_path / "l.jsonl", [*same, *same[:2], scored_line(1, None)])
    counts = take(log).counts
    assert (counts.new, counts.known) == (3, 3)
    assert not take(log).counts.read
    copy = write_lines(tmp_path / "copy.jsonl", same)
    assert take(copy).counts.new == 0


def test_one_record_twice_in_a_batch_is_one(take: Import, tmp_path: Path) -> None:
    log = write_lines(tmp_path / "l.jsonl", [litellm_call(0), litellm_call(0)])

    counts = take(log).counts
    assert (counts.new, counts.known) == (1, 1)


def test_an_id_of_another_text_is_refused_with_its_row(take: Import, tmp_path: Path) -> None:
    log = write_lines(tmp_path / "a.jsonl", [litellm_call(0)])
    take(log)
    other = write_lines(tmp_path / "b.jsonl", [litellm_call(0, response="Something else.")])

    report = take(other)
    assert (report.counts.known, report.counts.rejected) == (0, 1)
    assert report.rejects is not None
    assert "Something else." in report.rejects.read_text(encoding="utf-8-sig")


def test_what_was_missing_and_feedback_come_in_later(take: Import, tmp_path: Path) -> None:
    redacted = litellm_call(0, status=BLOCKED, response="redacted-by-litellm")
    take(write_lines(tmp_path / "a.jsonl", [redacted]))
    assert take.rows("missing, text") == [("redacted", None)]

    later = litellm_call(0, status=BLOCKED, feedback="false_positive")
    counts = take(write_lines(tmp_path / "b.jsonl", [later])).counts

    assert (counts.known, counts.learned) == (1, 1)
    assert take.rows("missing, text, feedback") == [(None, "Answer 0.", "wrong")]
    assert take(write_lines(tmp_path / "c.jsonl", [later, later])).counts.learned == 0


def test_a_conversation_that_is_logged_with_each_turn_is_not_doubled(
    take: Import, tmp_path: Path
) -> None:
    rows = [chat_line(0, turns=turns, flagged=turns == 1) for turns in (1, 2, 3)]
    take(write_lines(tmp_path / "l.jsonl", rows), layout="chat")

    assert take.rows("text, verdict") == [
        ("Answer 0.0", "flagged"), ("Answer 0.1", "passed"), ("Answer 0.2", "passed")
    ]  # fmt: skip


def test_a_log_that_another_took_the_place_of_is_read_anew(take: Import, tmp_path: Path) -> None:
    log = write_lines(tmp_path / "l.jsonl", [litellm_call(n) for n in range(4)])
    take(log)
    write_lines(log, [litellm_call(n) for n in range(10, 13)])

    report = take(log)
    assert (report.lines_before, report.counts.new) == (0, 3)


def test_objects_over_several_lines_and_lists_come_in_and_grow(
    take: Import, tmp_path: Path
) -> None:
    def write(rows: Sequence[Row]) -> Path:
        log = tmp_path / "l.json"
        log.write_text("\n".join(json.dumps(row, indent=2) for row in rows) + "\n")
        return log

    assert take(write([litellm_call(n) for n in range(3)])).counts.new == 3
    report = take(write([litellm_call(n) for n in range(5)]))
    assert (report.counts.read, report.counts.new) == (2, 2)
    listed = tmp_path / "list.json"
    listed.write_text(json.dumps([litellm_call(n) for n in range(6)], indent=2))
    assert take(listed).counts.new == 1


def test_a_table_of_conversations_comes_in_turn_by_turn_and_once(
    take: Import, tmp_path: Path
) -> None:
    path = tmp_path / "wildchat.parquet"
    pl.DataFrame([wildchat_row(number) for number in range(3)]).write_parquet(path)

    report = take(path, layout="wildchat")

    assert (report.counts.new, report.counts.flagged) == (6, 3)
    assert not take(path, layout="wildchat").counts.read


def test_a_packed_log_is_read_whole_where_its_import_was_killed(
    take: Import, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = "".join(json.dumps(litellm_call(number)) + "\n" for number in range(7))
    log = tmp_path / "l.jsonl.gz"
    log.write_bytes(gzip.compress(lines.encode()))
    batches = iter([take_in_records])

    def until_killed(*arguments: object) -> int:
        call = next(batches, None)
        if call is None:
            raise KeyboardInterrupt
        return call(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(log_intake, "take_in_records", until_killed)
    with pytest.raises(KeyboardInterrupt):
        take(log)
    monkeypatch.setattr(log_intake, "take_in_records", take_in_records)

    counts = take(log).counts
    assert (counts.new, counts.known) == (5, 2)
    assert not take(log).counts.read


def test_an_import_beside_another_of_the_same_log_doubles_nothing(
    take: Import, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = write_lines(tmp_path / "l.jsonl", [litellm_call(n) for n in range(4)])
    other = write_lines(tmp_path / "m.jsonl", [litellm_call(n) for n in range(4)])

    def after_another(*arguments: object) -> int:
        monkeypatch.setattr(log_intake, "take_in_records", take_in_records)
        take(other)
        return take_in_records(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(log_intake, "take_in_records", after_another)

    counts = take(log).counts
    assert (counts.new, counts.known) == (0, 4)
    assert len(take.rows("text")) == 4


def test_a_pair_has_the_context_that_its_side_was_said_in(tmp_path: Path) -> None:
    workspace = make_pair_workspace(tmp_path / "pairs")
    rows = [
        litellm_call(0, mode="pre_call"),
        litellm_call(1, mode="post_call"),
        litellm_call(2, mode="pre_call", messages=[{"role": "user", "content": "Alone?"}]),
    ]
    log = write_lines(tmp_path / "l.jsonl", rows)
    with workspace.database() as database:
        take = Import(workspace, database)
        report = take(log)
        assert take.rows("text, context, prompt") == [
            ("Answer 1.", "Question 1?", "Question 1?"),
            ("Question 0?", "You answer readers of a magazine.", None),
        ]
    assert list(report.counts.reasons) == [
        "the task's samples are pairs, and no system prompt comes before the user's text"
    ]


def test_a_dataset_that_was_renamed_knows_its_records_still(take: Import, tmp_path: Path) -> None:
    log = write_lines(tmp_path / "l.jsonl", [litellm_call(n) for n in range(3)])
    take(log)
    rename_dataset(take.database, "live", "old")
    options = LogOptions("old", "litellm")
    copy = write_lines(tmp_path / "c.jsonl", [litellm_call(n) for n in range(1, 4)])

    (report,) = import_logs(take.workspace, take.database, [copy], options)
    assert (report.counts.new, report.counts.known) == (1, 2)
    assert take(log).counts.new == 3
    assert len(take.rows("record_id")) == 7
