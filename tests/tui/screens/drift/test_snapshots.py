"""What the screen looks like, in each state and at both sizes."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext

import polars as pl

from tests import rows
from tests.tui.drifted import ask_in_another_way
from tests.tui.scenes import NARROW, WIDE, Prepare, Scene, Size, labelled, scenes
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


def view(name: str, place: int, prepare: Prepare = nullcontext) -> tuple[Scene, Scene]:
    """A view by its place among them; where there is room, the scores are over each."""
    return tuple(
        Scene(name, "drift", "evaluated", ("v",) * presses, prepare, sizes=(size,))
        for size, presses in ((NARROW, place), (WIDE, place - 1))
    )  # type: ignore[return-value]


@scenes(
    Scene("drift", "drift", "evaluated"),
    *view("drift-spread", 1),
    *view("drift-labels", 2),
    *view("drift-ways", 3),
    Scene("map", "drift", "evaluated", ("m", "l", "j")),
    Scene("map-zoomed", "drift", "evaluated", ("m", "m", "l", "z")),
    Scene("map-pairs", "drift", "evaluated", ("m", "l", "enter")),
    Scene("drift-pairs", "drift", "evaluated", ("enter", "j", "e", "j")),
    Scene("drift-pair", "drift", "evaluated", ("enter", "j", "enter")),
    Scene("empty", "drift", "made", sizes=(NARROW,)),
    Scene("not-scored", "drift", "imported", sizes=(NARROW,)),
    *view("labels", 2, labelled),
    *view("ways", 3, compared),
    *view("distribution", 4, measured),
    *view("not-measured", 4),
    *view("time", 5, compared),
    *view("production", 6, compared),
    Scene(
        "filter-refused", "drift", "evaluated", ("enter", "slash", *"/(/", "enter"), sizes=(NARROW,)
    ),
    Scene(
        "none-filtered",
        "drift",
        "evaluated",
        ("enter", "slash", *"zebra", "enter"),
        sizes=(NARROW,),
    ),
)
def test_the_screen_looks_as_before(
    scene: Scene, size: Size, looks_the_same: Callable[[Scene, Size], bool]
) -> None:
    assert looks_the_same(scene, size)
