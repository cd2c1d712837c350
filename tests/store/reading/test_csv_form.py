import csv
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.errors import ImportRefused
from store.reading.csv_form import is_delimited, open_delimited
from store.reading.rows import Cell, FileRows, Record, Rejected

TAB = ("\t",)


def table(
    folder: Path, content: str, named: Sequence[str] = (), delimiters: Sequence[str] | None = None
) -> FileRows:
    path = folder / "table.csv"
    path.write_bytes(content.encode())
    return open_delimited(path, named, delimiters) if delimiters else open_delimited(path, named)


def column(rows: FileRows, name: str) -> list[Cell]:
    return [row.values[name] for row in rows.read() if isinstance(row, Record)]


def rejected(rows: FileRows) -> list[int]:
    return [row.line for row in rows.read() if isinstance(row, Rejected)]


def test_a_plain_csv_needs_no_remark(tmp_path: Path) -> None:
    rows = table(tmp_path, 'id,text\r\n1,"He said ""go"", and\nwent."\r\n')
    assert rows.columns == ("id", "text")
    assert list(rows.read()) == [Record(2, {"id": "1", "text": 'He said "go", and\nwent.'})]
    assert rows.remarks == ()


def test_rows_can_be_read_again(tmp_path: Path) -> None:
    rows = table(tmp_path, "text,label\na,0\n")
    assert list(rows.read()) == list(rows.read())


def test_broken_rows_are_rejected_and_the_others_come_in(tmp_path: Path) -> None:
    rows = table(tmp_path, 'text,label\na,0\n"open,0\nb,1,2\nc,1\n')
    assert column(rows, "text") == ["a", "c"]
    assert rejected(rows) == [3, 4]


@pytest.mark.parametrize("delimiter", [";", "|", "\t"])
def test_another_delimiter_is_found_and_said(tmp_path: Path, delimiter: str) -> None:
    rows = table(tmp_path, f"text{delimiter}label\nwell, then{delimiter}0\n")
    assert column(rows, "text") == ["well, then"]
    assert rows.remarks == (f"table.csv: read with {delimiter!r} between the columns.",)


def test_ragged_rows_do_not_make_another_delimiter_look_better(tmp_path: Path) -> None:
    rows = table(tmp_path, "text,label\na,b,0\nc,d,0\ne,1\n")
    assert rows.columns == ("text", "label")
    assert rejected(rows) == [2, 3]


def test_a_delimiter_within_the_header_yields_to_the_one_that_fits_the_rows(
    tmp_path: Path,
) -> None:
    rows = table(tmp_path, "id;text, raw;label\n1;a;0\n2;b, c;1\n")
    assert rows.columns == ("id", "text, raw", "label")


def test_a_delimiter_under_which_the_first_row_is_broken_loses(tmp_path: Path) -> None:
    assert table(tmp_path, '"a|b",c\n1,2\n3\n4\n').columns == ("a|b", "c")


def test_named_columns_decide_between_delimiters(tmp_path: Path) -> None:
    rows = table(tmp_path, "a,b;text\n1,2;x\n", named=["text"])
    assert rows.columns == ("a,b", "text")


def test_commas_belong_to_the_texts_of_a_file_with_one_column(tmp_path: Path) -> None:
    rows = table(tmp_path, 'text\nfirst, second\n"third, fourth"\nfifth; sixth\n')
    assert column(rows, "text") == ["first, second", "third, fourth", "fifth; sixth"]


def test_tab_separated_rows_with_balanced_quotes_are_unquoted(tmp_path: Path) -> None:
    rows = table(tmp_path, 'id\ttext\n1\t"She said "" go "" ."\n2\tplain\n', delimiters=TAB)
    assert column(rows, "text") == ['She said " go " .', "plain"]
    assert rows.remarks == ()


@pytest.mark.parametrize("text", ['"Hi', '"Hi," she said.', 'a "word" here', '"'])
def test_tab_separated_rows_with_bare_quotes_keep_them(tmp_path: Path, text: str) -> None:
    rows = table(tmp_path, f"text\tid\n{text}\t1\nplain\t2\n", delimiters=TAB)
    assert column(rows, "text") == [text, "plain"]
    assert rows.remarks == (
        "table.csv: read without quoting: quotation marks are part of the texts.",
    )


def test_a_quoted_text_among_bare_quotes_keeps_its_quotes(tmp_path: Path) -> None:
    content = 'id\ttext\n1\t"Hello."\n2\tHe said "go".\n3\tThe "best" one.\n'
    rows = table(tmp_path, content, delimiters=TAB)
    assert column(rows, "text") == ['"Hello."', 'He said "go".', 'The "best" one.']


def test_one_broken_quote_among_quoted_fields_is_rejected_alone(tmp_path: Path) -> None:
    content = 'id\ttext\n1\t"a "" b"\n2\t"open\n3\t"c "" d"\n4\t"two\nlines"\n'
    rows = table(tmp_path, content, delimiters=TAB)
    assert column(rows, "text") == ['a " b', 'c " d', "two\nlines"]
    assert rejected(rows) == [3]


def test_a_tab_separated_file_without_header_may_start_with_a_bare_quote(tmp_path: Path) -> None:
    rows = table(tmp_path, '"Hi," she said.\t1\nplain\t0\n', ["1", "2"], delimiters=TAB)
    assert column(rows, "1") == ['"Hi," she said.', "plain"]


