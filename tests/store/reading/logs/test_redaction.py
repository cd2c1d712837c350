"""Expressions that take personal data out of texts."""

from pathlib import Path

import pytest

from store.errors import ImportRefused
from store.reading.logs.redaction import read_redaction


def test_each_expression_puts_its_name_in_the_place_of_what_it_matches(tmp_path: Path) -> None:
    path = tmp_path / "patterns.toml"
    path.write_text("[patterns]\nmail = '[a-z]+@[a-z.]+'\nnumber = '[0-9]{5,}'\n")
    redaction = read_redaction(path)

    found = redaction.apply_within({"text": "al@b.org, 123456", "all": ["c@d.org", 7]})

    assert found == {"text": "[mail], [number]", "all": ["[mail]", 7]}
    assert redaction.counts == {"mail": 2, "number": 1}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "has no patterns"),
        ("[patterns]\n", "has no patterns"),
        ("[other]\na = 'b'\n", "has no patterns"),
        ("[patterns\n", "is not TOML"),
        ("[patterns]\nmail = 3\n", "'mail' is not a text"),
        ("[patterns]\nmail = '('\n", "'mail' is not a regular expression"),
        ("[patterns]\nmail = 'a*'\n", "'mail' matches nothing at all"),
    ],
)
def test_expressions_that_cannot_be_used_are_refused(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "patterns.toml"
    path.write_text(text)

    with pytest.raises(ImportRefused, match=said):
        read_redaction(path)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ImportRefused, match="cannot be read"):
        read_redaction(tmp_path / "nothing.toml")
