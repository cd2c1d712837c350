"""Patterns: where they are found, and what is refused."""

import re
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

import store.search
from store.database.connection import Database
from store.errors import PatternInvalid
from store.search import find_spans, search_members, search_representatives
from tests import rows


@pytest.fixture
def texts(database: Database, tmp_path: Path) -> Database:
    """Two clusters; only a member of the second mentions a doctor."""
    names = [f"s{number}" for number in range(4)]
    words = ["Drink tea.", "Rest a while.", "A night train.", "Ask your DOCTOR (soon)."]
    rows.add_dataset(database, "seeds", [(name, "Seed.", None) for name in names], "seed")
    rows.ingest(database, tmp_path, "queries", rows.queries(names))
    answers = rows.answers(names).with_columns(text=pl.Series(words))
    rows.ingest(database, tmp_path, "answers", answers)
    clusters = {"c0": ["a-s0", "a-s1"], "c1": ["a-s2", "a-s3"]}
    rows.ingest(database, tmp_path, "members", rows.members(clusters))
    return database


@pytest.mark.parametrize(
    ("pattern", "found"),
    [("TEA", {"c0"}), ("/^A /", {"c1"}), ("doctor", set()), ("/tea|train/", {"c0", "c1"})],
)
def test_representatives_are_searched(texts: Database, pattern: str, found: set[str]) -> None:
    assert search_representatives(texts, pattern) == found


@pytest.mark.parametrize(
    ("pattern", "found"), [("doctor (", {"c1"}), ("/doctor/", set()), ("rest", {"c0"})]
)
def test_members_are_searched_and_plain_text_is_no_expression(
    texts: Database, pattern: str, found: set[str]
) -> None:
    assert set().union(*search_members(texts, pattern)) == found


def test_members_are_searched_piece_by_piece(
    texts: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store.search, "FIRST_ROWS", 1)
    monkeypatch.setattr(store.search, "MOST_ROWS", 1)
    found = list(search_members(texts, "/a/"))
    assert sorted(map(sorted, found)) == [[], ["c0"], ["c0"], ["c1"]]


def test_what_is_no_expression_is_refused(database: Database) -> None:
    with pytest.raises(PatternInvalid, match=r"/\(/ is not a regular expression"):
        search_representatives(database, "/(/")


def test_spans_know_what_stands_around_a_match() -> None:
    assert find_spans(["concat a cat, CAT"], [r"/\bcat\b/", "cat,"]) == [[(9, 12)]]
    assert find_spans(["ab", ""], []) == [[], []]
    assert find_spans(["aXbX", "none"], ["x"]) == [[(1, 2), (3, 4)], []]


@given(st.lists(st.text(alphabet="ab \n(é𝄞"), min_size=1), st.sampled_from(["a", "ab", "(", "é𝄞"]))
def test_spans_of_plain_words_are_those_of_a_plain_search(texts: list[str], word: str) -> None:
    expected = [[match.span() for match in re.finditer(re.escape(word), text)] for text in texts]
    assert find_spans(texts, [word]) == expected
