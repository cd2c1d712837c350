"""Whether the folder of a detector is whole, as far as can be seen without a model library."""

import json
import struct
from pathlib import Path
from typing import Any, Final

from store.bases import is_baseline, is_language_model

ROWS_NAME: Final = "training_rows.parquet"  # what a baseline is fitted on

_INDEX: Final = "model.safetensors.index.json"
_SINGLE: Final = "model.safetensors"
_LENGTH_BYTES: Final = 8  # before a safetensors header, its length, little-endian


def find_fault(folder: Path, base: str) -> str | None:
    """What keeps a detector, or a baseline, of this base from being loaded; None if nothing.

    Weights are measured and not read: damage that leaves their length shows only when they load.
    """
    if is_language_model(base):
        return None
    if not folder.is_dir():
        return f"its folder {folder} is gone"
    if is_baseline(base):
        is_there = (folder / ROWS_NAME).is_file()
        return None if is_there else f"the rows that it is fitted on are gone from {folder}"
    try:
        _read_object(folder / "config.json")
        for name in _weight_files(folder):
            _measure(folder / name)
    except _FileBroken as broken:
        return str(broken)
    return None


class _FileBroken(Exception):
    """A file of the folder is missing, cut, or no JSON."""


def _read_object(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError) as error:
        raise _FileBroken(f"{path} cannot be read") from error
    if not isinstance(found, dict):
        raise _FileBroken(f"{path} holds no JSON object")
    return found


def _weight_files(folder: Path) -> set[str]:
    if not (folder / _INDEX).is_file():
        return {_SINGLE}
    parts = _read_object(folder / _INDEX).get("weight_map")
    return {str(name) for name in parts.values()} if isinstance(parts, dict) else {_SINGLE}


def _measure(path: Path) -> None:
    """Raise _FileBroken unless a safetensors file is as long as its header says."""
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            (length,) = struct.unpack("<Q", file.read(_LENGTH_BYTES))
            header = json.loads(file.read(length) if length < size else b"")
        ends = [item["data_offsets"][1] for name, item in header.items() if name != "__metadata__"]
    except FileNotFoundError as error:
        raise _FileBroken(f"{path} is missing") from error
    except (OSError, ValueError, struct.error, LookupError, AttributeError, TypeError) as error:
        raise _FileBroken(f"{path} cannot be read as weights") from error
    if _LENGTH_BYTES + length + max(ends, default=0) != size:
        raise _FileBroken(f"{path} is not whole")
