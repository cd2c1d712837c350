"""What the screen looks like, in each state and at both sizes."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tests import rows
from tests.tui.filled import write_job
from tests.tui.scenes import NARROW, Scene, Size, in_light, labelled, scenes
from tui.services.workspace import Workspace


@contextmanager
def some_failed(workspace: Workspace) -> Iterator[None]:
    """Labelled answers, and questions that could not be written."""
    with labelled(workspace), workspace.database() as database, database.read() as cursor:
        samples = [item for (item,) in cursor.rows(
            "SELECT sample_id FROM samples WHERE sample_id NOT IN (SELECT sample_id FROM queries) "
            "ORDER BY sample_id LIMIT 3")]  # fmt: skip
    failed = rows.queries(samples, text=None, raw=None, error="the server said 503: \x1b[1mbusy")
    write_job(workspace, "20260107-090000-aaaa", [("queries", failed)])
    yield


@scenes(
    Scene("seeds", "data", "evaluated", ("j", "l", "l", "s")),
    Scene("questions", "data", "evaluated", ("v",)),
    Scene("answers", "data", "evaluated", ("v", "v", "l", "s", "s"), labelled),
    Scene("pairs", "data", "evaluated", ("v", "v", "v", "G"), some_failed),
    Scene("record", "data", "evaluated", ("v", "v", "v", "enter"), labelled),
    Scene(
        "record-failed",
        "data",
        "evaluated",
        ("v", "v", "v", "G", "enter"),
        some_failed,
        sizes=(NARROW,),
    ),
    Scene("searched", "data", "evaluated", ("slash", *"week", "enter")),
    Scene("search-refused", "data", "evaluated", ("slash", *"/(/"), sizes=(NARROW,)),
    Scene("filter", "data", "evaluated", ("v", "v", "f", "right"), labelled, sizes=(NARROW,)),
    Scene("none-found", "data", "evaluated", ("slash", *"zebra", "enter"), sizes=(NARROW,)),
    Scene("datasets", "data", "evaluated", ("V", "j")),
    Scene("remove", "data", "evaluated", ("V", "x"), sizes=(NARROW,)),
    Scene("relabel", "data", "evaluated", ("V", "m"), sizes=(NARROW,)),
    Scene("roles", "data", "evaluated", ("V", "o"), sizes=(NARROW,)),
    Scene("pairs-in-light", "data", "evaluated", ("v", "v", "v", "j", "l"), in_light),
    Scene("relabel-in-light", "data", "evaluated", ("V", "m"), in_light),
    Scene("empty", "data", "made", sizes=(NARROW,)),
)
def test_the_screen_looks_as_before(
    scene: Scene, size: Size, looks_the_same: Callable[[Scene, Size], bool]
) -> None:
    assert looks_the_same(scene, size)
