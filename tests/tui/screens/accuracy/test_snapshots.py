"""What the screen looks like, in each state and at both sizes."""

from collections.abc import Callable

import pytest

from tests.tui.scenes import SCENES, SIZES, Scene, Size

FILLED = [scene for scene in SCENES if scene.screen == "accuracy"]


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("scene", FILLED, ids=lambda scene: scene.name)
def test_the_screen_looks_as_before(
    scene: Scene, size: Size, looks_the_same: Callable[[Scene, Size], bool]
) -> None:
    assert looks_the_same(scene, size)
