"""What the screen looks like, in each state and at both sizes."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from store.decisions import Decision, record
from tests.rows import LABELS
from tests.tui.corrected import corrected, labelled_only
from tests.tui.logged import came_without_log, logged, logged_without_times
from tests.tui.production import add_patterns
from tests.tui.queued import queued
from tests.tui.scenes import NARROW, Scene, Size, in_light, scenes
from tests.tui.shadowed import shadowed, unlabelled
from tests.tui.turned import turned
from tui.services.workspace import Workspace


@contextmanager
def logged_in_light(workspace: Workspace) -> Iterator[None]:
    """A log, on a light terminal."""
    with in_light(workspace), logged(workspace):
        yield


@contextmanager
def patterned(workspace: Workspace) -> Iterator[None]:
    """Patterns of what a guard flagged, one of which is a false alarm."""
    add_patterns(workspace)
    with workspace.database() as database:
        record(database, "ada", [Decision("label", "p-knit", label=LABELS[2])])
    yield


@scenes(
    Scene("empty", "loop", "made", sizes=(NARROW,)),
    Scene("without-log", "loop", "imported", prepare=came_without_log, sizes=(NARROW,)),
    Scene("over-time", "loop", "imported", ("k", "k"), logged),
    Scene("by-version", "loop", "imported", ("g",), logged_in_light),
    Scene("by-category", "loop", "imported", ("g", "g", "l"), logged),
    Scene("opened", "loop", "imported", ("enter",), logged),
    Scene("patterns", "loop", "clustered", ("v", "j"), patterned),
    Scene("corrections", "loop", "imported", ("c",), corrected),
    Scene(
        "corrections-approved", "loop", "imported", ("c", "enter", "z"), corrected, sizes=(NARROW,)
    ),
    Scene("without-corrections", "loop", "imported", ("c",), labelled_only, sizes=(NARROW,)),
    Scene("recall", "loop", "imported", ("v", "v"), shadowed),
    Scene("recall-none", "loop", "imported", ("v", "v"), logged, sizes=(NARROW,)),
    Scene("queues", "loop", "imported", ("v", "v", "v"), queued),
    Scene("queues-none", "loop", "imported", ("v", "v", "v"), logged, sizes=(NARROW,)),
    Scene("rounds", "loop", "imported", ("V", "V"), turned),
    Scene("rounds-none", "loop", "imported", ("V", "V"), logged, sizes=(NARROW,)),
    Scene("shadow", "loop", "imported", ("V", "l", "l"), shadowed),
    Scene("shadow-unlabelled", "loop", "imported", ("V", "j"), unlabelled, sizes=(NARROW,)),
    Scene("without-times", "loop", "imported", prepare=logged_without_times, sizes=(NARROW,)),
)
def test_the_screen_looks_as_before(
    scene: Scene, size: Size, looks_the_same: Callable[[Scene, Size], bool]
) -> None:
    assert looks_the_same(scene, size)
