"""What importing a module may bring along; import-linter holds the rest."""

import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = (
    "torch", "transformers", "sklearn", "scipy", "cleanlab", "openai", "bert_score", "datasets",
    "accelerate",
)  # fmt: skip
TABLES = ("duckdb", "polars", "pyarrow", "numpy")
ROOT = Path(__file__).parents[2]
STAGES = sorted(path.stem for path in (ROOT / "engine" / "stages").glob("[a-z]*.py"))
COMMANDS = sorted(path.stem for path in (ROOT / "tui" / "commands").glob("[a-z]*.py"))
STATISTICS = sorted(path.stem for path in (ROOT / "engine" / "statistics").glob("[a-z]*.py"))


def loaded_by(module: str) -> set[str]:
    """The top-level packages that importing one module loads, in a fresh interpreter."""
    return {name.partition(".")[0] for name in modules_loaded_by(module)}


def modules_loaded_by(module: str) -> set[str]:
    """All modules that importing one loads, in a fresh interpreter."""
    code = f"import sys, {module}; print(*sys.modules)"
    result = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True
    )
    return set(result.stdout.split())


@pytest.mark.parametrize(
    "module",
    [
        "tui.cli",
        "tui.running",
        "tui.services.workspace",
        "engine.jobs.supervisor",
        "engine.jobs.worker",
    ],
)
def test_no_command_screen_or_supervisor_loads_a_model_library(module: str) -> None:
    assert loaded_by(module).isdisjoint(HEAVY)


def test_stages_load_model_libraries_only_when_they_run() -> None:
    modules = ", ".join(f"engine.stages.{name}" for name in STAGES)
    assert loaded_by(modules).isdisjoint(HEAVY)


def test_statistics_need_no_more_than_numpy_before_they_compute() -> None:
    modules = ", ".join(f"engine.statistics.{name}" for name in STATISTICS)
    assert loaded_by(modules).isdisjoint({*HEAVY, "polars", "pydantic"})


def test_the_store_loads_neither_screens_nor_models() -> None:
    assert loaded_by("store.export, store.datasets").isdisjoint({*HEAVY, "textual", "typer"})


def test_the_command_line_loads_what_a_command_needs_only_when_it_is_run() -> None:
    assert loaded_by("tui.cli").isdisjoint({*TABLES, "pydantic", "rich", "textual"})


def test_a_command_loads_neither_a_model_library_nor_the_app_before_it_is_run() -> None:
    modules = ", ".join(f"tui.commands.{name}" for name in COMMANDS)
    assert loaded_by(modules).isdisjoint({*HEAVY, "textual"})


def test_the_screens_load_neither_checks_of_settings_nor_charts_before_they_are_painted() -> None:
    assert loaded_by("tui.running").isdisjoint({*TABLES, "pydantic"})


def test_the_blocking_calls_of_screens_are_not_imported_with_them() -> None:
    loaded = modules_loaded_by("tui.running")
    assert "tui.screens.drift.screen" in loaded
    assert not {name for name in loaded if name.endswith((".desk", ".desks"))}


def test_the_first_paint_needs_no_tables() -> None:
    assert loaded_by("tui.running, tui.services.configuration").isdisjoint(TABLES)


def test_the_database_needs_no_frames_before_the_first_is_read() -> None:
    assert loaded_by("store.database.connection").isdisjoint({"polars", "pyarrow", "numpy"})


def test_the_way_to_a_database_needs_no_duckdb_before_it_is_opened_here() -> None:
    assert loaded_by("store.database.connection, store.clusters").isdisjoint(TABLES)
