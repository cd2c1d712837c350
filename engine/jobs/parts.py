"""Parts: the Parquet files through which a stage hands over finished rows.

A part is written to a temporary name, synced, and renamed, so a part that exists is complete.
"""

import hashlib
import os
from collections.abc import Iterator, Mapping
from pathlib import Path

import polars as pl

from engine.errors import PartInvalid


def parts_dir(stage_dir: Path) -> Path:
    """The folder of a stage's parts."""
    return stage_dir / "parts"


def list_parts(stage_dir: Path) -> list[Path]:
    """The finished parts of a stage in order; leftovers of a crash are not among them."""
    return sorted(parts_dir(stage_dir).glob("[0-9]*.parquet"))


def parts_from(stage_dir: Path, number: int) -> Iterator[Path]:
    """The finished parts of a stage from a number on.

    Parts are written in order, so that none of the many before has to be found.
    """
    while (path := _part_path(stage_dir, number)).exists():
        yield path
        number += 1


def _part_path(stage_dir: Path, number: int) -> Path:
    return parts_dir(stage_dir) / f"{number:05}.parquet"


def check_schema(frame: pl.DataFrame, schema: Mapping[str, pl.DataType], what: str) -> None:
    """Raise PartInvalid unless the frame has exactly these columns and types, in this order."""
    if list(frame.schema.items()) != list(schema.items()):
        raise PartInvalid(f"{what} has {dict(frame.schema)}, but {dict(schema)} was expected.")


def write_part(
    stage_dir: Path, number: int, frame: pl.DataFrame, schema: Mapping[str, pl.DataType]
) -> Path:
    """Write one part atomically and durably, and return its path."""
    check_schema(frame, schema, f"part {number} of {stage_dir.name}")
    path = _part_path(stage_dir, number)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_parquet(path, frame)
    return path


def read_parquet(path: Path, columns: list[str] | None = None) -> pl.DataFrame:
    """One Parquet file, or some of its columns; polars alone takes brackets for a pattern."""
    return pl.read_parquet(path, columns=columns, glob=False)


def write_parquet(path: Path, frame: pl.DataFrame) -> None:
    """Write a Parquet file that is either absent or complete. Raises OSError on a full disk."""
    with replacing(path) as temporary:
        try:
            frame.write_parquet(temporary, compression="zstd")
        except (OSError, pl.exceptions.ComputeError):
            _write_on(temporary)
            raise


def _write_on(path: Path) -> None:
    """Raise the error of the system that polars does not always name, by writing more."""
    with path.open("ab") as file:
        file.write(bytes(65_536))
        file.flush()
        os.fsync(file.fileno())


def write_text(path: Path, text: str) -> None:
    """Write a text file that is either absent, old, or new and complete."""
    with replacing(path) as temporary:
        temporary.write_text(text, encoding="utf-8")


class replacing:  # noqa: N801  (reads as a verb in a with statement)
    """Give a temporary path beside `path`; on leaving without error, sync and rename it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")

    def __enter__(self) -> Path:
        return self.temporary

    def __exit__(
        self, _: type[BaseException] | None, error: BaseException | None, __: object
    ) -> None:
        if isinstance(error, OSError) and error.filename is None:
            error.filename = str(self.path)  # which no error of writing to an open file names
        try:
            if error is None:
                sync(self.temporary)
                os.replace(self.temporary, self.path)
                sync(self.path.parent)
        finally:
            self.temporary.unlink(missing_ok=True)


def sync(path: Path) -> None:
    """Flush a file or folder to the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def file_digest(path: Path) -> str:
    """The hexadecimal SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
