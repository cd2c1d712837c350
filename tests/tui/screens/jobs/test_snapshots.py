"""What the screen looks like, in each state and at both sizes."""

from collections.abc import Callable

from tests.tui.scenes import Scene, Size, job_failed, job_paused, job_running, scenes


@scenes(
    Scene("jobs", "jobs", "evaluated", ("j", "j")),
    Scene("empty", "jobs", "made"),
    Scene("running", "jobs", "clustered", prepare=job_running),
    Scene("cancelling", "jobs", "clustered", ("c",), job_running),
    Scene("failed", "jobs", "clustered", prepare=job_failed),
    Scene("paused", "jobs", "clustered", prepare=job_paused),
    Scene("resuming-paused", "jobs", "clustered", ("r",), job_paused),
    Scene("cancel-refused", "jobs", "clustered", ("c",), job_failed),
)
def test_the_screen_looks_as_before(
    scene: Scene, size: Size, looks_the_same: Callable[[Scene, Size], bool]
) -> None:
    assert looks_the_same(scene, size)
