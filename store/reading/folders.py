"""Opens what pyarrow reads: single typed files, and folders of datasets or of shards.

pyarrow is imported with the first of them, and so is `datasets` with the first folder it saved.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import Final

from store.errors import ImportRefused
from store.reading.chats import CHAT_COLUMNS
from store.reading.inputs import Input
from store.reading.rows import FileRows, Record, Rejected

_SAVED: Final = ("dataset_info.json", "dataset_dict.json", "state.json")
_SHARDS: Final = (".parquet", ".arrow")
_FILES_SHOWN: Final = 5


def open_parquet_file(source: Input, columns: Sequence[str]) -> FileRows:
    """Read a Parquet file: the columns named, "text", and those of chats."""
    from store.reading.arrow import open_parquet

    return open_parquet(source, _wanted(columns))


def open_arrow_file(source: Input, columns: Sequence[str]) -> FileRows:
    """Read an Arrow file or stream: the columns named, "text", and those of chats."""
    from store.reading.arrow import open_arrow

    return open_arrow(source, _wanted(columns))


def open_folder(
    path: Path, columns: Sequence[str], read_file: Callable[[Path, Sequence[str]], FileRows]
) -> FileRows:
    """Read a folder that `datasets` saved, or one of Parquet or Arrow files, by their names.

    Raises ImportRefused for any other folder.
    """
    try:
        files = sorted(item for item in path.rglob("*") if item.is_file())
    except OSError as error:
        raise ImportRefused(f"{path} cannot be read: {error.strerror or error}.") from error
    if any((path / name).is_file() for name in _SAVED):
        from store.reading.arrow import open_dataset

        return open_dataset(path, _wanted(columns))
    shards = [item for item in files if item.suffix.lower() in _SHARDS]
    if not shards:
        raise ImportRefused(_describe(path, files))
    return _join(path, [read_file(shard, columns) for shard in shards])


def _join(path: Path, shards: Sequence[FileRows]) -> FileRows:
    """The rows of all shards under the folder's name, numbered through."""

    def read() -> Iterator[Record | Rejected]:
        rows = chain.from_iterable(shard.read() for shard in shards)
        for number, row in enumerate(rows, start=1):
            if isinstance(row, Record):
                yield Record(number, row.values)
            else:
                yield Rejected(number, row.reason, row.raw)

    columns = dict.fromkeys(name for shard in shards for name in shard.columns)
    remarks = dict.fromkeys(remark for shard in shards for remark in shard.remarks)
    classes = {key: value for shard in shards for key, value in shard.class_names.items()}
    return FileRows(path.name, tuple(columns), tuple(remarks), read, classes)


def _describe(path: Path, files: Sequence[Path]) -> str:
    lead = f"{path} is a folder, but no dataset that `save_to_disk` wrote, and has no Parquet files"
    if not files:
        return f"{lead}: it is empty."
    names = [str(item.relative_to(path)) for item in files[:_FILES_SHOWN]]
    more = ", …" if len(files) > _FILES_SHOWN else ""
    return f"{lead}. It holds {', '.join(names)}{more}: name the files instead."


def _wanted(columns: Sequence[str]) -> frozenset[str]:
    return frozenset(("text", *CHAT_COLUMNS, *columns))
