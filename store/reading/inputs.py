"""What the readers of files read from: bytes that can be opened as often as needed.

A `Path` is such an input as it is. `Held` stands for bytes that lie somewhere else than their name
says: inside a packed file (`packing.py`), or kept from a pipe (`arrivals.py`).
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePath
from typing import BinaryIO, Final, Literal, Protocol

from store.errors import ImportRefused

HEAD_BYTES: Final = 1 << 16  # what an input is is found from these


class Input(Protocol):
    """Bytes with a name; `str` of it is what messages call it."""

    @property
    def name(self) -> str:
        """The name of the file, whose suffix is that of the bytes."""
        ...

    def open(self, mode: Literal["rb"], /) -> BinaryIO:
        """The bytes from their start; the caller closes them."""
        ...


@dataclass(frozen=True, slots=True)
class Held:
    """Bytes that an opener gives, under the name that messages call them by."""

    name: str
    shown: str
    opener: Callable[[], BinaryIO]

    def open(self, _: Literal["rb"], /) -> BinaryIO:
        """The bytes from their start."""
        return self.opener()

    def __str__(self) -> str:
        return self.shown


def read_head(source: Input) -> bytes:
    """The first bytes of an input, HEAD_BYTES at most. Raises ImportRefused."""
    try:
        with source.open("rb") as file:
            return file.read(HEAD_BYTES)
    except FileNotFoundError as error:
        raise ImportRefused(f"{source} does not exist.") from error
    except OSError as error:
        raise cannot_read(source, error) from error


def suffix_of(source: Input) -> str:
    """The suffix of an input's name in lower case, with its dot, or ""."""
    return PurePath(source.name).suffix.lower()


def cannot_read(source: Input, error: OSError) -> ImportRefused:
    """Say in the user's words why the operating system does not give a file."""
    return ImportRefused(f"{source} cannot be read: {error.strerror or error}.")
