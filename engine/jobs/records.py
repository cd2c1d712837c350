"""What the files of a job hold: its spec, how far its stages are, and how it ended."""

import json
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict

from engine.jobs.parts import write_text

JobState = Literal[
    "queued", "running", "waiting", "interrupted", "done", "paused", "failed", "cancelled"
]
ACTIVE: Final = frozenset({"running", "waiting"})  # a process works on the job
ENDED: Final = frozenset({"done", "paused", "failed", "cancelled"})

_VERSIONED = ("backquery", "torch", "transformers", "scikit-learn", "bert-score", "polars")


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class StageSpec(_Record):
    """One stage of a job: its registry name and its parameters as JSON."""

    name: str
    params: dict[str, Any]


class JobSpec(_Record):
    """What a job does. `inputs` maps paths below inputs/ to their SHA-256."""

    job_id: str
    created_at: str
    device: str
    stages: tuple[StageSpec, ...]
    inputs: dict[str, str]
    versions: dict[str, str]


class JobResult(_Record):
    """How a job ended; a paused one needs the user, and goes on if it is resumed."""

    state: Literal["done", "paused", "failed", "cancelled"]
    error: str | None = None
    ended_at: str


class StageProgress(_Record):
    """How far a stage is.

    `done` rows are in parts, so that a resumed stage goes on after them; `written` also counts
    those that are to come in the next. `share` is of all its work, from 0 to 1. Rates are moving
    means over the last minute of work, and over all of it once the stage has finished. `rows`,
    `failed` and `lost` count what is in parts (see Tally), `reasons` the commonest errors. `unsent`
    names the parameters of the sampling that a model server refuses, `device` what it computes on.
    """

    done: int = 0
    written: int = 0
    total: int = 0
    share: float = 0.0
    rows_per_s: float | None = None
    tokens_per_s: float | None = None
    eta_s: float | None = None
    note: str = ""
    waiting: bool = False  # for a device or a server; the note names it
    rows: int = 0
    failed: int = 0
    lost: int = 0
    reasons: tuple[tuple[str, int], ...] = ()
    unsent: str = ""
    device: str = ""
    heartbeat: float = 0.0  # Unix time
    elapsed_s: float = 0.0
    finished: bool = False


def installed_versions() -> dict[str, str]:
    """The versions of the libraries that shape results; importing none of them."""
    found = {}
    for name in _VERSIONED:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def write_spec(path: Path, spec: JobSpec) -> None:
    """Write spec.json into a job folder."""
    write_text(path / "spec.json", json.dumps(spec.model_dump(), indent=1, ensure_ascii=False))
