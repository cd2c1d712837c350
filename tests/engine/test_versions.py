"""Versions: the commit of a checkout, and none of anything else."""

import subprocess
from pathlib import Path

from engine.versions import describe_versions, find_commit


def git(folder: Path, *arguments: str) -> str:
    identity = ("-c", "user.name=a", "-c", "user.email=a@example.org")
    command = ["git", "-C", str(folder), *identity, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def test_the_commit_of_a_checkout_is_found_with_or_without_changes(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    (tmp_path / "file").write_text("one")
    git(tmp_path, "add", "file")
    git(tmp_path, "commit", "-qm", "one")
    git(tmp_path, "tag", "-am", "tag", "v1")
    commit = git(tmp_path, "rev-parse", "HEAD")
    assert find_commit(tmp_path) == commit
    (tmp_path / "file").write_text("two")
    assert find_commit(tmp_path) == f"{commit}-dirty"
    (tmp_path / "inside").mkdir()  # as site-packages within somebody's own repository
    assert find_commit(tmp_path / "inside") is None


def test_a_folder_that_git_cannot_read_has_no_commit(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    assert find_commit(tmp_path) is None


def test_versions_name_the_program_and_its_libraries() -> None:
    found = describe_versions("cpu")
    assert {"backquery", "torch", "transformers", "tokenizers", "python", "threads"} <= set(found)
    assert found["device"] == "cpu"
