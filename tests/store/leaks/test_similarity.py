"""Similarity of texts, against the plain dynamic programme."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.leaks.similarity import containment, distance_inside, edit_similarity
from store.words import normalise, tokenise

WORDS = st.lists(st.sampled_from(["a", "b", "c"]), max_size=12)


def plain_distance(one: Sequence[str], other: Sequence[str]) -> int:
    row = list(range(len(other) + 1))
    for i, left in enumerate(one, start=1):
        previous, row = row, [i]
        for j, right in enumerate(other, start=1):
            row.append(min(previous[j] + 1, row[-1] + 1, previous[j - 1] + (left != right)))
    return row[-1]


@given(WORDS, WORDS)
def test_the_edit_distance_is_that_of_the_plain_programme(one: list[str], other: list[str]) -> None:
    longer = max(len(one), len(other), 1)
    assert edit_similarity(one, other) == 1 - plain_distance(one, other) / longer


@given(WORDS, WORDS)
def test_the_distance_inside_is_the_smallest_to_any_stretch(
    part: list[str], whole: list[str]
) -> None:
    stretches = [
        whole[start:end] for start in range(len(whole) + 1) for end in range(start, len(whole) + 1)
    ]
    assert distance_inside(part, whole) == min(plain_distance(part, item) for item in stretches)


@given(st.lists(st.text(max_size=3), max_size=300), st.integers(0, 300))
def test_long_texts_cross_the_width_of_a_machine_word(words: list[str], cut: int) -> None:
    left = min(cut, len(words))
    assert edit_similarity(words, words) == 1
    assert edit_similarity(words, words[:cut]) == 1 - (len(words) - left) / max(len(words), 1)
    assert distance_inside(words[cut:], words) == 0


@given(WORDS, WORDS)
def test_similarities_are_shares_alike_in_both_directions(one: list[str], other: list[str]) -> None:
    assert 0 <= edit_similarity(one, other) == edit_similarity(other, one) <= 1
    assert 0 <= containment(one, other) <= 1
    if len(one) != len(other):
        assert containment(one, other) == containment(other, one)


def test_edge_cases_of_similarity() -> None:
    assert edit_similarity([], []) == 1
    assert edit_similarity(["rest"], []) == 0
    assert edit_similarity(["rest"], ["rest"]) == 1
    assert edit_similarity(["rest"], ["sleep"]) == 0
    assert containment([], ["rest"]) == 0
    assert containment(["rest"], ["do", "rest", "well"]) == 1


def test_the_kitten_becomes_sitting_by_three_edits() -> None:
    assert edit_similarity("kitten", "sitting") == 1 - 3 / 7


@given(st.text())
def test_normalising_twice_is_normalising_once_but_for_rare_letters(text: str) -> None:
    once = normalise(text)
    assert once == once.strip()
    assert "  " not in once
    assert tokenise(f" {text}\n") == tokenise(text)


def test_normalising_forgets_case_width_and_spaces() -> None:
    assert normalise("  Ｄrink\u00a0MORE\n water ") == "drink more water"


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("", []),
        ("…!?", []),
        ("Don’t take 400\u202fmg—ever.", ["don", "t", "take", "400", "mg", "ever"]),
        ("snake_case", ["snake", "case"]),
        ("STRASSE Straße", ["strasse", "strasse"]),
        ("多喝水 Tee", ["多", "喝", "水", "tee"]),
        ("caf\u0065\u0301", ["café"]),
    ],
)
def test_tokens_are_words_and_numbers_without_punctuation(text: str, tokens: list[str]) -> None:
    assert tokenise(text) == tokens
