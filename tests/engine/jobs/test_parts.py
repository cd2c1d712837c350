import errno
import os
from pathlib import Path

import polars as pl
import pytest

from engine.explanations import is_disk_full
from engine.jobs import parts
from engine.jobs.parts import list_parts, read_parquet, write_parquet, write_part, write_text

FRAME = pl.DataFrame({"a": [1, 2]})
ODD_NAMES = ("a[x]", "b?", "c*", "d #1 50%", "é 'q' \"r\"", "g\nh", "{i,j}", "~", "$HOME")


@pytest.mark.parametrize("name", ODD_NAMES)
def test_a_part_comes_back_from_a_folder_of_any_name(name: str, tmp_path: Path) -> None:
    write_part(tmp_path / name, 0, FRAME, dict(FRAME.schema))
    (part,) = list_parts(tmp_path / name)
    assert read_parquet(part).equals(FRAME)


def test_a_name_like_a_pattern_is_one_file(tmp_path: Path) -> None:
    for name in ("a*.parquet", "ab.parquet"):
        write_parquet(tmp_path / name, FRAME)
    assert read_parquet(tmp_path / "a*.parquet").height == FRAME.height


def test_nothing_stays_behind_of_what_could_not_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_text(tmp_path / "old.txt", "old")

    def full(_: Path) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(parts, "sync", full)
    with pytest.raises(OSError, match="No space") as refused:
        write_text(tmp_path / "old.txt", "new")
    assert is_disk_full(refused.value)
    assert [path.name for path in tmp_path.iterdir()] == ["old.txt"]
    assert (tmp_path / "old.txt").read_text() == "old"


def test_a_full_disk_is_named_where_polars_does_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unclear(*_: object, **__: object) -> None:
        raise pl.exceptions.ComputeError("Invalid thrift: transport error")

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(pl.DataFrame, "write_parquet", unclear)
    with pytest.raises(pl.exceptions.ComputeError):
        write_parquet(tmp_path / "a.parquet", FRAME)
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space") as refused:
        write_parquet(tmp_path / "a.parquet", FRAME)
    assert refused.value.filename == str(tmp_path / "a.parquet")
    assert list(tmp_path.iterdir()) == []
