"""Takes in files that can be read only once: pipes, standard input, process substitutions.

Readers read an input several times, so what comes from a pipe is kept in a temporary file, which
is gone when the block ends.
"""

import shutil
import stat
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from pathlib import Path
from typing import BinaryIO, Final

from store.errors import ImportRefused
from store.reading.inputs import Held, Input, cannot_read

_DASH: Final = Path("-")
_STANDARD_INPUT: Final = (_DASH, Path("/dev/stdin"))


@contextmanager
def arrive(paths: Sequence[Path]) -> Iterator[list[Input]]:
    """Give the files of these paths as inputs; "-" is standard input.

    Regular files and folders come as their paths, also those that do not exist. Raises
    ImportRefused where a pipe cannot be read.
    """
    with ExitStack() as stack:
        yield [stack.enter_context(_keep(path)) if is_pipe(path) else path for path in paths]


def is_pipe(path: Path) -> bool:
    """Whether a path is that of standard input, or of what else can be read only once."""
    if path == _DASH:
        return True
    try:
        mode = path.stat().st_mode
    except OSError:
        return False
    return stat.S_ISFIFO(mode) or stat.S_ISCHR(mode) or stat.S_ISSOCK(mode)


@contextmanager
def _keep(path: Path) -> Iterator[Held]:
    name = _name(path)
    with tempfile.NamedTemporaryFile(prefix="backquery-") as kept:
        try:
            with _opened(path) as pipe:
                shutil.copyfileobj(pipe, kept)
            kept.flush()
        except OSError as error:
            raise cannot_read(path, error) from error
        yield Held(name, name, lambda: _reopened(kept.name))


def _reopened(name: str) -> BinaryIO:
    return Path(name).open("rb")


def _name(path: Path) -> str:
    if path in _STANDARD_INPUT:
        return "standard-input"
    return "pipe" if path.name.isdecimal() else path.name  # /dev/fd/63 is not a name to remember


def _opened(path: Path) -> AbstractContextManager[BinaryIO]:
    if path != _DASH:
        return path.open("rb")
    if sys.stdin is None:
        raise ImportRefused("There is no standard input to read from.")
    return nullcontext(sys.stdin.buffer)
