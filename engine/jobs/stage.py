"""What a stage is: the protocol that every file in `stages/` fulfils, and what it is given.

A stage reads tables, yields frames, and knows nothing of the database or the screen. The
worker turns each yielded frame into one part; a resumed stage is told how many of its parts
exist and yields the rest.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, ClassVar, Protocol, TypeVar

import polars as pl
from pydantic import ValidationError

from engine.errors import InputsMissing, JobSpecInvalid
from engine.jobs.newest import NewText
from engine.jobs.params import StageParams
from engine.jobs.parts import list_parts, read_parquet
from engine.jobs.registry import STAGES
from engine.jobs.tables import WRITTEN
from store.validation import describe_problems

P = TypeVar("P", bound=StageParams, contravariant=True)


class Progress(Protocol):
    """Where a stage reports how far it is; the worker writes it to progress.json."""

    def start(self, total: int, done: int = 0) -> None:
        """Set the number of rows in all, and of those already there."""

    def advance(self, rows: int) -> None:
        """Count rows that are done for good: in a part, or trained on."""

    def note(self, text: str) -> None:
        """Note what the stage does; an empty text clears it."""

    def computed(self, rows: int) -> None:
        """Count rows that will be in the next part."""

    def expect(self, texts: int, most_tokens: int, at_once: int) -> None:
        """Say of how many texts a row is made, how long they may get, how many go on at once.

        Lengths are in new tokens; `at_once` is 0 where it is not known.
        """

    def decoded(self, tokens: int) -> None:
        """Count new tokens, as they come."""

    def wrote(self, text: NewText) -> None:
        """Count a text that has ended, whose tokens were counted, and show it."""

    def dropped(self) -> None:
        """Forget what is in no part: it is computed again."""

    def tell_unsent(self, parameters: str) -> None:
        """Name the parameters of the sampling that a server did not get; "" if it got all."""

    def wait(self, reason: str) -> None:
        """Note what the stage waits for; an empty text ends the wait."""


@dataclass(frozen=True, slots=True)
class Inputs:
    """What a running stage sees: its folder, the tables it may read, the devices.

    `earlier` maps a table to the folders of earlier stages of this job that wrote it. A stage
    `may_pause` its job for what its first rows are like, unless the user said to go on.
    """

    job_id: str
    workspace: Path
    inputs_dir: Path
    stage_dir: Path
    earlier: dict[str, tuple[Path, ...]]
    parts_done: int
    devices: tuple[str, ...]
    progress: Progress
    may_pause: bool = True

    @property
    def device(self) -> str:
        """The first device."""
        return self.devices[0]

    def table(self, name: str) -> pl.DataFrame:
        """The exported rows of a table, then those written earlier in this job.

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
            return pl.DataFrame(schema=WRITTEN[name])
        raise InputsMissing(f"The job has no table {name!r}: it was not exported to inputs/.")


class Stage(Protocol[P]):
    """One step of a job. Heavy libraries are imported inside `run` only."""

    name: ClassVar[str]
    reads: ClassVar[tuple[str, ...]]
    writes: ClassVar[str]
    Params: ClassVar[type[StageParams]]

    def run(self, inputs: Inputs, params: P) -> Iterator[pl.DataFrame]:
        """The frames of the parts from number `inputs.parts_done` on, in order."""


def load_stage(name: str) -> Any:
    """A new stage of the registry; its place there decides which protocol it fulfils.

    Raises JobSpecInvalid that lists the names there are.
    """
    if name not in STAGES:
        raise JobSpecInvalid(f"There is no stage {name!r}. The stages are {', '.join(STAGES)}.")
    module, _, cls = STAGES[name].partition(":")
    return getattr(import_module(module), cls)()


def make_stage(name: str) -> Stage[Any]:
    """A new stage by its name. Raises JobSpecInvalid that lists the names there are."""
    stage: Stage[Any] = load_stage(name)
    return stage


def make_params(name: str, raw: Mapping[str, Any]) -> StageParams:
    """The validated parameters of a stage. Raises JobSpecInvalid with what is wrong."""
    try:
        return make_stage(name).Params.model_validate(dict(raw))
    except ValidationError as error:
        problems = describe_problems(error)
        raise JobSpecInvalid(f"The parameters of {name} do not fit: {problems}.") from error
