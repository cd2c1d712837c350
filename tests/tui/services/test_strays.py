import shutil
from pathlib import Path

import pytest

from tests.commands import Commands
from tui.services.strays import describe_strays, toml_names
from tui.services.workspace import Workspace

LITTER = ("._real.toml", ".DS_Store", "Thumbs.db", "desktop.ini")


def test_only_files_that_can_be_meant_are_named(tmp_path: Path) -> None:
    conflicts = ("real (conflicted copy).toml", "real.sync-conflict-20260101-101010-ABC.toml")
    for name in ("real.toml", "my own [2].toml", *LITTER, *conflicts):
        (tmp_path / name).touch()
    assert toml_names(tmp_path) == ["my own [2]", "real"]
    assert toml_names(tmp_path / "missing") == []


def test_strays_are_named_in_one_line(tmp_path: Path) -> None:
    assert describe_strays(tmp_path, []) == ""
    for folder in ("recipes", "detectors"):
        (tmp_path / folder).mkdir()
        for name in LITTER:
            (tmp_path / folder / name).touch()
    line = describe_strays(tmp_path, ["lost+found"])
    assert line.endswith("jobs/lost+found, recipes/Thumbs.db, recipes/desktop.ini and 2 more.")


@pytest.fixture
def littered(clustered_workspace: Workspace) -> Workspace:
    """Litter in all folders, and a job twice, once under another name and once damaged."""
    path = clustered_workspace.path
    for folder in ("", "recipes", "templates", "jobs", "detectors", "exports"):
        (path / folder).mkdir(exist_ok=True)
        for name in LITTER:
            (path / folder / name).write_bytes(b"\x00\x05\x16\x07\xff")
    (path / "jobs" / "lost+found").mkdir()
    job = clustered_workspace.supervisor.jobs()[0]
    for name in (f"{job.job_id} (conflicted copy)", f"{job.job_id}-2", "20250101-000000-dead"):
        shutil.copytree(job.path, path / "jobs" / name)
    (path / "jobs" / "20250101-000000-dead" / "spec.json").write_bytes(b"{")
    return clustered_workspace


def test_strays_break_no_command(littered: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    run = Commands(littered.path, capsys)
    jobs = [job["job_id"] for job in run.json("jobs")]
    assert len(jobs) == 1
    assert run.err.count("\n") == 1
    assert run.err.startswith("Passed over, since Backquery did not make it: jobs/")
    assert [job["job_id"] for job in run.json("status")["jobs"]] == jobs
    run("recipes")
    run("clusters")
    run("jobs", "show", jobs[0], status=0)


def test_missing_folders_are_made_when_they_are_needed(
    imported_workspace: Workspace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = Commands(imported_workspace.path, capsys)
    for name in ("jobs", "detectors", "exports"):
        shutil.rmtree(imported_workspace.path / name)
    rows = tmp_path / "rows.csv"
    rows.write_text("text,label\nCool it.,health-advice\nNot known.,nonsense\n")
    run("import", str(rows), "--dataset", "two", "--role", "seed", "--label", "label")
    assert len(list((imported_workspace.path / "exports").iterdir())) == 1
    assert run.json("jobs") == []
