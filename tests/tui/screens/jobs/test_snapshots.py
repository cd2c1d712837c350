"""What the screen looks like, in each state and at both sizes."""

from collections.abc import Callable

from tests.tui.scenes import NARROW, Scene, Size, job_failed, job_paused, job_running, scenes


@scenes(
    Scene("jobs", "jobs", "evaluated", ("j", "j")),
    Scene("empty", "jobs", "made", sizes=(NARROW,)),
    Scene("running", "jobs", "clustered", prepare=job_running),
    Scene("cancelling", "jobs", "clustered", ("c",), job_running, sizes=(NARROW,)),
    Scene("failed", "jobs", "clustered", prepare=job_failed, sizes=(NARROW,)),
    Scene("paused", "jobs", "clustered", prepare=job_paused, sizes=(NARROW,)),
    Scene("resuming-paused", "jobs", "clustered", ("r",), job_paused, sizes=(NARROW,)),
    Scene("cancel-refused", "jobs", "clustered", ("c",), job_failed, sizes=(NARROW,)),
)
def test_the_screen_looks_as_before(
    scene: Scene, size: Size, looks_the_same: Callable[[Scene, Size], bool]
) -> None:
    assert looks_the_same(scene, size)
