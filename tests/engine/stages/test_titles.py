import pytest

from engine.stages.titles import LONGEST, read_title


@pytest.mark.parametrize(
    ("reply", "title"),
    [
        ("Home remedies for coughs", "Home remedies for coughs"),
        ('\n "Knitting with wool."\nThese texts …', "Knitting with wool"),
        ("Title: **Travel tips**", "Travel tips"),
        ("  \n\n", None),
        (None, None),
        ("x" * 200, "x" * LONGEST),
    ],
)
def test_a_title_is_the_first_line_of_a_reply(reply: str | None, title: str | None) -> None:
    assert read_title(reply) == title
