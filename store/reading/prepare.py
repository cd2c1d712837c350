"""Turns the rows of files into samples: columns, labels, ids, and what is rejected and why.

Nothing is written to the database here, and a text is kept exactly as the file has it.
"""

import difflib
import json
import shlex
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

import polars as pl

from store.counting import counted
from store.errors import ImportRefused
from store.reading.cells import RowRefused, label_of, text_of, usable
from store.reading.chats import CHAT_COLUMNS, Speaker
from store.reading.files import TEXT
from store.reading.rejects import REJECTS
from store.reading.rows import Cell, FileRows, Record, Rejected
from store.schema import row_id, text_digest

Role = Literal["seed", "train", "benchmark", "production"]

PREPARED: Final[Mapping[str, pl.DataType]] = {
    "sample_id": pl.String(),
    "dataset": pl.String(),
    "text": pl.String(),
    "text_hash": pl.String(),
    "label": pl.String(),
    "external_id": pl.String(),
    "group_key": pl.String(),
    "source": pl.String(),  # name of the file
    "line": pl.Int64(),
}
_LONGEST_SHOWN_NAME: Final = 40  # characters; the "name" may be a text of a file without header
_LABEL_NAMES: Final = frozenset(("label", "labels", "class", "category", "target"))


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """How the person wants files to be read.

    `label_map` leads from what stands in the label column to a label of the task; a value
    that it lacks must be such a label itself. Columns that are None are not used, except the
    text column, which is then `text`, or where there is none, a column of chats. `turn` is whose
    last turn of a chat is the text, without it the assistant's.
    """

    dataset: str
    roles: tuple[Role, ...]
    text_column: str | None = None
    label_column: str | None = None
    label_map: Mapping[str, str] = field(default_factory=dict)
    label_for_all: str | None = None
    id_column: str | None = None
    group_column: str | None = None
    turn: Speaker | None = None

    @property
    def named_columns(self) -> tuple[str, ...]:
        """The columns the person named, for `read_file`."""
        columns = (self.text_column, self.label_column, self.id_column, self.group_column)
        return tuple(column for column in columns if column is not None)


@dataclass(frozen=True, slots=True)
class FileCounts:
    """What became of a file's rows: `read` = `taken` + `rejected`.

    `duplicates` are taken rows whose exact text came before in this import, in any file.
    """

    file: str
    read: int
    taken: int
    rejected: int
    duplicates: int


@dataclass(frozen=True, slots=True)
class PreparedImport:
    """An import that is ready for the database: `samples` as PREPARED, `rejects` as REJECTS."""

    samples: pl.DataFrame
    rejects: pl.DataFrame
    counts: tuple[FileCounts, ...]
    remarks: tuple[str, ...]


def prepare(
    files: Iterable[FileRows],
    options: ImportOptions,
    known_labels: Sequence[str],
) -> PreparedImport:
    """Read files into samples, in their order; `known_labels` are the task's.

    Equal rows of one import are told apart by their occurrence; the same rows in a later import
    have the same ids, so a file that grew brings only what is new. Raises ImportRefused before
    any row is read where options contradict each other or a column is missing, and where a file
    holds no rows.
    """
    _check_labels(options, known_labels)
    files = tuple(files)
    for file in files:
        _check_columns(file, options)
    samples = _Samples(options, known_labels)
    counts = tuple(samples.take(file) for file in files)
    return PreparedImport(
        pl.DataFrame(samples.rows, PREPARED, orient="row"),
        pl.DataFrame(samples.rejects, REJECTS, orient="row"),
        counts,
        (
            *(remark for file in files for remark in file.remarks),
            *(remark for file in files for remark in _file_remarks(file, options)),
            *samples.remarks(),
        ),
    )


