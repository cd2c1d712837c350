import bz2
import gzip
import io
import lzma
import zipfile
from pathlib import Path

import pyarrow as pa
import pytest

import store.reading.packing
from store.errors import ImportRefused
from store.reading.inputs import Input
from store.reading.packing import unpack

CONTENT = b"text,label\nRest.,1\n"


def write(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def zipped(**files: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return packed.getvalue()


def content_of(source: Input) -> bytes:
    with source.open("rb") as file:
        return file.read()


@pytest.mark.parametrize(
    ("suffix", "packed"),
    [
        (".gz", gzip.compress(CONTENT)),
        (".bz2", bz2.compress(CONTENT)),
        (".xz", lzma.compress(CONTENT)),
        (".zst", pa.compress(CONTENT, "zstd", asbytes=True)),
        (".gz", gzip.compress(CONTENT) + gzip.compress(b"Sleep.,0\n")),
    ],
    ids=["gzip", "bzip2", "xz", "zstandard", "two gzips in one file"],
)
def test_a_packed_file_is_unpacked_as_often_as_it_is_read(
    tmp_path: Path, suffix: str, packed: bytes
) -> None:
    found = unpack(write(tmp_path, f"rows.csv{suffix}", packed))
    assert found.name == "rows.csv"
    assert content_of(found) == content_of(found)
    assert content_of(found).startswith(CONTENT)


def test_what_a_file_is_packed_by_shows_in_its_bytes(tmp_path: Path) -> None:
    found = unpack(write(tmp_path, "rows.csv", gzip.compress(CONTENT)))
    assert (found.name, content_of(found)) == ("rows.csv", CONTENT)


def test_a_file_that_is_not_packed_comes_back_as_it_is(tmp_path: Path) -> None:
    path = write(tmp_path, "rows.csv", CONTENT)
    assert unpack(path) is path


def test_the_one_file_of_a_zip_file_is_read_under_its_own_name(tmp_path: Path) -> None:
    packed = zipped(**{"deep/rows.csv": CONTENT, "__MACOSX/deep/._rows.csv": b"\0\x05\x16\x07"})
    found = unpack(write(tmp_path, "data.zip", packed))
    assert (found.name, content_of(found)) == ("rows.csv", CONTENT)


@pytest.mark.parametrize(
    ("packed", "problem"),
    [
        (zipped(**{"a.csv": CONTENT, "b.csv": CONTENT}), r"2 files in it \(a.csv, b.csv\)"),
        (zipped(), "without a file in it"),
        (zipped(**{"xl/workbook.xml": b""}), "is an Excel workbook. In Excel, save"),
        (zipped(**{"word/document.xml": b""}), "is a Word document"),
        (zipped(**{"a.csv": CONTENT})[:-30], "cannot be opened"),
    ],
    ids=["two files", "no file", "Excel", "Word", "cut off"],
)
def test_a_zip_file_that_is_no_single_table_is_refused_with_the_way_out(
    tmp_path: Path, packed: bytes, problem: str
) -> None:
    with pytest.raises(ImportRefused, match=problem):
        unpack(write(tmp_path, "rows.csv", packed))


@pytest.mark.parametrize(
    "packed",
    [
        gzip.compress(CONTENT * 999)[:-9],
        bz2.compress(CONTENT)[:-5],
        lzma.compress(CONTENT)[:-5],
        b"\x1f\x8b" + bytes(40),
        gzip.compress(CONTENT)[:14] + b"\xff" * 20,
    ],
    ids=["gzip", "bzip2", "xz", "gzip of zeros", "gzip of ones"],
)
def test_a_packed_file_that_is_cut_off_is_refused(tmp_path: Path, packed: bytes) -> None:
    with pytest.raises(ImportRefused, match="damaged or cut off"):
        content_of(unpack(write(tmp_path, "rows.csv.gz", packed)))


def test_a_file_that_grows_out_of_all_proportion_is_refused_before_it_is_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store.reading.packing, "_FREE_BYTES", 1 << 16)
    packed = gzip.compress(bytes(1 << 23))
    found = unpack(write(tmp_path, "rows.csv.gz", packed))
    with found.open("rb") as file:
        assert len(file.read(len(packed) * 200)) == len(packed) * 200
        with pytest.raises(ImportRefused, match="more than 200 times its size"):
            file.read(1 << 20)


def test_a_file_packed_again_and_again_is_refused(tmp_path: Path) -> None:
    packed = CONTENT
    for _ in range(3):
        packed = gzip.compress(packed)
    with pytest.raises(ImportRefused, match="Unpack it first"):
        unpack(write(tmp_path, "rows.csv.gz", packed))
