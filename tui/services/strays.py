"""What lies in a workspace's folders and is not Backquery's: passed over, and named in one line.

Synchronised and shared folders gather such files: conflicted copies, Thumbs.db, lost+found. Hidden
ones are passed over without a word.
"""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

SHOWN: Final = 3
_CONFLICT: Final = re.compile(r"conflicted copy|sync-conflict|case conflict", re.IGNORECASE)


def toml_names(folder: Path) -> list[str]:
    """The names of the TOML files of a folder that can be meant, without suffix, in order.

    Copies that a synchronising program made of them are not among them.
    """
    return [path.stem for path in _visible(folder) if _is_ours(path)]


def describe_strays(workspace: Path, jobs: Sequence[str]) -> str:
    """The line that names what is passed over; empty if nothing is. `jobs` are in jobs/."""
    found = [f"jobs/{name}" for name in jobs]
    for folder in ("recipes", "templates"):
        paths = _visible(workspace / folder)
        found += [f"{folder}/{path.name}" for path in paths if not _is_ours(path)]
    paths = _visible(workspace / "detectors")
    found += [f"detectors/{path.name}" for path in paths if not path.is_dir()]
    if not found:
        return ""
    shown, more = ", ".join(found[:SHOWN]), len(found) - SHOWN
    return f"Passed over, since Backquery did not make it: {shown}" + (
        f" and {more} more." if more > 0 else "."
    )


def _is_ours(path: Path) -> bool:
    return path.suffix == ".toml" and _CONFLICT.search(path.stem) is None


def _visible(folder: Path) -> Iterator[Path]:
    if folder.is_dir():
        yield from sorted(path for path in folder.iterdir() if not path.name.startswith("."))