class _Samples:
    """Collects the samples of one import, file by file."""

    def __init__(
        self,
        options: ImportOptions,
        known_labels: Sequence[str],
    ) -> None:
        self.rows: list[tuple[object, ...]] = []
        self.rejects: list[tuple[str, int, str, str]] = []
        self._options = options
        self._known_labels = tuple(known_labels)
        self._label_map = {raw.strip(): label for raw, label in options.label_map.items()}
        self._raw_labels: set[str] = set()
        self._occurrences: Counter[tuple[str, str | None]] = Counter()
        self._texts: set[str] = set()  # hashes
        self._bare_texts: set[str] = set()  # the same without spaces and quotes around

    def take(self, file: FileRows) -> FileCounts:
        taken_before, rejected_before, duplicates = len(self.rows), len(self.rejects), 0
        name = _encodable(file.name)
        for row in file.read():
            if isinstance(row, Rejected):
                self._reject(name, row.line, row.reason, row.raw)
                continue
            try:
                duplicates += self._take_row(file, name, row)
            except RowRefused as error:
                self._reject(name, row.line, str(error), _as_json(row.values))
        taken = len(self.rows) - taken_before
        rejected = len(self.rejects) - rejected_before
        if not taken + rejected:
            raise ImportRefused(f"{name} holds no rows.")
        return FileCounts(name, taken + rejected, taken, rejected, duplicates)

    def remarks(self) -> Iterator[str]:
        """Say which keys of the label map stood in no row, and which texts hardly differ."""
        for raw, label in self._label_map.items():
            if raw not in self._raw_labels:
                yield f"--map {shlex.quote(f'{raw}={label}')}: no row has the label '{raw}'."
        if alike := len(self._texts) - len(self._bare_texts):
            yield (
                f"Repeated but for spaces and quotation marks around it: {counted(alike, 'text')}."
            )

    def _take_row(self, file: FileRows, source: str, row: Record) -> bool:
        """Add a row's sample; return whether its text came before in this import."""
        options = self._options
        text = text_of(row, text_column(file, options), options.turn)
        label = self._label(file, row)
        external_id, group_key = (
            (usable(row, column) or None) if column else None
            for column in (options.id_column, options.group_column)
        )
        text_hash = text_digest(text)
        occurrence = self._occurrences[text_hash, label]
        self._occurrences[text_hash, label] += 1
        sample_id = row_id("sample", options.dataset, text, label, occurrence)
        key = (sample_id, options.dataset, text, text_hash, label)
        self.rows.append((*key, external_id, group_key, source, row.line))
        is_duplicate = text_hash in self._texts
        self._texts.add(text_hash)
        bare_text = text.strip().strip('"').strip()
        self._bare_texts.add(text_hash if bare_text == text else text_digest(bare_text))
        return is_duplicate

    def _label(self, file: FileRows, row: Record) -> str | None:
        column = self._options.label_column
        if column is None:
            return self._options.label_for_all
        names = file.class_names.get(column, {})
        return label_of(row, column, self._label_map, names, self._known_labels, self._raw_labels)

    def _reject(self, file: str, line: int, reason: str, raw: str) -> None:
        self.rejects.append((file, line, _encodable(reason), _encodable(raw)))


def text_column(file: FileRows, options: ImportOptions) -> str:
    """Return the column that a file's texts are in: the one named, "text", or that of chats."""
    if options.text_column is not None:
        return options.text_column
    chats = [column for column in CHAT_COLUMNS if column in file.columns]
    return chats[0] if chats and TEXT not in file.columns else TEXT


def _file_remarks(file: FileRows, options: ImportOptions) -> Iterator[str]:
    """Say which turns of chats are read, and which column looks like labels and was not."""
    column = text_column(file, options)
    if column in CHAT_COLUMNS:
        speaker, other = ("user", "assistant") if options.turn == "user" else ("assistant", "user")
        yield (
            f"{file.name}: of the chats in column '{column}', the text is what the {speaker} said "
            f"last; --turn {other} takes the {other}'s."
        )
    if options.label_column is None and options.label_for_all is None:
        for name in file.columns:
            if name.strip().lower() in _LABEL_NAMES and name not in options.named_columns:
                yield (
                    f"{file.name}: column '{name}' was not read; "
                    f"--label {shlex.quote(name)} takes it."
                )


def _check_labels(options: ImportOptions, known_labels: Sequence[str]) -> None:
    if options.label_for_all is not None and options.label_column is not None:
        raise ImportRefused(
            "--label-all and --label contradict each other: give one label for all rows, "
            "or the column that holds each row's label."
        )
    if options.label_map and options.label_column is None:
        raise ImportRefused("--map needs --label, the column whose values it explains.")
    targets = [*options.label_map.values(), options.label_for_all]
    for label in targets:
        if label is not None and label not in known_labels:
            raise ImportRefused(
                f"'{label}' is no label of this task. Its labels are: {', '.join(known_labels)}."
            )


def _check_columns(file: FileRows, options: ImportOptions) -> None:
    """Refuse a file that lacks a column; the message lists those it has."""
    if options.text_column is None and text_column(file, options) not in file.columns:
        raise ImportRefused(
            f"{file.name} has no column '{TEXT}': name the one with the texts by --text. "
            + _list_columns(file)
        )
    for column in options.named_columns:
        if column not in file.columns:
            near = difflib.get_close_matches(column, file.columns, n=1)
            hint = f" Did you mean '{near[0]}'?" if near else ""
            raise ImportRefused(
                f"{file.name} has no column '{column}'.{hint} {_list_columns(file)}"
            )


def _list_columns(file: FileRows) -> str:
    if not file.columns:
        return "It has no columns."
    columns = ", ".join(_shorten(column) for column in file.columns)
    return f"Its columns are: {columns}. A table without a header has columns 1, 2, 3 …: --text 2."


def _shorten(name: str) -> str:
    return name if len(name) <= _LONGEST_SHOWN_NAME else name[: _LONGEST_SHOWN_NAME - 1] + "…"


def _as_json(values: Mapping[str, Cell]) -> str:
    return json.dumps(dict(values), ensure_ascii=False, default=str)


def _encodable(text: str) -> str:
    """Show lone surrogates as escapes, since neither Arrow nor a terminal can encode them."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
