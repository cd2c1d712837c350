"""Planted copies are found whatever their length, and texts of their own are not."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.leaks.grams import COMMON
from store.leaks.search import INSIDE, MIN_INSIDE, MIN_TOKENS, NEAR, find_leaks
from store.leaks.similarity import containment, edit_similarity
from store.words import tokenise

SENTENCE = "Adults over fifty should walk briskly for half an hour on most days of the week."
FILLER = "The clinic opened in spring. Nobody had expected so many visitors on the first morning."
SMALL = st.lists(st.sampled_from(["a", "b", "c", "d", "e"]), min_size=1, max_size=24)


def words(count: int, seed: int) -> list[str]:
    return [f"w{random.Random(f'{seed}:{n}').randrange(500)}" for n in range(count)]


def only(text: str, *benchmark: str) -> tuple[int, str, float] | None:
    leak = find_leaks([text], benchmark).get(0)
    return (leak.benchmark, leak.likeness, round(leak.similarity, 3)) if leak else None


@pytest.mark.parametrize(
    ("text", "likeness", "similarity"),
    [
        (SENTENCE, "equal", 1),
        (SENTENCE.upper().replace(" ", "\n  "), "equal", 1),
        (SENTENCE.replace(".", "!"), "equal", 1),
        (SENTENCE.replace("half", "one"), "near copy", 0.938),
        (f"{FILLER} {SENTENCE} {FILLER}", "contains it", 1),
        (f"{FILLER} {SENTENCE.replace('half', 'one')} {FILLER}", "contains it", 0.938),
        ("Over fifty should walk briskly for half an hour.", "part of it", 1),
    ],
)
def test_a_planted_copy_is_found_with_how_near_it_is(
    text: str, likeness: str, similarity: float
) -> None:
    other = "Iron tablets may upset the stomach when they are taken without any food at all."
    assert only(text, other, SENTENCE) == (1, likeness, similarity)


@pytest.mark.parametrize("count", [7, 8, 10, 14, 15, 16, 20, 47, 100, 400])
def test_one_changed_word_is_found_at_every_place_of_every_length(count: int) -> None:
    benchmark = [" ".join(words(count, seed)) for seed in range(5)]
    copies = []
    for place in range(count):
        copy = words(count, 3)
        copy[place] = "another"
        copies.append(" ".join(copy))
    found = find_leaks(copies, benchmark)
    assert {row: leak.benchmark for row, leak in found.items()} == dict.fromkeys(range(count), 3)


@pytest.mark.parametrize("count", [3, 6])
def test_a_text_of_few_words_leaks_only_when_its_words_are_equal(count: int) -> None:
    short = words(count, 0)
    assert only(" ".join(short).upper(), " ".join(short)) == (0, "equal", 1)
    assert only(" ".join([*short[:-1], "another"]), " ".join(short)) is None
    assert only(" ".join([*words(20, 1), *short]), " ".join(short)) is None


def test_a_text_of_one_or_two_words_is_compared_with_its_punctuation() -> None:
    assert only("c++", "C++") == (0, "equal", 1)
    assert only("C", "C++") is None
    assert only("🙂", "🙂 ") == (0, "equal", 1)
    assert only("🙂", "!") is None


def test_the_nearest_of_several_is_named_and_the_first_of_equal_ones() -> None:
    worse = SENTENCE.replace("half", "one").replace("brisk", "calm")
    better = SENTENCE.replace("half", "one")
    assert only(SENTENCE, worse, better, better) == (1, "near copy", 0.938)
    assert only(SENTENCE, better, SENTENCE, SENTENCE) == (1, "equal", 1)


def test_scripts_without_spaces_are_compared_character_by_character() -> None:
    text = "成年人每周应多数日子快走半小时以保持健康"
    assert only(text.replace("半", "一"), text) == (0, "near copy", 0.95)


def test_a_form_of_words_in_many_benchmark_texts_makes_no_candidates_but_equals_are_found() -> None:
    form = "Answer the following question as well as you can in a sentence"
    benchmark = [f"{form}: {n}" for n in range(COMMON + 1)]
    assert only(f"{form}: other", *benchmark) is None
    assert only(f"{form} 7", *benchmark) == (7, "equal", 1)


def test_a_text_that_is_in_the_benchmark_many_times_is_still_found() -> None:
    assert only(SENTENCE.replace("half", "one"), *[SENTENCE] * (COMMON + 1)) is not None


def test_without_a_benchmark_or_texts_there_are_no_leaks() -> None:
    assert find_leaks([SENTENCE], []) == {}
    assert find_leaks([], [SENTENCE]) == {}
    assert find_leaks([""], [SENTENCE]) == {}


@given(st.lists(SMALL, max_size=6), st.lists(SMALL, max_size=6))
def test_no_leak_is_missed_that_comparing_all_with_all_would_find(
    texts: list[list[str]], benchmark: list[list[str]]
) -> None:
    found = find_leaks([" ".join(text) for text in texts], [" ".join(text) for text in benchmark])
    for row, text in enumerate(texts):
        alike = [likeness(text, known) for known in benchmark]
        best = max(alike, default=0)
        assert (row in found) == (best > 0)
        if row in found:
            assert found[row].similarity == pytest.approx(best)


def likeness(text: list[str], known: list[str]) -> float:
    if min(len(text), len(known)) < MIN_TOKENS:
        return float(text == known)
    near = edit_similarity(text, known)
    inside = containment(text, known) if min(len(text), len(known)) >= MIN_INSIDE else 0
    return near if near >= NEAR else inside if inside >= INSIDE else 0


@given(st.lists(st.text(max_size=40), max_size=5), st.lists(st.text(max_size=40), max_size=5))
def test_any_text_can_be_compared_and_equal_ones_are_found(
    texts: list[str], benchmark: list[str]
) -> None:
    found = find_leaks([*texts, *benchmark], benchmark)
    for row, text in enumerate(benchmark, start=len(texts)):
        assert found[row].likeness == "equal"
        assert tokenise(benchmark[found[row].benchmark]) == tokenise(text)
