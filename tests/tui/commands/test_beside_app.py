"""Commands in processes of their own, while another process has the workspace open."""

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from store.clusters import list_clusters
from store.counts import count_all
from store.database.connection import Database
from store.datasets import list_datasets
from tests import rows
from tests.tui.filled import write_job
from tui.services.workspace import Workspace


def begin(workspace: Workspace, arguments: Sequence[str]) -> "subprocess.Popen[str]":
    """A command in a process of its own."""
    command = [sys.executable, "-m", "tui", "-w", str(workspace.path), *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def run(workspace: Workspace, *arguments: str) -> str:
    """What a command prints on standard output; it has to end well."""
    started = begin(workspace, arguments)
    shown, said = started.communicate(timeout=120)
    assert started.returncode == 0, said
    return shown


def test_ten_commands_at_once_get_ten_right_answers(evaluated_workspace: Workspace) -> None:
    with Database(evaluated_workspace.path, role="the app") as database:
        samples = count_all(database).samples
        started = [begin(evaluated_workspace, ["status", "--json"]) for _ in range(10)]
        found = [json.loads(command.communicate(timeout=120)[0]) for command in started]
        assert [answer["samples"] for answer in found] == [samples] * 10


def test_ten_commands_at_once_need_no_app(evaluated_workspace: Workspace) -> None:
    started = [begin(evaluated_workspace, ["status", "--json"]) for _ in range(10)]
    found = [json.loads(command.communicate(timeout=120)[0]) for command in started]
    assert len({json.dumps(answer) for answer in found}) == 1


def test_what_commands_write_is_in_the_database_that_is_open(
    evaluated_workspace: Workspace, tmp_path: Path
) -> None:
    more = tmp_path / "more.csv"
    more.write_text("text,label\nDrink more water.,health-advice\nWater is wet.,health-content\n")
    with Database(evaluated_workspace.path, role="the app", is_modest=True) as database:
        run(evaluated_workspace, "import", str(more), "--dataset", "more", "--role", "train",
            "--text", "text", "--label", "label")  # fmt: skip
        run(evaluated_workspace, "datasets", "rename", "more", "water")
        names = {item.dataset: item.rows for item in list_datasets(database)}
        assert names["water"] == 2
        cluster = list_clusters(database)[0].cluster_id
        decisions = tmp_path / "decisions.csv"
        decisions.write_text(f"cluster_id,label\n{cluster},health-advice\n")
        before = count_all(database).decisions
        run(evaluated_workspace, "label", "--from", str(decisions))
        assert count_all(database).decisions == before + 1
        run(evaluated_workspace, "datasets", "remove", "water")
        assert "water" not in {item.dataset for item in list_datasets(database)}


def test_parts_are_taken_in_once_by_the_owner_whoever_asks(
    imported_workspace: Workspace,
) -> None:
    parts = [rows.queries([f"x{part}{number}" for number in range(250)]) for part in range(4)]
    with Database(imported_workspace.path, role="the app", is_modest=True) as database:
        before = count_all(database).queries
        write_job(imported_workspace, "20260106-090000-aaaa", [("queries", part) for part in parts])
        started = [begin(imported_workspace, ["status", "--json"]) for _ in range(5)]
        imported_workspace.ingest(database)
        found = [json.loads(command.communicate(timeout=120)[0]) for command in started]
        assert [answer["queries"] for answer in found] == [before + 1000] * 5
        assert count_all(database).queries == before + 1000


@pytest.mark.parametrize(
    "arguments",
    [
        ("datasets", "--json"),
        ("clusters", "--json"),
        ("audit", "--json"),
        ("recipes", "--json"),
        ("drift", "--json"),
        ("export", "pairs", "--to", "pairs.parquet"),
        ("export", "training-set", "--recipe", "real", "--to", "rows.jsonl"),
    ],
)
def test_a_command_prints_the_same_beside_an_owner_and_alone(
    evaluated_workspace: Workspace, arguments: Sequence[str], tmp_path: Path
) -> None:
    def once(name: str) -> str:
        told = [
            str(tmp_path / name / item) if "." in item and not item.startswith("-") else item
            for item in arguments
        ]
        (tmp_path / name).mkdir()
        shown = run(evaluated_workspace, *told)
        files = [path for path in (tmp_path / name).iterdir() if "card" not in path.name]
        return shown + "".join(str(path.read_bytes()) for path in files)

    alone = once("alone")
    with Database(evaluated_workspace.path, role="the app"):
        assert once("beside") == alone
