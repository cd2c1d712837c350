from pathlib import Path

import polars as pl
import pytest
from datasets import Dataset

from store.errors import ImportRefused
from store.readers import read_file
from store.rows import FileRows, Record, Rejected


def write(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def texts(rows: FileRows) -> list[object]:
    return [row.values["text"] for row in rows.read() if isinstance(row, Record)]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("rows.csv", "text,label\na,0\n"),
        ("ROWS.CSV", "text,label\na,0\n"),
        ("rows.tsv", "text\tlabel\na\t0\n"),
        ("rows.jsonl", '{"text": "a"}\n'),
        ("rows.ndjson", '{"text": "a"}\n'),
        ("rows.json", '[{"text": "a"}]'),
        ("rows.txt", "a\n"),
        ("rows", "text,label\na,0\n"),
        ("rows.data", "text\tlabel\na\t0\n"),
        ("rows.log", '\n {"text": "a"}\n{"text": 1'),
        ("rows.1", '[{"text": "a"}]'),
        ("rows.2", '{\n"rows": [{"text": "a"}]}'),
        ("rows.3", "text,label\na,0\n".encode("utf-16")),
    ],
)
def test_a_format_is_known_by_suffix_or_else_by_content(
    tmp_path: Path, name: str, content: str | bytes
) -> None:
    assert texts(read_file(write(tmp_path, name, content))) == ["a"]


@pytest.mark.parametrize("name", ["rows.parquet", "rows"])
def test_parquet_is_known_by_suffix_or_content(tmp_path: Path, name: str) -> None:
    pl.DataFrame({"text": ["a"]}).write_parquet(tmp_path / name)
    assert texts(read_file(tmp_path / name)) == ["a"]


def test_a_dataset_folder_is_read_with_the_columns_that_the_person_named(tmp_path: Path) -> None:
    Dataset.from_dict({"text": ["a"], "gold": [1], "other": [2]}).save_to_disk(tmp_path / "saved")
    assert list(read_file(tmp_path / "saved", ["gold"]).read()) == [
        Record(1, {"text": "a", "gold": "1"})
    ]


def test_plain_text_is_one_text_a_line_as_it_stands(tmp_path: Path) -> None:
    rows = read_file(write(tmp_path, "a.txt", '\ufeff "a", b \r\n\n\t\nc\u2028d\x85e'))
    assert rows.columns == ("text",)
    assert list(rows.read()) == [
        Record(1, {"text": ' "a", b '}),
        Record(4, {"text": "c\u2028d\x85e"}),
    ]


def test_the_columns_that_the_person_named_reach_the_reader_of_tables(tmp_path: Path) -> None:
    rows = read_file(write(tmp_path, "a.csv", "7,Allow it.\n8,Why?\n"), ["2"])
    assert rows.columns == ("1", "2")


def test_a_broken_row_of_a_tab_separated_file_is_rejected(tmp_path: Path) -> None:
    rows = read_file(write(tmp_path, "a.tsv", "text\tlabel\na, b\t0\nc\n"))
    assert [row.line for row in rows.read() if isinstance(row, Rejected)] == [3]


@pytest.mark.parametrize("name", ["a.csv", "a.jsonl", "a.parquet", "a.txt", "a"])
def test_an_empty_file_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(ImportRefused, match="is empty"):
        read_file(write(tmp_path, name, ""))


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ImportRefused, match=r"gone\.csv does not exist"):
        read_file(tmp_path / "gone.csv")


def test_a_file_behind_a_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ImportRefused, match="Not a directory"):
        read_file(write(tmp_path, "a.csv", "x") / "b.csv")


def test_a_folder_that_is_no_dataset_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ImportRefused, match="is a folder"):
        read_file(tmp_path)


@pytest.mark.parametrize(
    "content", [b"PK\x03\x04\x14\0\0\0", b"\x1f\x8b\x08\0\0\0\0\0", b"Some prose, of\none line\n"]
)
def test_an_unknown_format_is_refused_with_those_that_are_known(
    tmp_path: Path, content: bytes
) -> None:
    with pytest.raises(ImportRefused, match=r"no known format\. Backquery reads CSV, TSV, JSONL"):
        read_file(write(tmp_path, "a.bin", content))
