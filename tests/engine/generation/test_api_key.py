import json
from urllib.parse import quote

import pytest

from engine.errors import KeyRefused
from engine.generation.api_key import KEY_VARIABLE, read_key, redact

KEY = "sk-very+secret/0123456789"


@pytest.mark.parametrize("around", ["{}", " {}", "{}\n", "{}\r\n", "\t{}\r", "\ufeff{}\u200b\n"])
def test_white_space_around_the_key_is_no_part_of_it(around: str) -> None:
    assert read_key({KEY_VARIABLE: around.format(KEY)}) == KEY


@pytest.mark.parametrize("environ", [{}, {KEY_VARIABLE: ""}, {KEY_VARIABLE: " \n"}])
def test_without_a_key_there_is_none(environ: dict[str, str]) -> None:
    assert read_key(environ) == ""


@pytest.mark.parametrize(
    ("key", "says"),
    [
        (f"\u201c{KEY}\u201d", "left double quotation mark"),
        (f'"{KEY}"', "quotation mark"),
        (f"'{KEY}'", "apostrophe"),
        (f"{KEY}\nOTHER={KEY}", "U\\+000A"),
        (f"Bearer {KEY}", "space"),
        (f"{KEY}\x00x", "U\\+0000"),
        (f"{KEY}\udce9", "U\\+DCE9"),
        (f"{KEY}é", "e with acute"),
    ],
)
def test_what_no_key_has_is_refused_by_name_without_the_key(key: str, says: str) -> None:
    with pytest.raises(KeyRefused, match=says) as refused:
        read_key({KEY_VARIABLE: key})
    assert KEY not in str(refused.value)
    assert KEY_VARIABLE in str(refused.value)


@pytest.mark.parametrize("given", [KEY, f"{KEY}\n", f"\u201c{KEY}\u201d", f" {KEY}\r\n"])
def test_no_spelling_of_the_key_is_left(given: str) -> None:
    spelled = [
        given,
        repr(given),
        repr(f"Bearer {given}".encode()),
        ascii(given),
        json.dumps({"key": given}),
        quote(given),
        quote(given, safe=""),
        f"http://host/?key={quote(given, safe='')}",
    ]
    for text in spelled:
        left = redact(f"before {text} after", {KEY_VARIABLE: given})
        assert "secret" not in left
        assert left.startswith("before ")
        assert left.endswith(" after")


def test_words_that_stand_for_no_key_are_left_as_they_are() -> None:
    assert redact("none of it is EMPTY", {KEY_VARIABLE: "EMPTY"}) == "none of it is EMPTY"
