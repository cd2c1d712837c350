import os
import sys
import threading
from io import BytesIO, TextIOWrapper
from pathlib import Path

import pytest

from store.reading.arrivals import arrive
from store.reading.files import read_file
from store.reading.rows import Record

CONTENT = b"text,label\nRest.,1\n"


def test_a_pipe_is_read_once_and_given_as_often_as_needed(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    os.mkfifo(path)
    writer = threading.Thread(target=path.write_bytes, args=[CONTENT])
    writer.start()
    with arrive([path]) as (source,):
        writer.join()
        found = list(read_file(source).read())
        assert (source.name, str(source)) == ("rows.csv", "rows.csv")
    assert found == [Record(2, {"text": "Rest.", "label": "1"})]


def test_a_dash_is_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", TextIOWrapper(BytesIO(CONTENT)))
    with arrive([Path("-")]) as (source,):
        assert source.name == "standard-input"
        assert len(list(read_file(source).read())) == 1


def test_files_and_folders_and_what_is_missing_come_as_their_paths(tmp_path: Path) -> None:
    paths = [tmp_path, tmp_path / "gone.csv"]
    with arrive(paths) as sources:
        assert sources == paths
