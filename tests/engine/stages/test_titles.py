import pytest

from engine.stages.titles import MOST_WORDS, read_title


@pytest.mark.parametrize(
    ("reply", "title"),
    [
        ("Home remedies for coughs", "Home remedies for coughs"),
        ('\n "Knitting with wool."\nThese texts …', "Knitting with wool"),
        ("Title: **Travel tips**", "Travel tips"),
        ("  \n\n", None),
        (None, None),
        (" ".join(["word"] * MOST_WORDS), " ".join(["word"] * MOST_WORDS)),
        ("These texts have in common that all of them say something of coughs", None),
    ],
)
def test_a_title_is_the_first_line_of_a_reply_unless_that_is_a_sentence(
    reply: str | None, title: str | None
) -> None:
    assert read_title(reply) == title
