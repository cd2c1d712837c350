from hypothesis import given
from hypothesis import strategies as st

from store.words import cut_words, tokenise


def test_a_text_is_cut_after_so_many_words() -> None:
    text = "**Sure!** Drink 2 glasses, often."
    assert [cut_words(text, count) for count in range(1, 4)] == [
        "**Sure", "**Sure!** Drink", "**Sure!** Drink 2",
    ]  # fmt: skip
    assert cut_words(text, 0) == ""
    assert cut_words(text, 5) == cut_words(text, 99) == text
    assert cut_words("喝更多的水。", 2) == "喝更"


@given(st.text("ab c.!é水", max_size=30), st.integers(0, 12))
def test_what_is_left_is_the_beginning_and_has_at_most_so_many_words(text: str, count: int) -> None:
    cut = cut_words(text, count)
    assert text.startswith(cut)
    assert tokenise(cut) == tokenise(text)[:count]
