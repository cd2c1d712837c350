"""What the screen looks like, in each state and at both sizes."""

from collections.abc import Callable

from tests.tui.scenes import (
    NARROW,
    Scene,
    Size,
    detector_broken,
    job_failed,
    job_running,
    label_unknown,
    scenes,
)


@scenes(
    Scene("pipeline", "pipeline", "evaluated"),
    Scene("run", "pipeline", "imported", ("r",)),
    Scene("empty", "pipeline", "made", sizes=(NARROW,)),
    Scene("pairs", "pipeline", "pairs clustered"),
    Scene("coverage", "pipeline", "pairs clustered", ("v",)),
    Scene("coverage-values", "pipeline", "pairs clustered", ("v", "v"), sizes=[NARROW]),
    Scene("coverage-empty", "pipeline", "pairs made", ("v",), sizes=[NARROW]),
    Scene("running", "pipeline", "imported", prepare=job_running),
    Scene("failed", "pipeline", "imported", prepare=job_failed, sizes=(NARROW,)),
    Scene("detector-broken", "pipeline", "evaluated", prepare=detector_broken, sizes=[NARROW]),
    Scene("label-unknown", "pipeline", "evaluated", prepare=label_unknown, sizes=(NARROW,)),
)
def test_the_screen_looks_as_before(
    scene: Scene, size: Size, looks_the_same: Callable[[Scene, Size], bool]
) -> None:
    assert looks_the_same(scene, size)
