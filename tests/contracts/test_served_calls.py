"""What other processes may call is found by its mark, and can be said over a socket."""

import ast
import importlib
import pkgutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import store
from store.serving.values import form_of, types_of

MODULES = sorted(
    item.name for item in pkgutil.walk_packages(store.__path__, "store.") if not item.ispkg
)
OPENS = {"read", "write"}


def served_functions() -> list[Callable[..., Any]]:
    """All functions of the store that carry the mark."""
    found = [
        value.served
        for name in MODULES
        for value in vars(importlib.import_module(name)).values()
        if getattr(getattr(value, "served", None), "__module__", None) == name
    ]
    return sorted(found, key=lambda function: f"{function.__module__}.{function.__name__}")


def opens_database(node: ast.FunctionDef) -> bool:
    """Whether a function opens a cursor on its argument `database`."""
    return any(
        isinstance(item, ast.Attribute)
        and item.attr in OPENS
        and isinstance(item.value, ast.Name)
        and item.value.id == "database"
        for item in ast.walk(node)
    )


def functions_of(path: Path) -> list[ast.FunctionDef]:
    return [
        node
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef)
    ]


@pytest.mark.parametrize("name", [name for name in MODULES if "database" not in name])
def test_every_function_that_opens_the_database_is_served_to_other_processes(name: str) -> None:
    path = importlib.import_module(name).__file__
    assert path is not None
    functions = functions_of(Path(path))
    bare = {
        node.name
        for node in functions
        if opens_database(node)
        and not any(ast.unparse(mark) == "served" for mark in node.decorator_list)
    }
    assert {item for item in bare if not item.startswith("_")} == set()


def test_nothing_is_read_or_written_but_by_functions_of_the_store() -> None:
    root = Path(store.__path__[0]).parent
    for room in ("tui", "engine"):
        for path in (root / room).rglob("*.py"):
            names = {node.name for node in functions_of(path) if opens_database(node)}
            assert not names, path


@pytest.mark.parametrize(
    "function", served_functions(), ids=lambda item: f"{item.__module__}.{item.__name__}"
)
def test_arguments_and_results_of_what_is_served_can_go_over_a_socket(
    function: Callable[..., Any],
) -> None:
    hints = types_of(function)
    for name, kind in hints.items():
        if name != "database":
            form_of(kind)
    assert "return" in hints
