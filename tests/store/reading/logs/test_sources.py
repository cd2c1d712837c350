"""Rows of logs, from any place on."""

import json
from pathlib import Path

import pytest

from store.reading.logs.entries import Entry, Place
from store.reading.logs.sources import JsonLog, open_log, open_untyped

ROWS = [{"n": number, "text": "Tschüß\u2028"} for number in range(4)]


def written(path: Path, form: str) -> Path:
    match form:
        case "lines":
            text = "\n".join(json.dumps(row, ensure_ascii=False) for row in ROWS)
        case "objects":
            text = "\n".join(json.dumps(row, ensure_ascii=False, indent=2) for row in ROWS)
        case "list":
            text = json.dumps(ROWS, ensure_ascii=False, indent=1)
        case _:
            text = json.dumps(ROWS, ensure_ascii=False)
    path.write_bytes(text.encode())
    return path


@pytest.mark.parametrize("form", ["lines", "objects", "list", "list on a line"])
def test_a_log_is_read_on_from_the_end_of_any_of_its_rows(tmp_path: Path, form: str) -> None:
    log = open_log(written(tmp_path / "log.json", form))
    entries = list(log.entries(Place()))
    assert [entry.row for entry in entries] == ROWS

    for number, entry in enumerate(entries, start=1):
        rest = list(log.entries(entry.end))
        assert [item.row for item in rest] == ROWS[number:]
        assert [item.line for item in rest] == [item.line for item in entries[number:]]


def test_a_row_knows_the_line_where_it_begins(tmp_path: Path) -> None:
    log = open_log(written(tmp_path / "log.json", "objects"))

    assert [entry.line for entry in log.entries(Place())] == [1, 5, 9, 13]


@pytest.mark.parametrize("codec", ["utf-8-sig", "utf-16"])
def test_marks_of_the_byte_order_are_no_part_of_a_row(tmp_path: Path, codec: str) -> None:
    path = tmp_path / "log.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in ROWS), encoding=codec)

    assert [entry.row for entry in open_log(path).entries(Place())] == ROWS


def rows_of(log: object) -> list[Entry]:
    assert isinstance(log, JsonLog)
    return list(log.entries(Place()))


def test_what_is_no_object_is_a_row_with_a_reason(tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    path.write_bytes(b'{"a": 1}\n[1]\n\n{"a": \xff}\nnothing\n{"a": 2}\n')

    found = [(entry.line, entry.reason) for entry in rows_of(open_untyped(path)) if not entry.row]

    assert found == [
        (2, "not a JSON object"),
        (4, "contains bytes that are no character"),
        (5, "not JSON: Expecting value at column 1"),
    ]


def test_the_mark_of_a_file_that_grew_stays_and_that_of_another_differs(tmp_path: Path) -> None:
    path = written(tmp_path / "log.jsonl", "lines")
    log = open_log(path)
    *_, last = log.entries(Place())
    mark = log.mark(last.end)

    path.write_bytes(path.read_bytes() + b"\n{}\n")
    assert log.mark(last.end) == mark
    path.write_bytes(path.read_bytes().replace(b'"n": 3', b'"n": 7'))
    assert log.mark(last.end) != mark
    path.write_bytes(b"{}\n")
    assert log.mark(last.end) is None


def test_a_table_is_no_untyped_log(tmp_path: Path) -> None:
    path = tmp_path / "texts.csv"
    path.write_text("text\nRest.\n")

    assert open_untyped(path) is None
    assert [entry.row for entry in open_log(path).entries(Place())] == [{"text": "Rest."}]
