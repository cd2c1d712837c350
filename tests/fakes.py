"""Stand-ins that tests share."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from string import ascii_letters, digits
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from engine.generation.protocol import (
    Generation,
    Keep,
    OutOfMemory,
    Replies,
    Request,
    Sampling,
)
from engine.generation.templates import Prompt
from engine.jobs.newest import NewText
from engine.jobs.params import StageParams
from engine.jobs.parts import list_parts, write_parquet, write_part
from engine.jobs.stage import Inputs, Stage
from engine.jobs.tables import WRITTEN
from engine.models.references import Checkpoint
from engine.training.loss import sum_losses
from store.ids import text_digest
from tests.problems import written


@dataclass
class RecordedProgress:
    """A Progress that remembers what it was told."""

    total: int = 0
    done: int = 0
    written: int = 0
    notes: list[str] = field(default_factory=list)
    texts: list[NewText] = field(default_factory=list)
    tokens: int = 0
    texts_per_row: int = 1
    unsent: str = ""

    def start(self, total: int, done: int = 0) -> None:
        self.total, self.done = total, done

    def expect(self, texts: int, most_tokens: int, at_once: int) -> None:
        self.texts_per_row = texts

    def decoded(self, tokens: int) -> None:
        self.tokens += tokens

    def wrote(self, text: NewText) -> None:
        self.texts.append(text)

    def computed(self, rows: int) -> None:
        self.written += rows

    def dropped(self) -> None:
        self.texts.clear()

    def advance(self, rows: int) -> None:
        self.done += rows

    def note(self, text: str) -> None:
        self.notes.append(text)

    def wait(self, reason: str) -> None:
        self.notes.append(reason)

    def tell_unsent(self, parameters: str) -> None:
        self.unsent = parameters


class FakeGenerator:
    """A Generator that repeats the prompt with the seed and remembers what it was asked.

    More than `largest` rows do not fit in memory, nor does the call of the number `runs_out_at`.
    Nothing comes of the prompt `fails_at`.
    """

    def __init__(
        self,
        *,
        largest: int = 99,
        dies_at: str = "",
        runs_out_at: int | None = None,
        fails_at: str = "",
    ) -> None:
        self.asked: list[list[str]] = []
        self._largest, self._dies_at, self._runs_out_at = largest, dies_at, runs_out_at
        self._fails_at = fails_at

    def render(self, prompt: Prompt) -> str:
        return prompt.user

    def count_tokens(self, rendered: Sequence[str]) -> list[int]:
        return [len(text.split()) for text in rendered]

    def generate(
        self, prompts: Sequence[Prompt], stop: Sequence[str], sampling: Sampling, seed: int
    ) -> Iterator[tuple[int, Generation]]:
        self.asked.append([prompt.user for prompt in prompts])
        if len(prompts) > self._largest or len(self.asked) - 1 == self._runs_out_at:
            raise OutOfMemory(f"{len(prompts)} rows do not fit")
        for index, prompt in reversed(list(enumerate(prompts))):
            if prompt.user == self._dies_at:
                raise KeyboardInterrupt
            yield index, self._reply(prompt, seed)

    def _reply(self, prompt: Prompt, seed: int) -> Generation:
        if prompt.user == self._fails_at:
            return Generation(None, 0, cut=False, error="nothing came of it")
        return Generation(f"{seed} {prompt.user}", 3, cut=False)


class FakeWriter(FakeGenerator):
    """A FakeGenerator that writes the scenario of `tests.problems` that a prompt stands for.

    It writes `instead` for the prompt of that key.
    """

    def __init__(self, *, fails_at: str = "", instead: Mapping[str, str] | None = None) -> None:
        super().__init__(fails_at=fails_at)
        self._instead = instead or {}

    def _reply(self, prompt: Prompt, seed: int) -> Generation:
        if prompt.user == self._fails_at:
            return Generation(None, 0, cut=False, error="nothing came of it")
        text = self._instead.get(prompt.user, written(text_digest(prompt.user)[:8]))
        return Generation(text, 30, cut=False)


class FakeAdviser(FakeGenerator):
    """A FakeGenerator that takes up the prompt, and writes `replies` in turn, if there are any."""

    def __init__(self, *replies: str, fails_at: str = "") -> None:
        super().__init__(fails_at=fails_at)
        self._replies = replies
        self._written = 0

    def _reply(self, prompt: Prompt, seed: int) -> Generation:
        if prompt.user == self._fails_at:
            return Generation(None, 0, cut=False, error="nothing came of it")
        if not self._replies:
            return Generation(f"{prompt.user} {prompt.user} Nobody can say for sure.", 3, cut=False)
        reply = self._replies[self._written % len(self._replies)]
        self._written += 1
        return Generation(reply.rstrip("…"), 3, cut=reply.endswith("…"))


class FakeServer(FakeGenerator):
    """A FakeGenerator that is sent requests: the last one is answered first."""

    def flow(
        self, requests: Iterable[Request], stop: Sequence[str], sampling: Sampling, keep: Keep
    ) -> Replies:
        sent = list(requests)
        if not sent:
            return
        self.asked.append([request.prompt.user for request in sent])
        for request in reversed(sent):
            if request.prompt.user == self._dies_at:
                raise KeyboardInterrupt
            reply = self._reply(request.prompt, request.seed)
            keep(request.name, reply)
            yield request.name, reply


class FakeEncoder:
    """An Encoder for which texts of the same letters mean the same; remembers what it embedded."""

    def __init__(self, reference: str, device: str) -> None:
        self.reference = reference
        self.embedded: list[list[str]] = []

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.embedded.append(list(texts))
        letters = [[text.count(letter) for letter in ascii_letters + digits] for text in texts]
        counts = np.array(letters, dtype=np.float32)
        unit: NDArray[np.float32] = counts / np.linalg.norm(counts, axis=1, keepdims=True)
        return unit


def short_of_room(most: int) -> Callable[..., Any]:
    """A `sum_losses` that has no room for more rows at once, as torch says it."""
    import torch

    def refuse(logits: Any, labels: Any, weights: Any = None) -> Any:
        if len(labels) > most:
            raise torch.OutOfMemoryError("out of memory")
        return sum_losses(logits, labels, weights)

    return refuse


def checkpoint_at(folder: Path) -> Checkpoint:
    """What a `path:` reference to the folder resolves to."""
    return Checkpoint(str(folder), local_only=True)


def make_inputs(
    workspace: Path,
    tables: Mapping[str, pl.DataFrame],
    *,
    stage: str = "0-stage",
    earlier: Mapping[str, tuple[Path, ...]] | None = None,
    parts_done: int = 0,
    devices: tuple[str, ...] = ("cpu",),
    progress: RecordedProgress | None = None,
    may_pause: bool = True,
) -> Inputs:
    """Export the tables into a job folder and return what a stage in it would be given."""
    job = workspace / "jobs" / "job-1"
    inputs_dir, stage_dir = job / "inputs" / stage, job / stage
    for folder in (inputs_dir, stage_dir):
        folder.mkdir(parents=True, exist_ok=True)
    for name, frame in tables.items():
        write_parquet(inputs_dir / f"{name}.parquet", frame)
    return Inputs(
        job_id="job-1",
        workspace=workspace,
        inputs_dir=inputs_dir,
        stage_dir=stage_dir,
        earlier=dict(earlier or {}),
        parts_done=parts_done,
        devices=devices,
        progress=progress or RecordedProgress(),
        may_pause=may_pause,
    )


def run_stage(stage: Stage[Any], inputs: Inputs, params: StageParams) -> pl.DataFrame:
    """Run a stage as the worker does, and return the rows of all its parts."""
    schema = WRITTEN[stage.writes]
    for number, frame in enumerate(stage.run(inputs, params), start=inputs.parts_done):
        write_part(inputs.stage_dir, number, frame, schema)
    frames = [pl.read_parquet(part, glob=False) for part in list_parts(inputs.stage_dir)]
    return pl.concat(frames) if frames else pl.DataFrame(schema=dict(schema))
