"""Turns the rows of files into samples: columns, labels, ids, and what is rejected and why.

Nothing is written to the database here, and a text is kept exactly as the file has it.
"""

import json
import shlex
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

from store.counting import counted
from store.errors import ImportRefused
from store.ids import content_digest, sample_id, text_digest
from store.reading.cells import RowRefused, context_of, label_of, text_of, usable
from store.reading.contexts import DrawnContexts
from store.reading.options import ImportOptions, check_columns, check_labels, describe_columns
from store.reading.rejects import REJECTS
from store.reading.rows import Cell, FileRows, Record, Rejected

PREPARED: Final[Mapping[str, pl.DataType]] = {
    "sample_id": pl.String(),
    "dataset": pl.String(),
    "text": pl.String(),
    "context": pl.String(),
    "text_hash": pl.String(),  # of both texts of a pair
    "label": pl.String(),
    "external_id": pl.String(),
    "group_key": pl.String(),
    "source": pl.String(),  # name of the file
    "line": pl.Int64(),
}
DIMENSION: Final = pl.Struct({"dimension": pl.String(), "value": pl.String()})
IMPORTED: Final[Mapping[str, pl.DataType]] = {**PREPARED, "dimensions": pl.List(DIMENSION)}


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
    """An import that is ready for the database: `samples` as IMPORTED, `rejects` as REJECTS."""

    samples: pl.DataFrame
    rejects: pl.DataFrame
    counts: tuple[FileCounts, ...]
    remarks: tuple[str, ...]


def prepare(
    files: Iterable[FileRows],
    options: ImportOptions,
    known_labels: Sequence[str],
    contexts: Sequence[str] = (),
) -> PreparedImport:
    """Read files into samples, in their order; `known_labels` are the task's.

    Texts without a context get one of `contexts`, if there are any.
    Equal rows of one import are told apart by their occurrence; the same rows in a later import
    have the same ids, so a file that grew brings only what is new. Raises ImportRefused before
    any row is read if options contradict each other or a column is missing, and if a file has no
    rows.
    """
    check_labels(options, known_labels)
    files = tuple(files)
    for file in files:
        check_columns(file, options)
    samples = _Samples(options, known_labels, contexts)
    counts = tuple(samples.take(file) for file in files)
    return PreparedImport(
        pl.DataFrame(samples.rows, IMPORTED, orient="row"),
        pl.DataFrame(samples.rejects, REJECTS, orient="row"),
        counts,
        (
            *(remark for file in files for remark in file.remarks),
            *(remark for file in files for remark in describe_columns(file, options)),
            *samples.remarks(),
        ),
    )


class _Samples:
    """Collects the samples of one import, file by file."""

    def __init__(
        self,
        options: ImportOptions,
        known_labels: Sequence[str],
        contexts: Sequence[str],
    ) -> None:
        self.rows: list[tuple[object, ...]] = []
        self.rejects: list[tuple[str, int, str, str]] = []
        self._options = options
        self._known_labels = tuple(known_labels)
        self._drawn = DrawnContexts(contexts, options.pair_seed) if contexts else None
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
        """Remarks on unused keys of the label map, on contexts, and on texts that hardly differ."""
        for raw, label in self._label_map.items():
            if raw not in self._raw_labels:
                yield f"--map {shlex.quote(f'{raw}={label}')}: no row has the label '{raw}'."
        if self.rows and self._drawn is not None and self._options.pair_with is not None:
            yield self._drawn.describe(self._options.pair_with)
        if alike := len(self._texts) - len(self._bare_texts):
            yield (
                f"Repeated but for spaces and quotation marks around it: {counted(alike, 'text')}."
            )

    def _take_row(self, file: FileRows, source: str, row: Record) -> bool:
        """Add a row's sample; return whether its text came before in this import."""
        options = self._options
        text = text_of(row, options.text_column_of(file), options.turn)
        label = self._label(file, row)
        external_id, group_key = (
            (usable(row, column) or None) if column else None
            for column in (options.id_column, options.group_column)
        )
        dimensions = [
            {"dimension": name, "value": value}
            for name in options.dimension_columns
            if (value := (usable(row, name) or "").strip())
        ]
        context = self._context(row, text)
        text_hash = content_digest(text, context)
        occurrence = self._occurrences[text_hash, label]
        self._occurrences[text_hash, label] += 1
        new_id = sample_id(options.dataset, text, context, label, occurrence)
        key = (new_id, options.dataset, text, context, text_hash, label)
        self.rows.append((*key, external_id, group_key, source, row.line, dimensions))
        is_duplicate = text_hash in self._texts
        self._texts.add(text_hash)
        bare_text = text.strip().strip('"').strip()
        is_bare = bare_text == text or context is not None
        self._bare_texts.add(text_hash if is_bare else text_digest(bare_text))
        return is_duplicate

    def _context(self, row: Record, text: str) -> str | None:
        """The context of a pair: its own, or one that is drawn. Raises RowRefused without one."""
        column = self._options.context_column_of_pairs
        if column is None:
            return None
        context = context_of(row, column)
        if context is not None:
            return context
        if self._drawn is None:
            raise RowRefused(f"empty context in column '{column}'; --pair-with draws one")
        return self._drawn.draw(text)

    def _label(self, file: FileRows, row: Record) -> str | None:
        column = self._options.label_column
        if column is None:
            return self._options.label_for_all
        names = file.class_names.get(column, {})
        return label_of(row, column, self._label_map, names, self._known_labels, self._raw_labels)

    def _reject(self, file: str, line: int, reason: str, raw: str) -> None:
        self.rejects.append((file, line, _encodable(reason), _encodable(raw)))


def _as_json(values: Mapping[str, Cell]) -> str:
    return json.dumps(dict(values), ensure_ascii=False, default=str)


def _encodable(text: str) -> str:
    """Show lone surrogates as escapes, since neither Arrow nor a terminal can encode them."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
