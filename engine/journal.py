"""The replies of a server, which cost money: none that was paid for is asked for again.

    <n>-<stage>/replies-<way>.jsonl    one reply a line, in the order they came

A job that asks in the same way takes over what another, killed or cancelled, was answered.
"""

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path

from engine.models.generator import Generation
from engine.stage import Inputs


class Journal:
    """Replies on the disk and in memory; a last line that was cut by a crash is ignored.

    `prompts` maps the names of what may be asked for to the digest of its prompt.
    """

    def __init__(self, path: Path, prompts: Mapping[str, str]) -> None:
        self._path, self._prompts = path, prompts
        self.replies: dict[str, Generation] = {}
        if path.exists():
            whole = 0
            for size, name, _, generation in _read_journal(path):
                self.replies[name] = generation
                whole += size
            os.truncate(path, whole)

    def take_over(self, other: Path) -> None:
        """Take the replies of another job to the same prompts; its errors may be tried again."""
        for _, name, prompt, generation in _read_journal(other):
            wanted = name not in self.replies and self._prompts.get(name) == prompt
            if wanted and generation.error is None:
                self.append(name, generation)

    def append(self, name: str, generation: Generation) -> None:
        """Keep a reply; it is on the disk when this returns."""
        line = {"row_id": name, "prompt": self._prompts[name], **asdict(generation)}
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")
            file.flush()
            os.fsync(file.fileno())
        self.replies[name] = generation


def open_journal(inputs: Inputs, way: str, prompts: Mapping[str, str]) -> Journal:
    """Return the journal of a stage, with what other jobs were answered in the same way.

    `way` is a digest of all that a reply depends on besides its prompt; for `prompts` see Journal.
    """
    own = inputs.stage_dir / f"replies-{way}.jsonl"
    journal = Journal(own, prompts)
    for other in sorted((inputs.workspace / "jobs").glob(f"*/*/{own.name}")):
        if other != own:
            journal.take_over(other)
    return journal


def _read_journal(path: Path) -> Iterator[tuple[int, str, str, Generation]]:
    """Yield each whole line's size in bytes, the name, the prompt's digest, and the reply."""
    for line in path.read_bytes().splitlines(keepends=True):
        if not line.endswith(b"\n"):
            return
        row = json.loads(line)
        yield len(line), row.pop("row_id"), row.pop("prompt"), Generation(**row)
