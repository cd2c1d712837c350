"""Damaged files: refused as a whole, or read so that every row is taken or rejected."""

import gzip
import io
import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from store.errors import ImportRefused
from store.reading.files import read_file
from store.reading.options import ImportOptions
from store.reading.prepare import prepare

ROWS: Final = [{"text": f'Rest, „{n}“\n"well".', "label": "advice"} for n in range(9)]
FRAME: Final = pl.DataFrame(ROWS)


def parquet() -> bytes:
    buffer = io.BytesIO()
    FRAME.write_parquet(buffer)
    return buffer.getvalue()


CSV: Final = FRAME.write_csv().encode()
FILES: Final = {
    "rows.csv": CSV,
    "rows.jsonl": FRAME.write_ndjson().encode(),
    "rows.json": json.dumps(ROWS, indent=1).encode(),
    "rows.txt": "Rest.\nSleep „well“.\n".encode(),
    "rows.tsv": FRAME.write_csv(separator="\t").encode("utf-16"),
    "rows.csv.gz": gzip.compress(CSV, mtime=0),
    "rows.parquet": parquet(),
}
MARKS: Final = (b"PAR1", b"\x1f\x8b\x08", b"PK\x03\x04", b"\x28\xb5\x2f\xfd", b"\xff\xfe", b"[{",
                b"sep=;\n", b"\0\0\0", b"")  # fmt: skip


@settings(deadline=None, max_examples=150)
@given(
    name=st.sampled_from(sorted(FILES)),
    suffix=st.sampled_from(["", ".csv", ".txt", ".json", ".jsonl", ".gz"]),
    mark=st.sampled_from(MARKS),
    overwrites=st.booleans(),
    flips=st.lists(st.tuples(st.integers(0, 999), st.integers(0, 255)), max_size=20),
    length=st.integers(1, 999),
    column=st.sampled_from([None, "1"]),
)
def test_a_damaged_file_is_refused_or_every_row_is_taken_or_rejected(
    name: str,
    suffix: str,
    mark: bytes,
    overwrites: bool,
    flips: list[tuple[int, int]],
    length: int,
    column: str | None,
) -> None:
    content = bytearray(mark + FILES[name][len(mark) if overwrites else 0 :])
    for place, byte in flips:
        content[place % len(content)] = byte
    options = ImportOptions("d", ("seed",), text_column=column)
    with TemporaryDirectory() as folder:
        path = Path(folder) / (name + suffix)
        path.write_bytes(content[:length])
        try:
            rows = read_file(path, options.named_columns)
            found = prepare([rows], options, ("advice",))
        except ImportRefused:
            return
        counts = found.counts[0]
        assert counts.read == sum(1 for _ in rows.read())
        assert (counts.taken, counts.rejected) == (found.samples.height, found.rejects.height)
        assert not any("\0" in text for text in found.samples["text"])
