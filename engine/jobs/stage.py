"""What a stage is: the protocol that every file in `stages/` fulfils, and what it is given.

A stage reads tables, yields frames, and knows nothing of the database or the screen. The
worker turns each yielded frame into one part; a resumed stage is told how many of its parts
exist and yields the rest.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Protocol, TypeVar

import polars as pl

from engine.errors import InputsMissing
from engine.jobs.params import StageParams
from engine.jobs.parts import list_parts, read_parquet
from store.schema import PARTS

P = TypeVar("P", bound=StageParams, contravariant=True)


class Progress(Protocol):
    """Where a stage says how far it is; the worker writes it to progress.json."""

    def start(self, total: int, done: int = 0) -> None:
        """Set the number of rows in all, and of those already there."""

    def advance(self, rows: int, tokens: int = 0) -> None:
        """Count finished rows and the tokens written for them."""

    def note(self, text: str) -> None:
        """Say what the stage does; an empty text clears it."""

    def tell_unsent(self, parameters: str) -> None:
        """Say which parameters of the sampling a server did not get; "" where it got all."""

    def wait(self, reason: str) -> None:
        """Say what the stage waits for; an empty text ends the wait."""


@dataclass(frozen=True, slots=True)
class Inputs:
    """What a running stage sees: its folder, the tables it may read, the devices.

    `earlier` maps a table to the folders of earlier stages of this job that wrote it.
    """

    job_id: str
    workspace: Path
    inputs_dir: Path
    stage_dir: Path
    earlier: dict[str, tuple[Path, ...]]
    parts_done: int
    devices: tuple[str, ...]
    progress: Progress

    @property
    def device(self) -> str:
        """The first device."""
        return self.devices[0]

    def table(self, name: str) -> pl.DataFrame:
        """Return the exported rows of a table, then those written earlier in this job.

        Raises InputsMissing if neither exists.
        """
        frames = []
        exported = self.inputs_dir / f"{name}.parquet"
        if exported.exists():
            frames.append(read_parquet(exported))
        folders = self.earlier.get(name, ())
        frames += [read_parquet(part) for folder in folders for part in list_parts(folder)]
        if frames:
            return pl.concat(frames)
        if folders:
            return pl.DataFrame(schema=PARTS[name])
        raise InputsMissing(f"The job has no table {name!r}: it was not exported to inputs/.")


class Stage(Protocol[P]):
    """One step of a job. Heavy libraries are imported inside `run` only."""

    name: ClassVar[str]
    reads: ClassVar[tuple[str, ...]]
    writes: ClassVar[str]
    Params: ClassVar[type[StageParams]]

    def run(self, inputs: Inputs, params: P) -> Iterator[pl.DataFrame]:
        """Yield the frames of the parts from number `inputs.parts_done` on, in order."""
