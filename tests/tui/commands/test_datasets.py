"""The commands that import again, and that list and change datasets."""

import shlex
from pathlib import Path

import pytest

from tests.commands import Commands
from tui.services.workspace import Workspace

LINES = "text,label\nRest well.,health-advice\nIron is a metal.,content\n"
OPTIONS = ("--dataset", "d", "--role", "seed")


@pytest.fixture
def fresh(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Commands:
    run = Commands(tmp_path / "w", capsys)
    run("init", str(run.workspace))
    return run


@pytest.fixture
def file(tmp_path: Path) -> str:
    path = tmp_path / "rows.csv"
    path.write_text(LINES)
    return str(path)


@pytest.mark.parametrize("task", ["health-advice", "off-topic"])
def test_the_line_that_init_names_works(
    task: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = Commands(tmp_path / "new", capsys)
    run("init", str(run.workspace), "--task", task)
    (line,) = (line for line in run.err.splitlines() if line.startswith("Next: "))
    _, _, _, _, *arguments = shlex.split(line)
    assert {"--dataset", "--role", "--text", "--label"} < set(arguments)
    run(*arguments)
    assert run.json("status")["samples"] > 0


def test_the_same_file_with_a_better_map_says_what_it_brought(fresh: Commands, file: str) -> None:
    first = fresh("import", file, *OPTIONS)
    assert "column 'label' was not read; --label label takes it" in first
    second = fresh("import", file, *OPTIONS, "--label", "label")
    assert "Relabelled as in this file: 1 row of those" in second
    report = fresh.json("import", file, *OPTIONS, "--label", "label", "--map",
                        "content=health-content")  # fmt: skip
    assert (report["new"], report["relabelled"], report["rejected"]) == (0, 1, 0)
    again = fresh("import", file, *OPTIONS, "--label", "label", "--map", "content=health-content")
    assert "holds this very file already" in again


def test_the_file_of_rejects_is_taken_with_the_right_options(fresh: Commands, file: str) -> None:
    labelled = (*OPTIONS, "--label", "label")
    rejects = fresh.json("import", file, *labelled)["rejects_file"]
    report = fresh.json("import", rejects, *labelled, "--map", "content=health-content")
    assert (report["new"], report["rejected"]) == (1, 0)


def test_datasets_are_listed_with_roles_rows_labels_and_files(fresh: Commands, file: str) -> None:
    fresh("datasets")
    assert "no dataset yet" in fresh.err
    fresh("import", file, *OPTIONS, "--label", "label")
    assert fresh.json("datasets") == [
        {
            "dataset": "d", "roles": ["seed"], "rows": 1, "labels": {"health-advice": 1},
            "files": ["rows.csv"], "unlabelled": 0, "without_text": 0,
        }
    ]  # fmt: skip
    assert "rows.csv" in fresh("datasets")


def test_a_dataset_is_renamed_relabelled_replaced_and_removed(fresh: Commands, file: str) -> None:
    fresh("import", file, *OPTIONS)
    fresh("datasets", "rename", "d", "e")
    fresh("datasets", "relabel", "e", "--map", "=general-content")
    assert fresh.json("datasets")[0]["labels"] == {"general-content": 2}
    fresh("datasets", "relabel", "e", status=2)
    fresh("datasets", "relabel", "e", "--label-all", "advice", status=2)
    report = fresh.json("import", file, "--dataset", "e", "--role", "seed", "--label", "label",
                        "--replace")  # fmt: skip
    assert (report["removed"], report["relabelled"]) == (1, 1)
    fresh("datasets", "remove", "e")
    assert fresh.json("datasets") == []
    fresh("datasets", "remove", "e", status=1)
    assert "no dataset 'e'" in fresh.err


def test_a_dataset_with_answers_is_removed_only_when_asked(
    clustered_workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    run = Commands(clustered_workspace.path, capsys)
    name = next(item["dataset"] for item in run.json("datasets") if "seed" in item["roles"])
    run("datasets", "remove", name, status=1)
    assert "--with-answers" in run.err
    run("datasets", "remove", name, "--with-answers")
    assert "questions" in run.err
    assert name not in [item["dataset"] for item in run.json("datasets")]


def test_a_recipe_that_names_a_dataset_is_mentioned_when_it_is_renamed(
    fresh: Commands, file: str
) -> None:
    fresh("import", file, *OPTIONS)
    recipe = fresh.workspace / "recipes" / "own.toml"
    recipe.write_text(
        'name = "own"\ndescription = "Mine."\n[[stage]]\n[[stage.source]]\nrows = "real"\n'
        'datasets = ["d"]\n'
    )
    fresh("datasets", "rename", "d", "e")
    assert "recipes/own.toml still names d" in fresh.err
