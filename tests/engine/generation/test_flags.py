import pytest

from engine.generation.flags import flag_generation, is_echo, is_repetitive
from engine.generation.protocol import Generation

GIVEN = "Adults with asthma should carry their inhaler when they exercise outdoors in winter."


def flags(text: str, *, cut: bool = False) -> list[str]:
    return flag_generation(Generation(text, 9, cut=cut), text, GIVEN)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("What should adults with asthma carry?", []),
        ("", ["empty"]),
        ("  \n ", ["empty"]),
        (" \u200b\n\ufeff\t", ["empty"]),
        ("👍", []),
        ("Cool the Caf\ufffd", ["damaged"]),
        (GIVEN, ["echo"]),
        (f'"{GIVEN.upper()}"', ["echo"]),
        ("I'm sorry, but I can't help with that request.", ["refusal"]),
        ("I’m sorry, I cannot answer medical questions.", ["refusal"]),
        ("As an AI language model, I have no body.", ["refusal"]),
        ("Nobody can refuse: sorry is what I said.", []),
        ("drink more water now " * 12, ["repetition"]),
    ],
)
def test_flags_say_what_is_wrong_with_a_text(text: str, expected: list[str]) -> None:
    assert flags(text) == expected


def test_a_text_cut_at_the_limit_says_so() -> None:
    assert flags("And then there", cut=True) == ["cut"]


def test_a_failed_row_has_an_error_not_flags() -> None:
    assert flag_generation(Generation(None, 0, cut=False, error="no"), None, GIVEN) == []


def test_one_word_changed_is_still_an_echo_but_a_question_about_it_is_not() -> None:
    assert is_echo(GIVEN.replace("winter", "summer"), GIVEN)
    assert not is_echo("When should adults with asthma carry their inhaler outdoors?", GIVEN)


def test_short_texts_are_never_called_repetitive() -> None:
    assert not is_repetitive(["no"] * 19)
    assert is_repetitive(["no"] * 20)
