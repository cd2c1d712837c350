"""Trainings under way and learning curves, for tests of what is shown of them."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict

from engine.jobs.job import JobFolder
from engine.jobs.records import StageProgress
from engine.training.curve import CurvePoint
from tests.tui.filled import write_progress
from tui.services.jobs.training import assemble_recipe
from tui.services.jobs.training_draft import draft_training
from tui.services.workspace import Workspace

ROWS, SECONDS = 16, 0.5  # of a step


def curve(
    steps: Sequence[int], losses: Sequence[float], *, learning_rate: float = 2e-5
) -> list[CurvePoint]:
    """Make a curve with so many steps in each training stage, each of one epoch."""
    places = [(stage, step + 1) for stage, count in enumerate(steps) for step in range(count)]
    return [
        CurvePoint(stage, 0, step, ROWS, loss, learning_rate, SECONDS * number)
        for number, ((stage, step), loss) in enumerate(zip(places, losses, strict=True), start=1)
    ]


def keep_curve(workspace: Workspace, detector_id: str, points: Sequence[CurvePoint]) -> None:
    """Put a curve into a detector's folder, as a finished training does."""
    folder = workspace.path / "detectors" / detector_id
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "curve.json").write_text(json.dumps([asdict(point) for point in points]))


def make_training(workspace: Workspace, name: str = "live", *, seeds: int = 1) -> JobFolder:
    """Make the job that trains with the recipe `real`, and start nothing."""
    with workspace.database() as database:
        rows = assemble_recipe(workspace, database, workspace.recipe("real"))
        draft = draft_training(workspace, database, rows, name, seeds)
    return workspace.supervisor.create(draft.stages, draft.inputs, "cpu")


@contextmanager
def training(workspace: Workspace, name: str = "live", *, seeds: int = 1) -> Iterator[JobFolder]:
    """Let a training of the recipe `real` be under way while the block lasts."""
    job = make_training(workspace, name, seeds=seeds)
    with job.lock():
        job.log_path.write_text("")
        yield job


def train_on(job: JobFolder, points: Sequence[CurvePoint], *, share: float) -> None:
    """Append steps to the curve of a job's first training, and say how far it is."""
    progress = StageProgress(
        done=round(1000 * share), total=1000, rows_per_s=123.4, eta_s=75.0,
        note="training stage 1 of 2",
    )  # fmt: skip
    write_progress(job, 0, "train", progress)
    with (job.stage_dir(0, "train") / "curve.jsonl").open("a") as file:
        file.writelines(json.dumps(asdict(point)) + "\n" for point in points)
