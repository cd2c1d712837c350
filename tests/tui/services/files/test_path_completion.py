"""Completing paths as a shell does."""

from pathlib import Path

import pytest

from tui.services.files.path_completion import complete_path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("rows-1.csv", "rows-2.csv", ".hidden", "other.txt"):
        (tmp_path / name).touch()
    (tmp_path / "inner").mkdir()
    return tmp_path


def test_what_is_the_same_in_all_names_is_completed(folder: Path) -> None:
    found = complete_path(f"{folder}/ro")
    assert (found.completed, found.names) == (f"{folder}/rows-", ("rows-1.csv", "rows-2.csv"))


def test_a_folder_goes_on(folder: Path) -> None:
    assert complete_path(f"{folder}/in").completed == f"{folder}/inner/"


def test_hidden_names_come_if_asked_for(folder: Path) -> None:
    assert ".hidden" not in complete_path(f"{folder}/").names
    assert complete_path(f"{folder}/.h").completed == f"{folder}/.hidden"


def test_the_current_folder_and_home_are_known(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    assert complete_path("oth").completed == "other.txt"
    monkeypatch.setenv("HOME", str(folder))
    assert complete_path("~/oth").completed == "~/other.txt"


@pytest.mark.parametrize("typed", ["/nowhere/at/all", "~nobody-of-this-name/x", "zzz"])
def test_what_cannot_be_found_has_no_names(typed: str) -> None:
    assert complete_path(typed).names == ()
    assert complete_path(typed).completed == typed
