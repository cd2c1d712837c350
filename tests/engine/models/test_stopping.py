import pytest

from engine.models.stopping import before_stop


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