def test_columns_named_by_number_mean_that_there_is_no_header(tmp_path: Path) -> None:
    rows = table(tmp_path, "663_3,Allow it.,1\n663_4,Why not?,0\n", named=["2", "3"])
    assert rows.columns == ("1", "2", "3")
    assert column(rows, "2") == ["Allow it.", "Why not?"]
    assert rows.remarks == ("table.csv: read without a header; columns are named by position.",)


def test_a_first_row_of_several_lines_is_one_row(tmp_path: Path) -> None:
    rows = table(tmp_path, '"Allow it.\nPlease.",1\n"Why not?",0\n', named=["1", "2"])
    assert column(rows, "1") == ["Allow it.\nPlease.", "Why not?"]


def test_a_number_among_the_data_of_the_first_row_is_no_header(tmp_path: Path) -> None:
    for first in ("3,Allow it.,1", "3,Allow it.,2"):
        rows = table(tmp_path, f"{first}\n4,Why not?,0\n", named=["2", "3"])
        assert column(rows, "2") == ["Allow it.", "Why not?"]


def test_columns_that_are_called_by_numbers_are_a_header(tmp_path: Path) -> None:
    rows = table(tmp_path, "0,1\nAllow it.,1\n", named=["0", "1"])
    assert column(rows, "0") == ["Allow it."]


def test_a_plain_header_is_left_out_when_columns_are_named_by_number(tmp_path: Path) -> None:
    rows = table(tmp_path, "id,sentence,label\nx1,Allow it.,1\nx2,Why not?,\n", named=["2"])
    assert column(rows, "2") == ["Allow it.", "Why not?"]
    assert rows.remarks == (
        "table.csv: the first row (id, sentence, label) is a header and was left out.",
    )


def test_a_first_row_with_a_gap_is_no_header(tmp_path: Path) -> None:
    rows = table(tmp_path, "Great,NaN\nAllow it.,1\n", named=["1", "2"])
    assert column(rows, "1") == ["Great", "Allow it."]


def test_names_are_stripped_and_empty_ones_are_positions(tmp_path: Path) -> None:
    assert table(tmp_path, ", text , label\n0,a,1\n").columns == ("1", "text", "label")


def test_a_name_that_comes_twice_loses_no_column(tmp_path: Path) -> None:
    rows = table(tmp_path, "a,a_3,a\nx,y,z\n")
    assert rows.columns == ("a", "a_3", "a_3_3")
    assert rows.remarks == ("table.csv: columns whose name came before are called a_3_3.",)


@pytest.mark.parametrize("first", ["sep=;", '"sep=;"', "SEP=;", "\ufeffsep=;"])
def test_a_line_that_names_the_separator_is_no_row(tmp_path: Path, first: str) -> None:
    rows = table(tmp_path, f"{first}\r\ntext;label\r\na, b;0\r\n")
    assert list(rows.read()) == [Record(3, {"text": "a, b", "label": "0"})]


def test_a_very_long_field_without_quotes_takes_no_longer_than_its_length(tmp_path: Path) -> None:
    rows = table(tmp_path, f"text\n{'x' * (1 << 21)}\nok\n")
    assert column(rows, "text") == ["ok"]
    assert rejected(rows) == [2]


@pytest.mark.parametrize("content", ["\n\n", "\ufeff"])
def test_a_file_without_rows_is_refused(tmp_path: Path, content: str) -> None:
    with pytest.raises(ImportRefused, match="is empty"):
        table(tmp_path, content)


def test_a_broken_first_row_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ImportRefused, match="the first row cannot be read: a quote is opened"):
        table(tmp_path, '"text,label\na,0\n')


def test_prose_with_commas_is_not_delimited(tmp_path: Path) -> None:
    path = tmp_path / "notes"
    path.write_text("Well, this is prose.\nIt has lines.\n")
    assert not is_delimited(path)


# NUL and lone surrogates are rejected row by row, so they cannot come back.
TEXTS = st.text(
    st.sampled_from('"",;|\t\r\n a') | st.characters(codec="utf-8", exclude_characters="\0")
)
QUOTINGS: st.SearchStrategy[Literal[0, 1, 2]] = st.sampled_from(
    [csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC]
)
ROWS = st.integers(1, 4).flatmap(
    lambda width: st.lists(st.lists(TEXTS, min_size=width, max_size=width))
)


@settings(deadline=None)
@given(
    rows=ROWS,
    delimiter=st.sampled_from(",;|\t"),
    quoting=QUOTINGS,
    line_end=st.sampled_from(["\r\n", "\n", "\r"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    knows_names=st.booleans(),
)
def test_any_texts_that_the_csv_module_writes_come_back_the_same(
    rows: list[list[str]],
    delimiter: str,
    quoting: Literal[0, 1, 2],
    line_end: str,
    encoding: str,
    knows_names: bool,
) -> None:
    if quoting == csv.QUOTE_MINIMAL and line_end != "\r\n":
        # The writer of Python 3.11 leaves the other line end unquoted: that is no CSV.
        rows = [[cell.replace("\r", " ").replace("\n", " ") for cell in row] for row in rows]
    names = ["text", "label", "id", "topic"][: len(rows[0]) if rows else 2]
    with TemporaryDirectory() as folder:
        path = Path(folder) / "table.csv"
        with path.open("w", encoding=encoding, newline="") as file:
            writer = csv.writer(file, delimiter=delimiter, quoting=quoting, lineterminator=line_end)
            writer.writerow(names)
            writer.writerows(rows)
        found = open_delimited(path, names if knows_names else ())
        records = list(found.read())
    assert found.columns == tuple(names)
    assert [list(row.values.values()) for row in records if isinstance(row, Record)] == rows
    assert not any(isinstance(row, Rejected) for row in records)
