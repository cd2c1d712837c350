from pathlib import Path

import pytest

from engine.generation.protocol import Generation
from engine.jobs.newest import MOST_CHARACTERS, NewText, read_newest, write_newest


@pytest.mark.parametrize(
    ("generation", "ended"),
    [
        (Generation("Why?", 3, cut=False), "end"),
        (Generation("Why?", 3, cut=False, stopped=True), "stop"),
        (Generation("Why", 3, cut=True), "limit"),
        (Generation(None, 0, cut=False, error="HTTP 500"), "error"),
    ],
)
def test_a_text_says_what_ended_it(generation: Generation, ended: str) -> None:
    assert NewText.of("s1", generation, {"question": generation.text}).ended == ended


def test_long_texts_are_cut_and_a_missing_one_is_empty() -> None:
    generation = Generation(None, 0, cut=False, error="HTTP 500")
    text = NewText.of("s1", generation, {"seed": "x" * 10_000, "question": None})
    assert text.texts == (("seed", "x" * MOST_CHARACTERS), ("question", ""))


def test_texts_are_read_as_they_were_written(tmp_path: Path) -> None:
    text = NewText.of(
        "s1", Generation("Why?\x1b[2J", 3, cut=False), {"question": "Why?\x1b[2J"}, ["echo"]
    )
    write_newest(tmp_path, [text])
    assert read_newest(tmp_path) == (text,)


def test_there_is_none_where_no_file_is_or_it_was_damaged(tmp_path: Path) -> None:
    assert read_newest(tmp_path) == ()
    (tmp_path / "newest.json").write_text('{"newest": [')
    assert read_newest(tmp_path) == ()
