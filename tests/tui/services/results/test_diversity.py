import polars as pl

from store.database.connection import Database
from tests import rows
from tests.problems import ON, brief
from tui.services.results.diversity import FEWEST_TEXTS, MOST_TEXTS, measure_diversity

COUNT = FEWEST_TEXTS + 5


def invented(count: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Scenarios with one long text each, on-topic."""
    scenarios = pl.DataFrame({"context": [f"You are the assistant {n}." for n in range(count)]})
    texts = [f"Could you please help me with my question number {n} today" for n in range(count)]
    return scenarios, pl.DataFrame({"label": ON, "text": texts})


def add_real(database: Database, count: int) -> None:
    texts = [(f"s{n}", f"Where is {n * 7919}", ON) for n in range(count)]
    rows.add_dataset(database, "real", texts, "train")


def test_without_real_rows_the_invented_ones_stand_alone_as_they_are(database: Database) -> None:
    add_real(database, FEWEST_TEXTS - 1)
    found = measure_diversity(database, brief(), *invented(COUNT))
    assert [(item.side, item.source, item.n) for item in found] == [
        ("system prompt", "invented", COUNT),
        (ON, "invented", COUNT),
    ]


def test_both_sides_have_as_many_texts_of_the_same_lengths(database: Database) -> None:
    add_real(database, FEWEST_TEXTS)
    _, *both = measure_diversity(database, brief(), *invented(COUNT))
    assert [(item.source, item.n) for item in both] == [
        ("invented", FEWEST_TEXTS),
        ("real", FEWEST_TEXTS),
    ]
    ours, theirs = (item.distinct_2 for item in both)
    assert ours is not None
    assert theirs is not None
    # Cut to three words, all of ours are the same: two pairs of words, in twenty texts.
    assert ours.value == 2 / (2 * FEWEST_TEXTS)
    assert theirs.value == (1 + FEWEST_TEXTS) / (2 * FEWEST_TEXTS)


def test_no_more_texts_are_compared_than_all_with_all_allows(database: Database) -> None:
    scenarios, texts = invented(MOST_TEXTS + 9)
    found = measure_diversity(database, brief(), scenarios.head(0), texts)
    assert [(item.side, item.n) for item in found] == [(ON, MOST_TEXTS)]
