import errno
import os
from pathlib import Path

import pytest

from engine.jobs.reserve import RESERVE_NAME, keep_reserve, reserved, use_reserve


def test_room_is_kept_while_the_block_lasts_and_given_up_once(tmp_path: Path) -> None:
    with reserved(tmp_path, 10_000):
        assert (tmp_path / RESERVE_NAME).stat().st_blocks * 512 >= 10_000
        assert use_reserve(tmp_path)
        assert not use_reserve(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_disk_without_room_is_refused_by_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "posix_fallocate", full)
    with pytest.raises(OSError, match="No space left") as refused:
        keep_reserve(tmp_path, 10_000)
    assert refused.value.filename == str(tmp_path / RESERVE_NAME)
    assert list(tmp_path.iterdir()) == []
