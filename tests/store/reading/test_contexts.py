"""Contexts for texts that come without one."""

from collections import Counter

from store.reading.contexts import DrawnContexts

CONTEXTS = ("one", "two", "three", "four")


def test_what_a_text_gets_depends_on_no_other_text() -> None:
    alone = DrawnContexts(CONTEXTS, 7)
    first = [alone.draw("b"), alone.draw("b")]
    mixed = DrawnContexts(CONTEXTS, 7)
    assert [mixed.draw("a"), mixed.draw("b"), mixed.draw("c"), mixed.draw("b")][1::2] == first


def test_another_seed_draws_others_and_each_is_as_likely() -> None:
    texts = [f"text {n}" for n in range(2000)]
    drawn = {seed: [DrawnContexts(CONTEXTS, seed).draw(text) for text in texts] for seed in (0, 1)}
    assert drawn[0] != drawn[1]
    counts = Counter(drawn[0])
    assert set(counts) == set(CONTEXTS)
    assert all(420 < count < 580 for count in counts.values())  # 500 ± 4 standard deviations


def test_it_says_what_was_drawn() -> None:
    drawn = DrawnContexts(CONTEXTS, 3)
    assert "none was drawn from made" in drawn.describe("made")
    drawn.draw("a")
    assert drawn.describe("made") == (
        "Drawn from made with seed 3: the contexts of 1 row, 1 of 4 contexts."
    )
