from typing import get_args

import pytest

from engine.generation.flags import flag_generation, is_echo, is_repetitive
from engine.generation.protocol import Generation
from engine.generation.templates import Template
from store.flags import Flag

TEMPLATE = Template(
    name="bare",
    style="chat",
    prompt="What question did the user ask to generate the following text:\n\n{text}",
)
GIVEN = "Adults with asthma should carry their inhaler when they exercise outdoors in winter."


def flags(text: str, *, cut: bool = False, question: bool = False) -> list[str]:
    generation = Generation(text, 9, cut=cut)
    return flag_generation(generation, text, GIVEN, TEMPLATE, question=question)


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
        ("I apologize, but this is not something for me to say.", ["refusal"]),
        ("Unfortunately, I am unable to help with that.", ["refusal"]),
        ("Unfortunately, I missed the train.", []),
        ("What question did the user ask to generate this text?", ["template-echo"]),
        (
            "Erwachsene mit Asthma sollen ihr Spray im Winter und auch im Sommer bei sich haben, "
            "wenn sie in den Wald gehen.",
            ["other-language"],
        ),
    ],
)
def test_flags_say_what_is_wrong_with_a_text(text: str, expected: list[str]) -> None:
    assert flags(text) == expected


def test_a_text_cut_at_the_limit_says_so() -> None:
    assert flags("And then there", cut=True) == ["cut"]


def test_only_a_question_is_flagged_for_asking_nothing() -> None:
    assert flags("The sun is out.") == []
    assert flags("The sun is out.", question=True) == ["no-question"]
    assert flags("", question=True) == ["empty"]


def test_flags_come_in_the_order_in_which_they_are_listed() -> None:
    found = flags(GIVEN, cut=True, question=True)
    assert found == ["echo", "no-question", "cut"]
    assert found == [name for name in get_args(Flag) if name in found]


def test_a_failed_row_has_an_error_not_flags() -> None:
    failed = Generation(None, 0, cut=False, error="no")
    assert flag_generation(failed, None, GIVEN, TEMPLATE, question=True) == []


def test_one_word_changed_is_still_an_echo_but_a_question_about_it_is_not() -> None:
    assert is_echo(GIVEN.replace("winter", "summer"), GIVEN)
    assert not is_echo("When should adults with asthma carry their inhaler outdoors?", GIVEN)


def test_short_texts_are_never_called_repetitive() -> None:
    assert not is_repetitive(["no"] * 19)
    assert is_repetitive(["no"] * 20)
