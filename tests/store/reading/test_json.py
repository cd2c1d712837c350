from pathlib import Path

import pytest

from store.errors import ImportRefused
from store.reading.json import open_json, open_json_lines
from store.reading.rows import FileRows, Record, Rejected


def lines(folder: Path, content: str) -> FileRows:
    path = folder / "rows.jsonl"
    path.write_bytes(content.encode())
    return open_json_lines(path)


def document(folder: Path, content: str) -> FileRows:
    path = folder / "rows.json"
    path.write_bytes(content.encode())
    return open_json(path)


def test_each_line_is_a_row_and_blank_lines_are_none(tmp_path: Path) -> None:
    rows = lines(tmp_path, '{"text": "a"}\r\n\n{"text": "b", "label": "x"}')
    assert rows.columns == ("text", "label")
    assert list(rows.read()) == [Record(1, {"text": "a"}), Record(3, {"text": "b", "label": "x"})]


def test_a_broken_line_is_rejected_with_the_error_of_the_parser(tmp_path: Path) -> None:
    rows = lines(tmp_path, '{"text": "a"}\n{"text" "b"}\n{"text": "c"}\n')
    broken = list(rows.read())[1]
    assert isinstance(broken, Rejected)
    assert (broken.line, broken.raw) == (2, '{"text" "b"}')
    assert broken.reason == "not JSON: Expecting ':' delimiter at column 9"


@pytest.mark.parametrize("line", ["[1, 2]", '"text"', "3", "null"])
def test_a_line_that_is_no_object_is_rejected(tmp_path: Path, line: str) -> None:
    rows = lines(tmp_path, line + '\n{"text": "a"}\n')
    assert next(rows.read()) == Rejected(1, "not a JSON object", line)


def test_a_line_nested_too_deeply_is_rejected_and_stops_nothing(tmp_path: Path) -> None:
    deep = '{"text": ' + "[" * 100_000 + "\n"
    rejected, record = lines(tmp_path, deep + '{"text": "a"}\n').read()
    assert isinstance(rejected, Rejected)
    assert rejected.reason == "not JSON: nested too deeply"
    assert record == Record(2, {"text": "a"})


@pytest.mark.parametrize(
    ("written", "cell"),
    [
        ("1", "1"),
        ("1.0", "1.0"),
        ("1.10e3", "1.10e3"),
        ("9" * 5000, "9" * 5000),
        ("true", "true"),
        ("null", None),
        ("NaN", None),
        ("-Infinity", "-Infinity"),
        ("[1]", ["1"]),
        (r'"\ud83d\ude00"', "😀"),
    ],
)
def test_values_keep_the_text_of_the_file(tmp_path: Path, written: str, cell: object) -> None:
    assert list(lines(tmp_path, f'{{"text": {written}}}').read()) == [Record(1, {"text": cell})]  # type: ignore[dict-item]


def test_separators_of_unicode_within_a_text_end_no_line(tmp_path: Path) -> None:
    rows = lines(tmp_path, '{"text": "a\u2028b\x85c"}\n')
    assert list(rows.read()) == [Record(1, {"text": "a\u2028b\x85c"})]


def test_a_carriage_return_between_values_ends_no_line(tmp_path: Path) -> None:
    assert list(lines(tmp_path, '{"text":\r"a"}\n').read()) == [Record(1, {"text": "a"})]


def test_a_column_that_only_a_late_row_has_is_known(tmp_path: Path) -> None:
    assert lines(tmp_path, '{"text": "a"}\n' * 2000 + '{"label": "x"}').columns[1] == "label"


def test_a_list_of_objects_is_read_by_position(tmp_path: Path) -> None:
    rows = document(tmp_path, '[\n {"text": "a"},\n 3,\n {"label": 1}\n]')
    assert rows.columns == ("text", "label")
    assert list(rows.read()) == [
        Record(1, {"text": "a"}),
        Rejected(2, "not a JSON object", '"3"'),
        Record(3, {"label": "1"}),
    ]


def test_one_list_of_objects_within_an_object_is_found(tmp_path: Path) -> None:
    rows = document(tmp_path, '{"version": 1, "tags": ["x"], "data": [{"text": "a"}]}')
    assert list(rows.read()) == [Record(1, {"text": "a"})]


@pytest.mark.parametrize(
    ("content", "held"),
    [
        ('{"a": [{"text": "x"}], "b": [{"text": "y"}]}', r"2 such lists \(a, b\)"),
        ('{"text": "a"}', "no such list"),
        ("3", "no such list"),
    ],
)
def test_an_object_without_exactly_one_list_is_refused(
    tmp_path: Path, content: str, held: str
) -> None:
    with pytest.raises(ImportRefused, match=f"it holds {held}"):
        document(tmp_path, content)


def test_json_lines_under_the_name_of_json_are_read_and_said(tmp_path: Path) -> None:
    rows = document(tmp_path, '{"text": "a"}\n{"text": "b"}\n')
    assert [row.line for row in rows.read()] == [1, 2]
    assert rows.remarks == ("rows.json: read as JSON lines.",)


def test_what_is_not_json_is_refused_with_the_place(tmp_path: Path) -> None:
    with pytest.raises(ImportRefused, match=r"not JSON: .* at line 2, column"):
        document(tmp_path, '[{"text": "a"},\n{"text": }]')


@pytest.mark.parametrize(
    "content",
    [
        '{"text": {"0": "a", "1": "b"}, "label": {"0": 1, "1": 2}}',
        '{"text": ["a", "b"], "label": [1, 2]}',
        '{"columns": ["text", "label"], "index": [0, 1], "data": [["a", 1], ["b", 2]]}',
        '{\n"text": "a", "label": 1}\n{\n"text": "b", "label": 2\n}',
    ],
)
def test_columns_and_objects_one_after_another_are_read_as_rows(
    tmp_path: Path, content: str
) -> None:
    assert [
        row.values for row in document(tmp_path, content).read() if isinstance(row, Record)
    ] == [
        {"text": "a", "label": "1"},
        {"text": "b", "label": "2"},
    ]


def test_the_turns_of_a_chat_are_no_rows(tmp_path: Path) -> None:
    chat = '{"messages": [{"role": "user", "content": "x"}]}'
    assert document(tmp_path, chat).columns == ("messages",)
