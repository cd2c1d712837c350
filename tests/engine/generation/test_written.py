import pytest

from engine.generation.protocol import Generation
from engine.generation.written import before_stop, read_written


@pytest.mark.parametrize(
    ("text", "stop", "expected"),
    [
        ("one\ntwo", ("\n",), "one"),
        ("a END b\n", ("\n", "END"), "a "),
        ("nothing here", ("\n", ""), "nothing here"),
        ("as it is", (), "as it is"),
    ],
)
def test_a_text_ends_before_the_first_stop_string(
    text: str, stop: tuple[str, ...], expected: str
) -> None:
    assert before_stop(text, stop) == expected


def test_a_text_that_a_stop_string_ended_was_not_cut() -> None:
    found = read_written("one\ntwo", ["\n"], new_tokens=9, cut=True)
    assert found == Generation("one", 9, cut=False, stopped=True)
    assert read_written("one", ["\n"], new_tokens=9, cut=True) == Generation("one", 9, True)


def test_a_thought_is_left_out_before_stop_strings_are_looked_for() -> None:
    found = read_written("<think>\nHm.\n</think>\nWhy?\nMore", ["\n"], new_tokens=9, cut=False)
    assert found.text == "Why?"
    assert found.written == "<think>\nHm.\n</think>\nWhy?\nMore"


@pytest.mark.parametrize("raw", ["<think>Hm, let me", "<think>Hm.</think>", "[THINK]a[/THINK] \n"])
def test_a_reply_of_nothing_but_thought_is_an_error_that_keeps_it(raw: str) -> None:
    found = read_written(raw, new_tokens=9, cut=False)
    assert (found.text, found.raw) == (None, raw)
    assert "nothing but thought" in str(found.error)


def test_a_reply_that_was_cut_inside_its_thought_says_what_to_raise() -> None:
    found = read_written("<think>Hm, let me", new_tokens=9, cut=True)
    assert "max_new_tokens" in str(found.error)


def test_characters_that_no_file_can_hold_are_replaced() -> None:
    found = read_written("Half \ud83d, nul \0, whole \U0001f600", new_tokens=9, cut=False)
    assert found.text == "Half \ufffd, nul \ufffd, whole \U0001f600"
    assert found.raw is None
