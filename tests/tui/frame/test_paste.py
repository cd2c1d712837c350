import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual import events

from tui.frame.paste import BEGINS, ENDS, PasteFilter, PasteParser


def parsed(*pieces: str) -> list[str]:
    """What keys and pasted texts pieces become."""
    parser = PasteParser()
    found = [event for piece in pieces for event in parser.feed(piece)]
    return [
        f"paste {event.text}" if isinstance(event, events.Paste) else event.key
        for event in found
        if isinstance(event, events.Paste | events.Key)
    ]


@pytest.mark.parametrize(
    ("text", "pasted"),
    [
        ("abc", "abc"),
        ("abc\x1b1 2 3", "abc1 2 3"),
        ("a\x1b[A1", "a[A1"),
        ("a\x1b", "a"),
        ("a\x1b\x1b", "a"),
        (f"a{BEGINS}1", "a[200~1"),
        ("\x1b" + "1" * 50, "1" * 50),
    ],
)
def test_pasted_text_never_becomes_keys(text: str, pasted: str) -> None:
    assert parsed(f"1{BEGINS}{text}{ENDS}2x") == ["1", f"paste {pasted}", "2", "x"]
    assert parsed(*f"1{BEGINS}{text}{ENDS}2x") == ["1", f"paste {pasted}", "2", "x"]


def test_keys_and_their_sequences_pass_as_they_are() -> None:
    assert parsed("1\x1b[A", "\x1b[", "B\x1bOP") == ["1", "up", "down", "f1"]


@given(st.lists(st.text(alphabet="\x1b[20~1a", max_size=6), max_size=12))
def test_pieces_are_filtered_as_the_whole_is(pieces: list[str]) -> None:
    whole = "".join(pieces)
    one, many = PasteFilter(), PasteFilter()
    # the end of pasted text brings out what was kept back
    found = one(whole) + one(ENDS)
    assert "".join(many(piece) for piece in pieces) + many(ENDS) == found
