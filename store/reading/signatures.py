"""Tells what a file is by its first bytes, where Backquery does not read it, and the way out.

Files that hold tables or texts are read by others (`files.py`); packed ones come unpacked.
"""

import re
from typing import Final

from store.errors import ImportRefused
from store.reading.inputs import Input

_AS_TEXT: Final = "Save its texts as plain text, one a line, and import that file"
_UNPACK: Final = "Unpack it and import the files in it"
_TABLE: Final = "Export the table you mean as CSV or Parquet, and import that file"
_ARRAY: Final = "It holds no texts; name the file that does"

# Where in a file which bytes are, what the file is then, and what to do with it.
_MARKS: Final = (
    (0, b"%PDF-", "a PDF document", _AS_TEXT),
    (0, b"%!PS", "a PostScript document", _AS_TEXT),
    (0, b"{\\rtf", "an RTF document", _AS_TEXT),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Excel or Word file",
     "Save it as CSV UTF-8 or plain text, and import that file"),
    (0, b"SQLite format 3\0", "an SQLite database", _TABLE),
    (8, b"DUCK", "a DuckDB database", _TABLE),
    (0, b"PARE", "an encrypted Parquet file", "Save it without encryption"),
    (0, b"FEA1", "a Feather file of the first version", "Save it as Parquet"),
    (0, b"ORC", "an ORC file", "Save it as Parquet"),
    (0, b"Obj\x01", "an Avro file", "Save it as Parquet"),
    (0, b"\x89HDF\r\n\x1a\n", "an HDF5 file", _TABLE),
    (0, b"\x93NUMPY", "a NumPy array", _ARRAY),
    (0, b"GGUF", "a language model in GGUF form", _ARRAY),
    (257, b"ustar", "a tar archive", _UNPACK),
    (0, b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive", _UNPACK),
    (0, b"Rar!\x1a\x07", "a RAR archive", _UNPACK),
    (0, b"\x1f\x9d", "a file packed by compress", _UNPACK),
    (0, b"\x89PNG\r\n\x1a\n", "a picture", _ARRAY),
    (0, b"\xff\xd8\xff", "a picture", _ARRAY),
    (0, b"GIF8", "a picture", _ARRAY),
    (8, b"WEBP", "a picture", _ARRAY),
    (0, b"\x7fELF", "a program", _ARRAY),
    (0, b"\0\x05\x16\x07", "what macOS keeps beside a file",
     "Name the file without ._ before its name"),
    (0, b"version https://git-lfs.github.com/spec/", "a pointer of Git LFS, not the file itself",
     "Get the file with `git lfs pull` and import it again"),
    (0, b"version https://hawser.github.com/spec/", "a pointer of Git LFS, not the file itself",
     "Get the file with `git lfs pull` and import it again"),
    (0, b"/annex/objects/", "a pointer of git-annex, not the file itself",
     "Get the file with `git annex get` and import it again"),
)  # fmt: skip
_PICKLE: Final = re.compile(rb"\x80[\x02-\x05](?:\x95.{8}[\x8c\x8e}\]\x28C(]|[}\](cX])", re.DOTALL)
_MARKUP: Final = re.compile(
    r"\s*(?:<!--.*?-->\s*)*<(!doctype|html|head|body|script|\?xml|svg|rss|error)\b",
    re.DOTALL | re.IGNORECASE,
)


def refuse_foreign(source: Input, head: bytes) -> None:
    """Raise ImportRefused where a file begins as one that holds no table and no texts does."""
    for position, mark, kind, way_out in _MARKS:
        if head.startswith(mark, position):
            raise ImportRefused(f"{source} is {kind}. {way_out}.")
    if _PICKLE.match(head):
        raise ImportRefused(
            f"{source} is a Python pickle, which can run programs when it is opened, so Backquery "
            "never does. Save what it holds as Parquet or JSON lines, and import that file."
        )


def refuse_markup(source: Input, start: str) -> None:
    """Raise ImportRefused where a text begins as a web page or as XML does."""
    if found := _MARKUP.match(start):
        is_xml = found[1].lower() in ("?xml", "svg", "rss", "error")
        kind = "an XML document" if is_xml and "<html" not in start.lower() else "a web page"
        raise ImportRefused(
            f"{source} is {kind}, not a file of texts. Was it the answer of a server? Get the "
            "file itself, or save the texts one a line, and import that file."
        )
