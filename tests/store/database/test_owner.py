import errno
import fcntl
import json
import os
from pathlib import Path

import pytest

from store.database.owner import LOCK_NAME, Ownership, read_holder
from store.errors import WorkspaceClosed, WorkspaceHeld


@pytest.mark.parametrize("number", [errno.EOPNOTSUPP, errno.ENOLCK])
def test_a_file_system_without_locks_is_named_with_the_reason(
    number: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unsupported(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(fcntl, "flock", unsupported)
    with pytest.raises(WorkspaceClosed) as refused:
        Ownership(tmp_path, "a command", 5.0)
    assert str(tmp_path) in str(refused.value)
    assert os.strerror(number) in str(refused.value)
    assert "local disk" in str(refused.value)


def test_a_workspace_that_cannot_be_written_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / LOCK_NAME).mkdir()
    with pytest.raises(WorkspaceClosed, match=rf"{LOCK_NAME} cannot be written .*copy"):
        Ownership(tmp_path, "a command", 0)


def test_a_full_disk_keeps_nobody_from_owning_a_workspace(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: object) -> str:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(json, "dumps", full)
    with Ownership(tmp_path, "a command", 0):
        assert read_holder(tmp_path) is None
        with pytest.raises(WorkspaceHeld, match="another process"):
            Ownership(tmp_path, "a command", 0)
