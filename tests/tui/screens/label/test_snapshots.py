"""What the screen looks like, in each state and at both sizes."""

from collections.abc import Callable

from tests.tui.scenes import Scene, Size, label_unknown, labelled, scenes


@scenes(
    "label",
    Scene("empty", "label", "made"),
    Scene("all-labelled", "label", "clustered", prepare=labelled),
    Scene("label-unknown", "label", "clustered", prepare=label_unknown),
    Scene("nothing-to-undo", "label", "clustered", ("u",)),
    Scene("search-refused", "label", "clustered", ("slash", *"/(/", "enter")),
    Scene("note", "label", "clustered", ("c", *"see it again")),
    Scene("unsure-clusters", "label", "clustered", ("b", "enter")),
)
def test_the_screen_looks_as_before(
    scene: Scene, size: Size, looks_the_same: Callable[[Scene, Size], bool]
) -> None:
    assert looks_the_same(scene, size)
