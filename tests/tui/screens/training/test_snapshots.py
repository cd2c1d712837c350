"""What the screen looks like, in each state and at both sizes."""

import json
import math
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from engine.jobs.records import JobResult
from engine.training.curve import CurvePoint
from tests.tui.evaluated import add_detectors
from tests.tui.filled import ENDED
from tests.tui.scenes import NARROW, Scene, Size, detector_broken, scenes, with_curves
from tests.tui.trained import ROWS, SECONDS, curve, keep_curve, make_training, train_on, training
from tui.services.workspace import Workspace


@contextmanager
def training_running(workspace: Workspace) -> Iterator[None]:
    """The first of two trainings has made a quarter of its steps."""
    with with_curves(workspace), training(workspace, seeds=2) as job:
        train_on(job, curve([12], [1 / (1 + step / 4) for step in range(12)]), share=0.25)
        yield


@contextmanager
def training_failed(workspace: Workspace) -> Iterator[None]:
    """A training that ended in its second step."""
    job = make_training(workspace)
    train_on(job, curve([2], [0.9, 0.8]), share=0.1)
    error = "The device has too little memory for a batch of 16 rows."
    job.write_result(JobResult(state="failed", error=error, ended_at=ENDED))
    yield


@contextmanager
def held_out(workspace: Workspace) -> Iterator[None]:
    """Three trainings that differ in their seed, one of which stopped early."""
    with workspace.database() as database:
        for seed in range(3):
            name = f"two-stage-{seed + 1}"
            params = {"seed": seed, "name": name, "epochs": 6, "early_stop_epochs": 2}
            add_detectors(database, workspace.path, name, params=json.dumps(params), seed=seed)
            dice = random.Random(seed)
            points = [
                CurvePoint(
                    0, step // 30, step + 1, ROWS,
                    0.2 + math.exp(-step / 60) + dice.gauss(0, 0.1), 2e-5 * (1 - step / 180),
                    SECONDS * (step + 1),
                    0.4 + abs(step - 90) / 200 if step % 30 == 29 else None,
                )
                for step in range(180 if seed else 150)
            ]  # fmt: skip
            keep_curve(workspace, name, points)
    yield


@scenes(
    Scene("training", "training", "evaluated", ("j",), with_curves),
    Scene("empty", "training", "made", sizes=(NARROW,)),
    Scene("untrained", "training", "imported", sizes=(NARROW,)),
    Scene("curves", "training", "evaluated", ("space", "j", "space", "j", "v"), with_curves),
    Scene("held-out", "training", "evaluated", (*"jjjjjj", "s"), held_out),
    Scene("seeds", "training", "evaluated", (*"jjjj", "a", "a"), held_out),
    Scene("learning-rate", "training", "evaluated", ("c", "v"), with_curves),
    Scene("recipes", "training", "imported", ("v", "j")),
    Scene("recipe-rows", "training", "imported", ("v", *"jjjj", "enter")),
    Scene("training-asked", "training", "imported", ("v", *"jjjj", "enter", "t"), sizes=(NARROW,)),
    Scene("running", "training", "evaluated", prepare=training_running),
    Scene("failed", "training", "evaluated", prepare=training_failed, sizes=(NARROW,)),
    Scene(
        "recipe-refused", "training", "imported", ("v", *"jjjjjjj", "enter", "t"), sizes=(NARROW,)
    ),
    Scene("detector-broken", "training", "evaluated", prepare=detector_broken, sizes=[NARROW]),
)
def test_the_screen_looks_as_before(
    scene: Scene, size: Size, looks_the_same: Callable[[Scene, Size], bool]
) -> None:
    assert looks_the_same(scene, size)
