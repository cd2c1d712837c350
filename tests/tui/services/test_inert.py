"""Text from files and models, on its way to the terminal."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.services.inert import inert, one_line
from tui.widgets.plain import plain


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31mred\x1b]8;;http://x\x07", "␛[31mred␛]8;;http://x␇"),
        ("a\x00b\x7fc", "a␀b␡c"),
        ("\x9b2J", "⟨009B⟩2J"),
        ("ab\u202edc\u2066", "ab⟨202E⟩dc⟨2066⟩"),
        ("zero\u200bwidth\ufeff", "zero⟨200B⟩width⟨FEFF⟩"),
        ("one\r\ntwo\rthree", "one\ntwo␍three"),
        ("a\tb", "a    b"),
        ("lone \ud800 surrogate", "lone ⟨D800⟩ surrogate"),
        ("hidden \U000e0041 tag", "hidden ⟨E0041⟩ tag"),
    ],
)
def test_controls_are_shown_instead_of_obeyed(text: str, shown: str) -> None:
    assert inert(text) == shown


@pytest.mark.parametrize("text", ["Grüße, 你好, مرحبا, नमस्ते", "👩‍🔬 is one picture", "[b]no[/b]"])
def test_words_of_any_script_are_left_alone(text: str) -> None:
    assert inert(text) == text


@given(st.text(st.characters(codec=None)))
def test_nothing_but_newlines_is_left_that_a_terminal_would_obey(text: str) -> None:
    shown = inert(text)
    assert not any(unicodedata.category(char) in ("Cc", "Cs") for char in shown if char != "\n")
    shown.encode("utf-8")


def test_markup_stays_text_and_carries_no_style() -> None:
    content = plain("[@click=app.quit]quit[/] [link=http://x]here[/link]")
    assert content.plain == "[@click=app.quit]quit[/] [link=http://x]here[/link]"
    assert content.spans == []


def test_a_text_on_one_line_is_cut_with_an_ellipsis() -> None:
    assert one_line("first\nsecond   third", 12) == "first secon…"
    assert one_line("short") == "short"
