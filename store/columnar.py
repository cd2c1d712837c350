"""Reads typed tables: Parquet files, and folders that the `datasets` library saved.

Lines are positions of rows, from 1. Only the wanted columns are read, so that embeddings or
images beside a text cost nothing.
"""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pyarrow as pa
import pyarrow.parquet as pq

from store.errors import ImportRefused
from store.rows import FileRows, Record, Rejected, as_cell

if TYPE_CHECKING:
    from datasets import Dataset

SPLIT: Final = "split"  # the column that names the split of a DatasetDict

_BATCH_ROWS: Final = 1000


def open_parquet(path: Path, wanted: frozenset[str]) -> FileRows:
    """Read the wanted columns of a Parquet file."""
    try:
        names = tuple(pq.read_schema(path).names)
    except (pa.ArrowException, OSError) as error:
        raise ImportRefused(f"{path} is not a readable Parquet file: {error}") from error
    chosen = [name for name in names if name in wanted]

    def read() -> Iterator[Record | Rejected]:
        try:
            with pq.ParquetFile(path) as file:
                yield from _number(
                    batch.to_pylist() for batch in file.iter_batches(_BATCH_ROWS, columns=chosen)
                )
        except (pa.ArrowException, OSError) as error:
            raise ImportRefused(f"{path} is damaged: {error}") from error

    return FileRows(path.name, names, (), read)


def open_arrow_folder(path: Path, wanted: frozenset[str]) -> FileRows:
    """Read a folder saved with `save_to_disk`, all splits of a DatasetDict in their order.

    The rows of a DatasetDict name their split in the column `split`, unless they have such a
    column of their own. Class labels stay numbers; a remark says what they stand for.
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
        except (pa.ArrowException, OSError) as error:
            raise ImportRefused(f"{path} is damaged: {error}") from error

    return FileRows(path.name, tuple(names), tuple(_class_remarks(path.name, splits)), read)


def _load(path: Path) -> "Mapping[str, Dataset]":
    """Return the splits of a folder by name; a single dataset has the name ""."""
    from datasets import Dataset, load_from_disk

    try:
        loaded = load_from_disk(str(path))
    except (pa.ArrowException, OSError, ValueError, KeyError, TypeError) as error:
        # The last three are what the library raises for state files that are cut or foreign.
        raise ImportRefused(
            f"{path} is a folder, but no dataset that `save_to_disk` wrote ({error}). "
            "Name the files in it instead."
        ) from error
    return {"": loaded} if isinstance(loaded, Dataset) else {str(k): v for k, v in loaded.items()}


def _batches(
    name: str, split: "Dataset", wanted: frozenset[str]
) -> Iterator[list[dict[str, object]]]:
    chosen = [column for column in split.column_names if column in wanted]
    before = {SPLIT: name} if name else {}
    for table in split.select_columns(chosen).with_format("arrow").iter(_BATCH_ROWS):
        yield [before | row for row in table.to_pylist()]


def _class_remarks(file: str, splits: "Mapping[str, Dataset]") -> Iterator[str]:
    from datasets import ClassLabel

    features = {key: value for split in splits.values() for key, value in split.features.items()}
    for column, feature in features.items():
        if isinstance(feature, ClassLabel):
            meanings = ", ".join(f"{number} = {name}" for number, name in enumerate(feature.names))
            yield f"{file}: the numbers in column '{column}' stand for {meanings}."


def _number(batches: Iterable[list[dict[str, object]]]) -> Iterator[Record]:
    position = 0
    for batch in batches:
        for row in batch:
            position += 1
            yield Record(position, {key: as_cell(value) for key, value in row.items()})
