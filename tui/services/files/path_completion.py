"""Completes the path of a file as a shell does."""

import os
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path
from typing import Final

MOST_NAMES: Final = 200


@dataclass(frozen=True, slots=True)
class Completion:
    """What was typed, as far as it can be completed, and the names that go on from there."""

    typed: str
    completed: str
    names: tuple[str, ...]


def complete_path(typed: str) -> Completion:
    """The completion of a path; a folder's name ends in "/", hidden names come if asked for.

    What cannot be listed has no names.
    """
    folder, _, begun = typed.rpartition("/")
    try:
        base = Path(f"{folder}/" if "/" in typed else ".").expanduser()
        names = sorted(
            f"{entry.name}/" if entry.is_dir() else entry.name
            for entry in os.scandir(base)
            if entry.name.startswith(begun) and (begun or not entry.name.startswith("."))
        )
    except (OSError, RuntimeError):  # RuntimeError: a ~name of nobody
        names = []
    first, last = (names[0], names[-1]) if names else (begun, begun)  # in order, so these suffice
    alike = takewhile(lambda pair: pair[0] == pair[1], zip(first, last, strict=False))
    shared = "".join(one for one, _ in alike)
    head = f"{folder}/" if "/" in typed else ""
    return Completion(typed, head + shared, tuple(names[:MOST_NAMES]))
