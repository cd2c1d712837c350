"""What the screen looks like, in each state and at both sizes."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tests.tui.scenes import NARROW, Scene, Size, in_light, scenes
from tests.tui.tried import tried, trying
from tui.services.workspace import Workspace


@contextmanager
def tried_in_light(workspace: Workspace) -> Iterator[None]:
    """Several ways tried, on a light terminal."""
    with in_light(workspace), tried(workspace):
        yield


@scenes(
    Scene("empty", "try", "made", sizes=(NARROW,)),
    Scene("untried", "try", "imported", sizes=(NARROW,)),
    Scene("tried", "try", "imported", ("j", "l", "l"), tried),
    Scene("tried-in-light", "try", "imported", ("j", "l"), tried_in_light),
    Scene("trying", "try", "imported", prepare=trying, sizes=(NARROW,)),
    Scene("choosing", "try", "imported", ("n", "j", "space", "l"), tried, sizes=(NARROW,)),
    Scene("using", "try", "imported", ("l", "l", "u"), tried),
)
def test_the_screen_looks_as_before(
    scene: Scene, size: Size, looks_the_same: Callable[[Scene, Size], bool]
) -> None:
    assert looks_the_same(scene, size)
