"""Workspaces that several tests of commands begin from; what takes long in them is made once."""

import csv
import shutil
from pathlib import Path

import pytest

from tests import rows
from tests.commands import Commands
from tests.tiny import tiny_bert

TEXTS = (
    "You should rest for {} days.",
    "The liver stores {} grams of sugar.",
    "The train at {} is late.",
)
ROWS = 36


def write_rows(path: Path, labels: tuple[str, ...] = rows.LABELS, rows: int = ROWS) -> Path:
    """Labelled rows as a CSV file: text, label."""
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("text", "label"))
        for number in range(rows):
            kind = number % len(labels)
            writer.writerow((TEXTS[kind].format(number), labels[kind]))
    return path


@pytest.fixture(scope="session")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for what is made once for all tests of a process."""
    return tmp_path_factory.mktemp("kept")


@pytest.fixture
def untrained(
    tmp_path: Path,
    kept: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> Commands:
    """The commands of a workspace with labelled rows and tiny models, without a detector."""
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    model = kept / "bert"
    if not model.exists():
        tiny_bert(model)
    run = Commands(tmp_path / "w", capsys)
    run("init", str(run.workspace))
    known = write_rows(tmp_path / "rows.csv")
    run("import", str(known), "--dataset", "d", "--role", "train", "--label", "label")
    settings = run.workspace / "workspace.toml"
    settings.write_text(settings.read_text().replace("bundled:all-minilm-l6-v2", f"path:{model}"))
    return run


@pytest.fixture
def trained(untrained: Commands, kept: Path) -> Commands:
    """The same with an initial detector, which is trained for the first of these tests alone."""
    made = kept / "trained"
    if not made.exists():
        untrained("train", "initial")
        shutil.copytree(untrained.workspace, made)
    shutil.rmtree(untrained.workspace)
    shutil.copytree(made, untrained.workspace)
    return untrained
