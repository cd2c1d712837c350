import errno
import os
from pathlib import Path

import pytest

from engine.errors import EngineError
from engine.explanations import explain, explain_in_job, is_disk_full

HERE = str(Path(__file__))


def error_of(number: int, path: str | None = "/data/ws/x") -> OSError:
    return OSError(number, os.strerror(number), path)


@pytest.mark.parametrize(
    ("number", "says"),
    [
        (errno.ENOSPC, "no space left on the disk of /data/ws/x"),
        (errno.EDQUOT, "quota on the disk of /data/ws/x"),
        (errno.EROFS, "file system of /data/ws/x is read-only"),
        (errno.EACCES, "may not use /data/ws/x"),
        (errno.ENOENT, "/data/ws/x does not exist"),
        (errno.ENOTDIR, "/data/ws/x cannot be used"),
        (errno.EISDIR, "/data/ws/x is a folder"),
        (errno.ENAMETOOLONG, "/data/ws/x is too long"),
        (errno.ELOOP, "/data/ws/x is a symbolic link"),
        (errno.EMFILE, "ulimit"),
        (errno.ENOLCK, "file system of /data/ws/x has no locks"),
        (errno.EOPNOTSUPP, "file system of /data/ws/x has no locks"),
        (errno.EXDEV, "/data/ws/x"),
    ],
)
def test_an_error_of_the_system_names_the_path_and_the_way_out(number: int, says: str) -> None:
    text = explain(error_of(number))
    assert says in text
    assert "{" not in text
    assert text.endswith(".")


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS, errno.EACCES, errno.ENOENT])
def test_an_error_that_names_no_file_is_a_sentence_too(number: int) -> None:
    text = explain(error_of(number, None))
    assert "None" not in text
    assert "{" not in text


@pytest.mark.parametrize(
    "error",
    [
        OSError("No space left on device (os error 28)"),
        ValueError("parquet: underlying IO error: [Errno 28] No space left on device"),
        RuntimeError("I/O error: No space left on device (os error 28)"),
        RuntimeError("could not write: No space left on device"),
        error_of(errno.EDQUOT),
    ],
)
def test_a_full_disk_is_known_however_a_library_says_it(error: Exception) -> None:
    assert is_disk_full(error)


@pytest.mark.parametrize("error", [error_of(errno.EACCES), KeyError("x"), ValueError("28")])
def test_other_errors_are_no_full_disk(error: Exception) -> None:
    assert not is_disk_full(error)


def test_a_file_of_somebody_else_is_said_to_be_theirs(monkeypatch: pytest.MonkeyPatch) -> None:
    owner = os.stat(HERE).st_uid
    assert "belongs" not in explain(error_of(errno.EACCES, HERE))
    monkeypatch.setattr(os, "geteuid", lambda: owner + 1)
    assert f"belongs to user {owner}" in explain(error_of(errno.EACCES, HERE))


def test_text_that_cannot_be_read_or_written_is_explained() -> None:
    with pytest.raises(UnicodeDecodeError) as undecodable:
        b"caf\xe9".decode()
    assert "not valid UTF-8" in explain(undecodable.value)
    with pytest.raises(UnicodeEncodeError) as unencodable:
        "caf\udce9".encode()
    assert r"\udce9" in explain(unencodable.value)


def test_what_nobody_foresaw_keeps_its_type_and_text() -> None:
    assert explain(KeyError("label")) == "This should not happen: KeyError: 'label'"
    assert "out of memory" in explain(MemoryError())


def test_in_a_job_only_the_unforeseen_points_to_the_log() -> None:
    assert explain_in_job(EngineError("The model is made of cheese.")) == (
        "The model is made of cheese."
    )
    assert explain_in_job(KeyError("x")).endswith("The job's log has the traceback.")


def test_a_missing_file_without_a_name_is_not_taken_for_the_current_folder() -> None:
    error = FileNotFoundError("No such file or directory (os error 2): /proc/x.csv")
    text = explain(error)
    assert "/proc/x.csv" in text
    assert "current folder" not in text
