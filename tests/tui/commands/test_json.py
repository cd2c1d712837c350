"""What `--json` prints is what its schemas say, and those are pinned in the documentation."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
from jsonschema import Draft202012Validator

from store.decisions import Decision, record
from tests import rows
from tests.commands import Commands
from tests.documents import DOCS
from tests.json_schemas import RESULTS, file_name, schema_of
from tests.tui.audited import audit, label_clusters
from tests.tui.filled import BENCHMARK
from tests.tui.production import LIVE, add_patterns
from tui.cli import app
from tui.services.workspace import Workspace

ARGUMENTS = {
    "jobs show": ("20260105-090000-a1f0",),
    "train": ("two-stage", "--preview"),
    "evaluate": ("baseline:majority", "--on", BENCHMARK),
    "compare": ("--on", BENCHMARK),
    "threshold": ("two-stage", "--on", BENCHMARK),
    "seeds": ("--from", "log", "--as", "failures"),
    "round": ("--on", "log", "--show"),
    "interventions": ("--on", "log", "--group", "version"),
}
"""What the commands that need arguments are given."""


@pytest.fixture
def audited_workspace(evaluated_workspace: Workspace) -> Workspace:
    """A workspace with a value of every kind: detectors, labels of two people, an audit, a log."""
    with evaluated_workspace.database() as database:
        rows.add_records(database, "log", [{"verdict": "flagged"}, {}])
        label_clusters(database, "ada", clusters=8)
        label_clusters(database, "bob", clusters=12, skip=4)
        audit(database, "ada")
    return evaluated_workspace


def commands_with_json(command: Any, path: str = "") -> Iterator[str]:
    """The names of all commands that have `--json`."""
    if any("--json" in option.opts for option in command.params):
        yield path
    for name in getattr(command, "commands", ()):
        below = command.get_command(None, name)
        yield from commands_with_json(below, f"{path} {name}".strip())


def test_every_command_with_json_has_a_schema() -> None:
    assert sorted(commands_with_json(typer.main.get_command(app))) == sorted(RESULTS)


@pytest.mark.parametrize("command", RESULTS)
def test_the_schema_is_the_pinned_one(command: str) -> None:
    pinned = (DOCS / "schemas" / file_name(command)).read_text(encoding="utf-8")
    assert json.loads(pinned) == schema_of(command), (
        "What --json prints has changed. If that is meant, `make documents` pins it again, and "
        "the changelog says so."
    )


@pytest.mark.parametrize(
    "command",
    sorted(
        RESULTS.keys()
        - {
            "import",
            "invent",
            "try",
            "annotate",
            "simulate labels",
            "simulate learning",
            "recall",
            "queue",
            "shadow",
            "patterns",
        }
    ),
)
def test_what_a_command_prints_fits_its_schema(
    command: str, audited_workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    run = Commands(audited_workspace.path, capsys)
    printed = run.json(*command.split(), *ARGUMENTS.get(command, ()))
    Draft202012Validator(schema_of(command)).validate(printed)


def test_what_patterns_prints_fits_its_schema(
    clustered_workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    add_patterns(clustered_workspace)
    with clustered_workspace.database() as database:
        record(database, "ada", [Decision("label", "p-knit", label=rows.LABELS[2])])
    printed = Commands(clustered_workspace.path, capsys).json("patterns", "--on", LIVE)
    Draft202012Validator(schema_of("patterns")).validate(printed)
    assert (printed["precision"], printed["flagged"], printed["decided"]) == (0, 8, 3)
    assert [item["finding"] for item in printed["patterns"]] == [None, "false alarm", None]


def test_what_import_prints_fits_its_schema(
    audited_workspace: Workspace, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "more.csv"
    file.write_text("text,label\nOne more text.,health-advice\n,health-advice\n", encoding="utf-8")
    printed = Commands(audited_workspace.path, capsys).json(
        "import", str(file), "--dataset", "more", "--role", "seed", "--text", "text",
        "--label", "label",
    )  # fmt: skip
    Draft202012Validator(schema_of("import")).validate(printed)
    assert (printed["rows_in"], printed["rejected"]) == (1, 1)


def test_a_schema_refuses_a_key_that_is_missing_or_new(
    audited_workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    printed = Commands(audited_workspace.path, capsys).json("status")
    validator = Draft202012Validator(schema_of("status"))
    assert not validator.is_valid({**printed, "new": 1})
    del printed["labels"]
    assert not validator.is_valid(printed)
