"""Unpacks files that hold another one: gzip, bzip2, xz, zstd, LZ4, and zip with one file in it.

What a file is packed by is seen from its first bytes. It is unpacked while it is read, each time,
so that neither memory nor disk has to hold it. pyarrow, which reads zstd and LZ4, is imported with
the first such file.
"""

import bz2
import gzip
import io
import lzma
import zipfile
import zlib
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import PurePath
from typing import BinaryIO, Final, cast

from store.errors import ImportRefused
from store.reading.inputs import Held, Input, cannot_read, read_head

ZIP: Final = (b"PK\x03\x04", b"PK\x05\x06")

_FREE_BYTES: Final = 1 << 28  # so much comes out of any file
_HIGHEST_RATIO: Final = 200  # beyond that; text is packed 3 to 20 times smaller
_LAYERS: Final = 3
_MEMBERS_SHOWN: Final = 5
_OFFICE: Final = {  # a file that only such a document has, and what it is
    "xl/workbook.xml": ("an Excel workbook", "In Excel, save the sheet as CSV UTF-8"),
    "xl/workbook.bin": ("an Excel workbook", "In Excel, save the sheet as CSV UTF-8"),
    "word/document.xml": ("a Word document", "Save its texts as plain text, one a line,"),
    "ppt/presentation.xml": ("a PowerPoint file", "Save its texts as plain text, one a line,"),
    "content.xml": ("an OpenDocument file", "Save it as CSV"),
    "META-INF/container.xml": ("an e-book", "Save its texts as plain text, one a line,"),
}


def unpack(source: Input) -> Input:
    """What a file holds, unpacked while it is read; an unpacked file comes back as it is.

    Raises ImportRefused for archives of several files, for documents that are zip files, and,
    also while reading, where the file is cut off or grows out of all proportion.
    """
    inner = source
    for _ in range(_LAYERS):
        head = read_head(inner)
        if head.startswith(ZIP):
            inner = _open_zip(inner)
        elif opener := _opener(head):
            inner = _packed(inner, opener)
        else:
            return inner
    raise ImportRefused(f"{source} is packed more than {_LAYERS - 1} times over. Unpack it first.")


def _opener(head: bytes) -> Callable[[BinaryIO], BinaryIO] | None:
    for mark, opener in _OPENERS.items():
        if head.startswith(mark):
            return opener
    return None


def _packed(source: Input, opener: Callable[[BinaryIO], BinaryIO]) -> Held:
    path = PurePath(source.name)
    name = path.stem if path.suffix.lower() in _SUFFIXES else path.name
    return Held(name, str(source), lambda: _unpacking(source, opener))


def _open_zip(source: Input) -> Held:
    """The one file in a zip file; what other programs add beside it does not count."""
    try:
        with source.open("rb") as file, zipfile.ZipFile(file) as archive:
            members = [item for item in archive.infolist() if not item.is_dir()]
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise ImportRefused(
            f"{source} is a zip file that cannot be opened ({error}). Get it again, or unpack it."
        ) from error
    names = {item.filename for item in members}
    for mark, (kind, way_out) in _OFFICE.items():
        if mark in names:
            raise ImportRefused(f"{source} is {kind}. {way_out} and import that file.")
    members = [item for item in members if not _is_by_product(item.filename)]
    if len(members) != 1:
        raise ImportRefused(_describe_members(source, [item.filename for item in members]))
    (member,) = members
    if member.flag_bits & 0x1:
        raise ImportRefused(f"{source} is encrypted. Unpack it and import the file in it.")
    return Held(PurePath(member.filename).name, str(source), lambda: _read_member(source, member))


def _is_by_product(name: str) -> bool:
    return name.startswith("__MACOSX/") or PurePath(name).name.startswith(".")


def _describe_members(source: Input, names: list[str]) -> str:
    if not names:
        return f"{source} is a zip file without a file in it."
    shown = ", ".join(names[:_MEMBERS_SHOWN]) + (", …" if len(names) > _MEMBERS_SHOWN else "")
    return (
        f"{source} is a zip file with {len(names)} files in it ({shown}). "
        "Unpack it, and import the files you mean."
    )


def _read_member(source: Input, member: zipfile.ZipInfo) -> BinaryIO:
    def opener(file: BinaryIO) -> BinaryIO:
        return cast(BinaryIO, zipfile.ZipFile(file).open(member))

    return _unpacking(source, opener)


def _unpacking(source: Input, opener: Callable[[BinaryIO], BinaryIO]) -> BinaryIO:
    return io.BufferedReader(_Unpacking(source, opener), 1 << 16)


class _Unpacking(io.RawIOBase):
    """Unpacked bytes, which can be read once, from start to end."""

    def __init__(self, source: Input, opener: Callable[[BinaryIO], BinaryIO]) -> None:
        self._source = source
        self._given = 0
        self._files = ExitStack()
        try:
            packed = self._files.enter_context(source.open("rb"))
            self._most = _FREE_BYTES + _HIGHEST_RATIO * _size(packed)
            self._file = self._files.enter_context(opener(packed))
        except OSError as error:
            self._files.close()
            raise cannot_read(source, error) from error
        except _DAMAGED as error:
            self._files.close()
            raise self._refusal(error) from error

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        try:
            found = self._file.read(len(buffer))
        except (OSError, *_DAMAGED) as error:
            raise self._refusal(error) from error
        self._given += len(found)
        if self._given > self._most:
            raise ImportRefused(
                f"{self._source} grows to more than {_HIGHEST_RATIO} times its size when it is "
                "unpacked: it holds no texts. Unpack it yourself if it does."
            )
        buffer[: len(found)] = found
        return len(found)

    def close(self) -> None:
        if not self.closed:
            self._files.close()
        super().close()

    def _refusal(self, error: Exception) -> ImportRefused:
        return ImportRefused(
            f"{self._source} is damaged or cut off: it cannot be unpacked to its end ({error}). "
            "Get it again."
        )


def _size(file: BinaryIO) -> int:
    """The size of a file, or 0 for one that cannot be moved about in."""
    if not file.seekable():
        return 0
    size = file.seek(0, io.SEEK_END)
    file.seek(0)
    return size


def _xz(file: BinaryIO) -> BinaryIO:
    return cast(BinaryIO, lzma.LZMAFile(file))


def _arrow(codec: str) -> Callable[[BinaryIO], BinaryIO]:
    def opener(file: BinaryIO) -> BinaryIO:
        import pyarrow as pa

        return cast(BinaryIO, pa.CompressedInputStream(pa.PythonFile(file, mode="r"), codec))

    return opener


_DAMAGED: Final = (EOFError, zlib.error, lzma.LZMAError, zipfile.BadZipFile, ValueError,
                   RuntimeError, NotImplementedError)  # fmt: skip
_OPENERS: Final[dict[bytes, Callable[[BinaryIO], BinaryIO]]] = {
    b"\x1f\x8b": lambda file: cast(BinaryIO, gzip.GzipFile(fileobj=file)),
    b"BZh": lambda file: cast(BinaryIO, bz2.BZ2File(file)),
    b"\xfd7zXZ\0": _xz,
    b"\x28\xb5\x2f\xfd": _arrow("zstd"),
    b"\x04\x22\x4d\x18": _arrow("lz4"),
}
_SUFFIXES: Final = frozenset((".gz", ".gzip", ".bz2", ".xz", ".zst", ".zstd", ".lz4"))
