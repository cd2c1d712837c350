"""Reads typed tables: Parquet and Arrow files, folders of them, and those of `datasets`.

Lines are positions of rows, from 1. Only the wanted columns are read, so that embeddings or
images beside a text cost nothing.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from store.errors import ImportRefused
from store.reading.inputs import Input
from store.reading.rows import FileRows, Record, Rejected, as_cell

if TYPE_CHECKING:
    from datasets import Dataset

SPLIT: Final = "split"  # the column that names the split of a DatasetDict

_BATCH_ROWS: Final = 1000
_UNREADABLE: Final = object()  # in place of a value that has no Python value
_DAMAGED: Final = (pa.ArrowException, OSError, ValueError, OverflowError)

Batch = Mapping[str, list[Any]]


def open_parquet(source: Input, wanted: frozenset[str]) -> FileRows:
    """Read the wanted columns of a Parquet file."""
    try:
        with source.open("rb") as file:
            _require_seekable(source, file)
            schema = pq.read_schema(file)
        found = schema.names
    except _DAMAGED as error:
        raise ImportRefused(f"{source} is not a readable Parquet file: {error}") from error
    names = tuple(dict.fromkeys(found))
    chosen = [name for name in names if name in wanted]

    def read() -> Iterator[Record | Rejected]:
        try:
            with source.open("rb") as opened, pq.ParquetFile(opened) as file:
                batches = file.iter_batches(_BATCH_ROWS, columns=chosen)
                yield from _number(_batch(batch, wanted) for batch in batches)
        except _DAMAGED as error:
            raise ImportRefused(f"{source} is damaged: {error}") from error

    classes = _stored_classes(schema)
    return FileRows(source.name, names, _remarks(source.name, found, classes), read, classes)


def open_arrow(source: Input, wanted: frozenset[str]) -> FileRows:
    """Read the wanted columns of an Arrow file (Feather) or stream, as `datasets` keeps them."""

    def batches(file: Any) -> Iterator[Any]:
        reader = _arrow_reader(source, file)
        if isinstance(reader, pa.ipc.RecordBatchFileReader):
            yield from (reader.get_batch(number) for number in range(reader.num_record_batches))
        else:
            yield from reader

    try:
        with source.open("rb") as file:
            schema = _arrow_reader(source, file).schema
        found = schema.names
    except _DAMAGED as error:
        raise ImportRefused(f"{source} is not a readable Arrow file: {error}") from error

    def read() -> Iterator[Record | Rejected]:
        try:
            with source.open("rb") as file:
                yield from _number(_batch(_sound(batch, wanted), wanted) for batch in batches(file))
        except _DAMAGED as error:
            raise ImportRefused(f"{source} is damaged: {error}") from error

    names, classes = tuple(dict.fromkeys(found)), _stored_classes(schema)
    return FileRows(source.name, names, _remarks(source.name, found, classes), read, classes)


def _sound(batch: Any, wanted: frozenset[str]) -> Any:
    """A batch whose offsets stay within its buffers: pyarrow crashes on others.

    Texts that are not UTF-8 may pass, since offsets are checked before; they cost their rows only.
    """
    for name, column in zip(batch.schema.names, batch.columns, strict=True):
        if name in wanted:
            try:
                column.validate(full=True)
            except pa.ArrowInvalid as error:
                if "UTF8" not in str(error):
                    raise
    return batch


def _arrow_reader(source: Input, file: Any) -> Any:
    start = file.read(6)
    if start == b"ARROW1":
        _require_seekable(source, file)
    if not file.seekable():
        raise ImportRefused(f"{source} holds a packed Arrow file. Unpack it and import that.")
    file.seek(0)
    return pa.ipc.open_file(file) if start == b"ARROW1" else pa.ipc.open_stream(file)


def _require_seekable(source: Input, file: Any) -> None:
    if not file.seekable():
        raise ImportRefused(
            f"{source} holds a Parquet or Arrow file in a packed one. Unpack it, and import what "
            "is in it; such files are packed by themselves."
        )


def open_dataset(path: Path, wanted: frozenset[str]) -> FileRows:
    """Read a folder saved with `save_to_disk`, all splits of a DatasetDict in their order.

    The rows of a DatasetDict name their split in the column `split`, unless they have such a
    column of their own. Class labels stay numbers; their names come along.
    """
    splits = _load(path)
    names = dict.fromkeys(name for split in splits.values() for name in split.column_names)
    if "" not in splits:
        names.setdefault(SPLIT)

    def read() -> Iterator[Record | Rejected]:
        try:
            yield from _number(
                batch for name, split in splits.items() for batch in _batches(name, split, wanted)
            )
        except _DAMAGED as error:
            raise ImportRefused(f"{path} is damaged: {error}") from error

    classes = {
        name: found
        for split in splits.values()
        for name, feature in split.features.items()
        if (found := _class_names(feature))
    }
    return FileRows(path.name, tuple(names), _remarks(path.name, (), classes), read, classes)


def _load(path: Path) -> "Mapping[str, Dataset]":
    """The splits of a folder by name; a single dataset has the name ""."""
    from datasets import Dataset, load_from_disk

    try:
        loaded = load_from_disk(str(path))
    except (*_DAMAGED, KeyError, TypeError) as error:
        # The last are what the library raises for state files that are cut or foreign.
        raise ImportRefused(
            f"{path} is a folder, but no dataset that `save_to_disk` wrote ({error}). "
            "Name the files in it instead."
        ) from error
    return {"": loaded} if isinstance(loaded, Dataset) else {str(k): v for k, v in loaded.items()}


def _batches(name: str, split: "Dataset", wanted: frozenset[str]) -> Iterator[Batch]:
    chosen = [column for column in split.column_names if column in wanted]
    for start in range(0, len(split), _BATCH_ROWS):
        rows = range(start, min(start + _BATCH_ROWS, len(split)))
        named: dict[str, list[Any]] = {SPLIT: [name] * len(rows)} if name else {}
        if chosen:
            table = split.select_columns(chosen).with_format("arrow")[rows]
            yield {**named, **_batch(table, wanted)}
        else:
            yield named or {"": [None] * len(rows)}


def _batch(table: Any, wanted: frozenset[str]) -> Batch:
    """The columns of a table or batch as Python values; the first of equal names counts."""
    found: dict[str, list[Any]] = {}
    for name, column in zip(table.schema.names, table.columns, strict=True):
        if name in wanted and name not in found:
            found[name] = _values(column)
    return found or {"": [None] * table.num_rows}


def _values(column: Any) -> list[Any]:
    """A column's values; instants as text, since Python has none of nanoseconds."""
    kind = column.type
    try:
        if pa.types.is_temporal(kind):
            return list(pc.cast(column, pa.string()).to_pylist())
        return list(column.to_pylist())
    except (ValueError, ArithmeticError, LookupError, pa.ArrowException):
        return [_value(scalar) for scalar in column]


