import io
import pickle
import tarfile
from pathlib import Path

import pytest

from store.errors import ImportRefused
from store.reading.files import read_file

TAR = io.BytesIO()
with tarfile.open(fileobj=TAR, mode="w") as archive:
    archive.addfile(tarfile.TarInfo("rows.csv"))

FOREIGN = {
    "a PDF document": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n",
    "an SQLite database": b"SQLite format 3\0" + bytes(84),
    "a DuckDB database": bytes(8) + b"DUCK" + bytes(52),
    "a tar archive": TAR.getvalue(),
    "a picture": b"\x89PNG\r\n\x1a\n" + bytes(range(256)),
    "a Python pickle": pickle.dumps({"text": ["Rest."]}),
    "a pointer of Git LFS": b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n",
    "a pointer of git-annex": b"/annex/objects/SHA256E-s9--0.csv\n",
    "a web page": b"\n<!-- x -->\n<!DOCTYPE html>\n<html><body>Sign in</body></html>\n",
    "an XML document": b"<?xml version='1.0'?><Error><Code>AccessDenied</Code></Error>",
    "binary data": bytes(range(256)) * 4,
}


@pytest.mark.parametrize("name", ["rows.csv", "rows.jsonl", "rows.txt", "rows.parquet", "rows"])
@pytest.mark.parametrize("kind", FOREIGN)
@pytest.mark.parametrize("columns", [[], ["1"]])
def test_what_is_no_table_and_no_text_is_refused_with_what_it_is(
    tmp_path: Path, name: str, kind: str, columns: list[str]
) -> None:
    (tmp_path / name).write_bytes(FOREIGN[kind])
    with pytest.raises(ImportRefused, match=kind):
        list(read_file(tmp_path / name, columns).read())


def test_texts_that_hold_markup_are_read(tmp_path: Path) -> None:
    (tmp_path / "rows.csv").write_text("text\n<html> is a tag\n")
    assert len(list(read_file(tmp_path / "rows.csv").read())) == 1
