"""The replies of a server, which cost money: none that was paid for is asked for again.

    <n>-<stage>/replies-<way>.jsonl    one reply per line, in the order they came

A job that asks in the same way takes over what another, killed or cancelled, was answered. When
the disk gets full, replies that were on their way go where the reserve of the stage was.
"""

import errno
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path

from engine.explanations import is_disk_full
from engine.generation.protocol import Generation
from engine.jobs.reserve import use_reserve
from engine.jobs.stage import Inputs


class Journal:
    """Replies on the disk and in memory; a line that was cut is ignored.

    `prompts` maps the names of what may be asked for to the digest of its prompt.
    """

    def __init__(self, path: Path, prompts: Mapping[str, str]) -> None:
        self._path, self._prompts = path, prompts
        self.replies: dict[str, Generation] = {}
        if path.exists():
            self.replies = {name: reply for name, _, reply in _read_journal(path)}
            os.truncate(path, _whole_lines_bytes(path))

    def take_over(self, other: Path) -> None:
        """Take the replies of another job to the same prompts; its errors may be tried again."""
        for name, prompt, generation in _read_journal(other):
            wanted = name not in self.replies and self._prompts.get(name) == prompt
            if wanted and generation.error is None:
                self.append(name, generation)

    def append(self, name: str, generation: Generation) -> None:
        """Keep a reply; it is on the disk when this returns. Raises OSError where it cannot be."""
        row = {"row_id": name, "prompt": self._prompts[name], **asdict(generation)}
        line = json.dumps(row).encode() + b"\n"
        try:
            _append_whole(self._path, line)
        except OSError as error:
            if not (is_disk_full(error) and use_reserve(self._path.parent)):
                raise
            _append_whole(self._path, line)
        self.replies[name] = generation


def open_journal(inputs: Inputs, way: str, prompts: Mapping[str, str]) -> Journal:
    """The journal of a stage, with what other jobs were answered in the same way.

    `way` is a digest of all that a reply depends on besides its prompt; for `prompts` see Journal.
    """
    own = inputs.stage_dir / f"replies-{way}.jsonl"
    journal = Journal(own, prompts)
    for other in sorted((inputs.workspace / "jobs").glob(f"*/*/{own.name}")):
        if other != own:
            journal.take_over(other)
    return journal


def _append_whole(path: Path, line: bytes) -> None:
    """Append a line and sync it; where that fails, nothing of it stays behind."""
    with path.open("ab", buffering=0) as file:
        before = file.tell()
        try:
            if file.write(line) < len(line):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))
            os.fsync(file.fileno())
        except OSError as error:
            file.truncate(before)
            raise OSError(error.errno, error.strerror, str(path)) from error


def _whole_lines_bytes(path: Path) -> int:
    return path.read_bytes().rfind(b"\n") + 1


def _read_journal(path: Path) -> Iterator[tuple[str, str, Generation]]:
    """The name, the prompt's digest and the reply of each complete line."""
    for line in path.read_bytes().splitlines(keepends=True):
        if not line.endswith(b"\n"):
            return
        try:
            row = json.loads(line)
            yield row.pop("row_id"), row.pop("prompt"), Generation(**row)
        except (ValueError, KeyError, TypeError, AttributeError):  # was cut when a disk got full
            continue