def _value(scalar: Any) -> Any:
    try:
        if pa.types.is_temporal(scalar.type):
            return None if not scalar.is_valid else str(scalar.value)
        if pa.types.is_string(scalar.type) or pa.types.is_large_string(scalar.type):
            return scalar.as_buffer().to_pybytes() if scalar.is_valid else None
        return scalar.as_py()
    except (ValueError, ArithmeticError, LookupError, pa.ArrowException):
        return _UNREADABLE


def _stored_classes(schema: Any) -> dict[str, dict[str, str]]:
    """The class names that `datasets` keeps beside the columns of a file, by column."""
    try:
        about = json.loads((schema.metadata or {})[b"huggingface"])
        features = about["info"]["features"].items()
    except (KeyError, ValueError, TypeError, AttributeError):
        return {}
    return {name: found for name, feature in features if (found := _class_names(feature))}


def _class_names(feature: Any) -> dict[str, str]:
    """Number and name of each class of a feature that is a ClassLabel or a list of them."""
    names = feature.get("names") if isinstance(feature, dict) else getattr(feature, "names", None)
    inner = (
        feature.get("feature") if isinstance(feature, dict) else getattr(feature, "feature", None)
    )
    if isinstance(names, list) and all(isinstance(name, str) for name in names):
        return {str(number): name for number, name in enumerate(names)}
    return _class_names(inner) if inner is not None else {}


def _remarks(
    file: str, columns: Iterable[str], classes: Mapping[str, Mapping[str, str]]
) -> tuple[str, ...]:
    twice = [name for name, number in Counter(columns).items() if number > 1]
    found = [f"{file}: of the columns called '{name}', the first is read." for name in twice]
    for column, names in classes.items():
        meanings = ", ".join(f"{number} = {name}" for number, name in names.items())
        found.append(f"{file}: the numbers in column '{column}' stand for {meanings}.")
    return tuple(found)


def _number(batches: Iterable[Batch]) -> Iterator[Record | Rejected]:
    position = 0
    for batch in batches:
        for values in zip(*batch.values(), strict=True):
            position += 1
            row = {key: value for key, value in zip(batch, values, strict=True) if key}
            unreadable = [key for key, value in row.items() if value is _UNREADABLE]
            if unreadable:
                yield Rejected(position, f"column '{unreadable[0]}' cannot be read", "")
            else:
                yield Record(position, {key: as_cell(value) for key, value in row.items()})
