import gzip
from pathlib import Path

import polars as pl
import pytest
from datasets import Dataset

from store.errors import ImportRefused
from store.reading.files import read_file
from store.reading.rows import FileRows, Record, Rejected


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


CSV = "text,label\na,0\n"
LINES = '{"text": "a", "label": "0"}\n'


@pytest.mark.parametrize(
    ("name", "content", "remark"),
    [
        ("rows.json", CSV, "rows.json: read as a table."),
        ("rows.jsonl", CSV, "rows.jsonl: read as a table."),
        ("rows.parquet", CSV, "rows.parquet: read as a table."),
        ("rows.txt", CSV, "rows.txt: read as a table."),
        ("rows.txt", LINES, "rows.txt: read as JSON lines."),
        ("rows.csv", LINES, "rows.csv: read as JSON lines."),
        ("rows.json", LINES * 2, "rows.json: read as JSON lines."),
        ("rows.jsonl", f"[\n{LINES}]", "rows.jsonl: read as JSON."),
        ("rows.jsonl", f"[{LINES}]", "rows.jsonl: read as JSON."),
        ("rows.jsonl", '{"data": [' + LINES + "]}", "rows.jsonl: read as JSON."),
        ("rows.jsonl", '{\n"text":\n"a"}\n{\n"text": "b"}', "rows.jsonl: read as JSON."),
        ("rows.jsonl", b"\xef\xbb\xbf" + LINES.encode(), None),
        ("rows.jsonl", LINES.encode("utf-16"), None),
        ("rows.csv", CSV.encode("utf-32"), None),
        ("rows.csv", "sep=;\n" + CSV.replace(",", ";"), None),
        ("rows.csv.gz", gzip.compress(CSV.encode(), mtime=0), None),
        ("rows.txt", "1,a\n", None),
    ],
)
def test_what_a_file_is_shows_inside_and_is_said_where_its_name_says_otherwise(
    tmp_path: Path, name: str, content: str | bytes, remark: str | None
) -> None:
    rows = read_file(write(tmp_path, name, content))
    assert texts(rows)[0] in ("a", "1,a")
    assert "text" in rows.columns
    if remark:
        assert remark in rows.remarks


@pytest.mark.parametrize("name", ["rows.jsonl", "rows.json"])
@pytest.mark.parametrize("content", ["\n\n", "{}", "[]", "null", '"a"\n"b"\n', '["a"]\n["b"]\n'])
def test_json_without_a_key_has_no_columns_and_is_refused(
    tmp_path: Path, name: str, content: str
) -> None:
    with pytest.raises(
        ImportRefused, match=f"{name} .*(holds no JSON object|is not JSON|must hold)"
    ):
        read_file(write(tmp_path, name, content))


def test_shards_in_a_folder_are_one_file(tmp_path: Path) -> None:
    for number in range(2):
        pl.DataFrame({"text": [f"a{number}"]}).write_parquet(tmp_path / f"{number}.parquet")
    (tmp_path / "README.md").write_text("Two shards.")
    assert list(read_file(tmp_path).read()) == [
        Record(1, {"text": "a0"}),
        Record(2, {"text": "a1"}),
    ]


def test_a_folder_of_other_files_is_refused_with_their_names(tmp_path: Path) -> None:
    write(tmp_path, "a.csv", CSV)
    with pytest.raises(ImportRefused, match=r"It holds a\.csv: name the files instead"):
        read_file(tmp_path)


def test_parquet_in_a_packed_file_is_refused_with_the_way_out(tmp_path: Path) -> None:
    pl.DataFrame({"text": ["a"]}).write_parquet(tmp_path / "rows.parquet")
    packed = gzip.compress((tmp_path / "rows.parquet").read_bytes())
    with pytest.raises(ImportRefused, match="Unpack it"):
        read_file(write(tmp_path, "rows.parquet.gz", packed))


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


@pytest.mark.parametrize("content", [b"Some prose, of\none line\n", b"key: value\n"])
def test_an_unknown_format_is_refused_with_those_that_are_known(
    tmp_path: Path, content: bytes
) -> None:
    with pytest.raises(ImportRefused, match=r"no known format\. Backquery reads CSV, TSV, JSONL"):
        read_file(write(tmp_path, "a.bin", content))
