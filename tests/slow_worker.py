"""A worker whose only stage waits for leave before each part, so that tests can interrupt it."""

import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Event
from typing import ClassVar

import polars as pl

from engine.errors import EngineError
from engine.jobs import registry
from engine.jobs.params import StageParams
from engine.jobs.stage import Inputs
from engine.jobs.worker import main
from store.schema import QUERIES
from tests import rows

STAGES = {"slow": "tests.slow_worker:SlowStage"}


class SlowParams(StageParams):
    """`parts` of one query each; at part `fail_at` the stage fails until it is mended."""

    parts: int = 3
    fail_at: int | None = None


class SlowStage:
    """Yields part n once the file `leave-n` lies in the workspace."""

    name: ClassVar[str] = "slow"
    reads: ClassVar[tuple[str, ...]] = ()
    writes: ClassVar[str] = "queries"
    Params: ClassVar[type[StageParams]] = SlowParams

    def run(self, inputs: Inputs, params: SlowParams) -> Iterator[pl.DataFrame]:
        inputs.progress.start(params.parts, inputs.parts_done)
        for part in range(inputs.parts_done, params.parts):
            while not (inputs.workspace / f"leave-{part}").exists():
                Event().wait(0.01)
            if part == params.fail_at and not (inputs.workspace / "mended").exists():
                raise EngineError("The model is made of cheese.")
            yield rows.queries([f"s{part}"], job_id=inputs.job_id).cast(QUERIES)
            inputs.progress.advance(1)


def give_leave(workspace: Path, *parts: int) -> None:
    """Let parts be written."""
    for part in parts:
        (workspace / f"leave-{part}").touch()


if __name__ == "__main__":
    registry.STAGES.update(STAGES)
    sys.exit(main(sys.argv[1:]))
