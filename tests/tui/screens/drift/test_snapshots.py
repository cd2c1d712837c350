"""What the screen looks like, in each state and at both sizes."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import polars as pl

from tests import rows
from tests.tui.drifted import ask_in_another_way
from tests.tui.scenes import Scene, Size, labelled, scenes
from tui.services.workspace import Workspace


@contextmanager
def compared(workspace: Workspace) -> Iterator[None]:
    """Answers asked for in two ways, and how far they are from production."""
    with workspace.database() as database:
        ask_in_another_way(workspace, database)
        rows.ingest(database, workspace.path, "two_sample", rows.two_sample("t"))
    yield


@contextmanager
def measured(workspace: Workspace) -> Iterator[None]:
    """Answers compared with their seeds as a whole."""
    with workspace.database() as database:
        found = [rows.distribution(f"t-{name}", None, matched=name) for name in (False, True)]
        rows.ingest(database, workspace.path, "distributions", pl.concat(found))
    yield


@scenes(
    Scene("drift", "drift", "evaluated"),
    Scene("drift-spread", "drift", "evaluated", ("c", "v")),
    Scene("drift-labels", "drift", "evaluated", ("v", "v")),
    Scene("drift-ways", "drift", "evaluated", ("v", "v", "v")),
    Scene("map", "drift", "evaluated", ("m", "l", "j")),
    Scene("map-zoomed", "drift", "evaluated", ("m", "m", "l", "z")),
    Scene("map-pairs", "drift", "evaluated", ("m", "l", "enter")),
    Scene("drift-pairs", "drift", "evaluated", ("enter", "j", "e", "j")),
    Scene("drift-pair", "drift", "evaluated", ("enter", "j", "enter")),
    Scene("empty", "drift", "made"),
    Scene("not-scored", "drift", "imported"),
    Scene("labels", "drift", "evaluated", ("v", "v"), labelled),
    Scene("ways", "drift", "evaluated", ("v", "v", "v"), compared),
    Scene("distribution", "drift", "evaluated", ("v", "v", "v", "v"), measured),
    Scene("not-measured", "drift", "evaluated", ("v", "v", "v", "v")),
    Scene("production", "drift", "evaluated", ("v", "v", "v", "v", "v"), compared),
    Scene("filter-refused", "drift", "evaluated", ("enter", "slash", *"/(/", "enter")),
    Scene("none-filtered", "drift", "evaluated", ("enter", "slash", *"zebra", "enter")),
)
def test_the_screen_looks_as_before(
    scene: Scene, size: Size, looks_the_same: Callable[[Scene, Size], bool]
) -> None:
    assert looks_the_same(scene, size)
