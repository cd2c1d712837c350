"""A training that may kill itself, in a process that has loaded the libraries already.

A moment is "never", "step:N" (right after the Nth step of the process, before a checkpoint of it),
or "save:N:FILE" (while the process writes its Nth checkpoint, half of FILE).
"""

import multiprocessing
import os
import signal
from pathlib import Path
from typing import Any

import torch

from engine.jobs.parts import file_digest
from engine.stages.train import TrainStage
from engine.training import checkpoints
from engine.training.params import TrainParams
from engine.training.record import StageRecord
from tests.fakes import make_inputs, run_stage

PRELOADED = [
    "tests.killed_training",
    "torch",
    "transformers",
    "transformers.models.bert.modeling_bert",
    "transformers.models.bart.modeling_bart",
]


def die() -> None:
    """End as a killed process does: nothing is cleaned up."""
    os.kill(os.getpid(), signal.SIGKILL)


def arm(moment: str) -> None:
    """Die at the moment."""
    kind, _, where = moment.partition(":")
    if kind == "step":
        _die_after_step(int(where))
    elif kind == "save":
        number, _, name = where.partition(":")
        _die_while_saving(int(number), name)


def _die_after_step(number: int) -> None:
    finish, steps = StageRecord.finish_step, 0

    def counted(self: StageRecord, place: int, rows: int, total: Any, rate: float) -> None:
        nonlocal steps
        finish(self, place, rows, total, rate)
        steps += 1
        if steps == number:
            die()

    monkey: Any = StageRecord
    monkey.finish_step = counted


def _die_while_saving(number: int, name: str) -> None:
    seen = 0

    def counted(path: Path) -> str:
        nonlocal seen
        seen += path.name == name and not (path.parent / checkpoints.COMPLETE).exists()
        if seen == number:
            os.truncate(path, path.stat().st_size // 2)
            die()
        return file_digest(path)

    vars(checkpoints)["file_digest"] = counted


def run_until(workspace: Path, params: TrainParams, moment: str) -> bool:
    """Run the stage in a process, as a resumed job does; return whether it was killed."""
    processes = multiprocessing.get_context("forkserver")
    processes.set_forkserver_preload(PRELOADED)
    process = processes.Process(target=_run, args=(workspace, params.model_dump_json(), moment))
    process.start()
    process.join()
    assert process.exitcode in (0, -signal.SIGKILL)
    return process.exitcode != 0


def _run(workspace: Path, params: str, moment: str) -> None:
    # As many threads as in the test's own process: with others, sums are rounded otherwise.
    torch.set_num_threads(1)
    arm(moment)
    inputs = make_inputs(workspace, {})
    run_stage(TrainStage(checkpoint_steps=3), inputs, TrainParams.model_validate_json(params))
