"""Decides how a CSV or TSV file is written: its delimiter, its quotes, whether it has a header.

Every decision is made on the file's own rows, and a remark tells it if it is not the obvious
one. `csv_records.py` then splits the records.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Final

from store.errors import ImportRefused
from store.reading.csv_records import Form, Split, split_records
from store.reading.encoding import Encoding, detect_encoding, read_lines
from store.reading.inputs import Input
from store.reading.rows import FileRows, Record, Rejected

COMMA_FIRST: Final = (",", ";", "|", "\t")
NO_DELIMITER: Final = "\0"  # rows with a NUL are rejected, so this never splits one

_SAMPLE_CHARACTERS: Final = 1 << 24
_SAMPLE_RECORDS: Final = 1000
_LONGEST_HEADER_NAME: Final = 40  # characters
_QUOTED_FIELD: Final = re.compile(r'(?:(?<=[\t\r\n])|\A)"(?:[^"]|"")*+"(?=[\t\r\n]|\Z)')
_FIELD_END: Final = re.compile(r"[\t\r\n]")
_NUMBER: Final = re.compile(r"\s*[-+]?(\d+([.,]\d*)?|[.,]\d+)([eE][-+]?\d+)?\s*")
_SEPARATOR_LINE: Final = re.compile(r'"?sep=(\t|[^\w\s"])"?\s*', re.IGNORECASE)  # of Excel
_MISSING: Final = frozenset(("na", "n/a", "nan", "none", "null"))


def open_delimited(
    source: Input, named: Sequence[str] = (), delimiters: Sequence[str] = COMMA_FIRST
) -> FileRows:
    """Decide how a file is written and return its rows.

    `named` are the columns that the user asked for. If all are numbers and the first row
    does not show them as names, columns are named by their position from "1"; a first row that
    is plainly a header all the same is then left out. A first line "sep=;", as Excel writes it,
    says what is between the columns and is not a row.
    """
    encoding = detect_encoding(source)
    sample = _read_sample(source, encoding)
    separator = _SEPARATOR_LINE.fullmatch(sample[0]) if sample else None
    lines_before = 1 if separator else 0
    delimiters = (separator[1],) if separator else delimiters
    form = find_form(sample[lines_before:], named, delimiters)
    rows = _split_sample(sample[lines_before:], form)
    if not rows:
        raise ImportRefused(f"{source} is empty.")
    if rows[0].fault:
        raise ImportRefused(f"{source}: the first row cannot be read: {rows[0].fault}.")
    names, rows_before_data, header_remark = _name_columns(source.name, rows, named)
    remarks = (encoding.remark, *_form_remarks(source.name, form, delimiters), header_remark)

    def read() -> Iterator[Record | Rejected]:
        lines = islice(read_lines(source, encoding, newline=""), lines_before, None)
        splits = split_records(lines, form, first_line=lines_before + 1)
        for split in islice(splits, rows_before_data, None):
            if split.fault:
                yield Rejected(split.line, split.fault, split.raw)
            else:
                yield Record(split.line, dict(zip(names, split.cells, strict=True)))

    return FileRows(source.name, names, tuple(filter(None, remarks)), read)


def is_delimited(source: Input) -> bool:
    """Say whether a file of unknown kind splits into rows of one width, wider than one."""
    sample = _read_sample(source, detect_encoding(source))
    if sample and _SEPARATOR_LINE.fullmatch(sample[0]):
        return True
    form = find_form(sample, (), COMMA_FIRST)
    rows = _split_sample(sample, form)
    return form.delimiter != NO_DELIMITER and len(rows) > 1 and not any(row.fault for row in rows)


def header_of(source: Input, named: Sequence[str]) -> tuple[str, ...]:
    """The cells of a file's first row, split as `open_delimited` would."""
    sample = _read_sample(source, detect_encoding(source))
    rows = _split_sample(sample, find_form(sample, named, COMMA_FIRST))
    return tuple(cell.strip() for cell in rows[0].cells) if rows else ()


