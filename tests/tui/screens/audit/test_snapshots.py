"""What the screen looks like, in each state and at both sizes."""

from collections.abc import Callable

from tests.tui.scenes import (
    NARROW,
    Scene,
    Size,
    audited,
    classified,
    decided_pairs,
    label_unknown,
    labelled,
    scenes,
)


@scenes(
    Scene("audit-empty", "audit", "imported", sizes=(NARROW,)),
    Scene("audit-intro", "audit", "clustered", prepare=labelled),
    Scene("audit", "audit", "clustered", ("n", "1", "2", "d"), labelled),
    Scene("audit-figures", "audit", "evaluated", ("j", "x"), audited),
    Scene("agreement", "audit", "evaluated", ("v", "j"), classified),
    Scene("agreement-with-detector", "audit", "clustered", ("v", "v"), labelled),
    Scene("dimensions", "audit", "pairs clustered", ("v",), decided_pairs),
    Scene("audit-pair", "audit", "pairs clustered", ("V", "n"), labelled),
    Scene("empty", "audit", "made", sizes=(NARROW,)),
    Scene("label-unknown", "audit", "evaluated", prepare=label_unknown, sizes=(NARROW,)),
    Scene("another-round", "audit", "evaluated", ("n",), audited, sizes=(NARROW,)),
    Scene("nothing-to-undo", "audit", "evaluated", ("u",), labelled, sizes=(NARROW,)),
)
def test_the_screen_looks_as_before(
    scene: Scene, size: Size, looks_the_same: Callable[[Scene, Size], bool]
) -> None:
    assert looks_the_same(scene, size)