def find_form(sample: Sequence[str], named: Sequence[str], delimiters: Sequence[str]) -> Form:
    """The form under which most of the sampled records are whole.

    Only delimiters that split the first row count, and before all others those that show
    the columns the user named. A file of one column has no delimiter: commas belong to its
    texts.
    """
    scores: dict[Form, tuple[bool, bool, float]] = {}
    for delimiter in delimiters:
        if not any(delimiter in line for line in sample[:_SAMPLE_RECORDS]):
            continue
        form = Form(delimiter, quoted=delimiter != "\t" or _is_quoted("".join(sample)))
        rows = _split_sample(sample, form)
        if rows and len(rows[0].cells) != 1:
            shows_named = set(named) <= {cell.strip() for cell in rows[0].cells}
            whole = sum(not row.fault for row in rows) / len(rows)
            scores[form] = (not rows[0].fault, shows_named, whole)
    if scores:
        return max(scores, key=scores.__getitem__)
    return Form(NO_DELIMITER, quoted=_is_quoted("".join(sample)))


def _split_sample(sample: Sequence[str], form: Form) -> list[Split]:
    return list(islice(split_records(sample, form), _SAMPLE_RECORDS))


def _read_sample(source: Input, encoding: Encoding) -> list[str]:
    sample: list[str] = []
    size = 0
    for line in read_lines(source, encoding, newline=""):
        sample.append(line)
        size += len(line)
        if size > _SAMPLE_CHARACTERS:
            break
    return sample


def _is_quoted(text: str) -> bool:
    """Say whether quotation marks stand around the fields of a tab-separated text, or in them.

    A program that quotes leaves no field with a bare quotation mark, so each of those speaks
    against it and each well-formed quoted field for it.
    """
    rest, quoted_fields = _QUOTED_FIELD.subn("", text)
    return quoted_fields >= sum('"' in field for field in _FIELD_END.split(rest))


def _form_remarks(file: str, form: Form, delimiters: Sequence[str]) -> Iterator[str]:
    if not form.quoted:
        yield f"{file}: read without quoting: quotation marks are part of the texts."
    if form.delimiter not in (delimiters[0], NO_DELIMITER):
        yield f"{file}: read with {form.delimiter!r} between the columns."


def _name_columns(
    file: str, rows: Sequence[Split], named: Sequence[str]
) -> tuple[tuple[str, ...], int, str | None]:
    """The columns' names, how many rows stand before the data, and a remark or None."""
    first = [cell.strip() for cell in rows[0].cells]
    positions = tuple(str(position) for position in range(1, len(first) + 1))
    numbered = bool(named) and all(name.isdecimal() for name in named)
    shows_numbers = set(named) <= set(first) and not any(" " in cell for cell in first)
    if numbered and not shows_numbers:
        if _is_header(first, rows[1:]):
            header = ", ".join(first)
            return positions, 1, f"{file}: the first row ({header}) is a header and was left out."
        return positions, 0, f"{file}: read without a header; columns are named by position."
    names: list[str] = []
    for cell, position in zip(first, positions, strict=True):
        name = cell or position
        while name in names:
            name = f"{name}_{position}"
        names.append(name)
    renamed = [name for name, cell in zip(names, first, strict=True) if cell and name != cell]
    remark = f"{file}: columns whose name came before are called {', '.join(renamed)}."
    return tuple(names), 1, remark if renamed else None


def _is_header(first: Sequence[str], rows: Sequence[Split]) -> bool:
    """Say whether a first row names the columns: short names, one of them over numbers only."""
    named_shortly = all(
        cell[:1].isalpha() and len(cell) <= _LONGEST_HEADER_NAME and cell.lower() not in _MISSING
        for cell in first
    )
    data = [row.cells for row in rows if not row.fault]
    return named_shortly and any(_is_numeric(column) for column in zip(*data, strict=True))


def _is_numeric(column: Sequence[str]) -> bool:
    filled = [cell for cell in column if cell.strip()]
    return bool(filled) and all(_NUMBER.fullmatch(cell) for cell in filled)
