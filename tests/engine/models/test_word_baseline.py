"""Baselines of words, against scikit-learn put together apart and counts made by hand."""

import numpy as np
import polars as pl
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from engine.errors import TrainingRefused
from engine.models.baseline_name import MAJORITY, TFIDF
from engine.models.word_baseline import WordBaseline
from store.sources import TRAINING_ROWS
from tests.engine.models.pair_rows import LABELS as PAIR_LABELS
from tests.engine.models.pair_rows import pair_rows
from tests.engine.stages.test_train import LABELS, toy_rows


def rows_of(*pairs: tuple[str, str]) -> pl.DataFrame:
    rows = [
        (0, "real", "d", f"r{number}", f"r{number}", None, text, label)
        for number, (text, label) in enumerate(pairs)
    ]
    return pl.DataFrame(rows, schema=dict(TRAINING_ROWS), orient="row")


def test_tfidf_says_what_scikit_learn_says_step_by_step() -> None:
    rows, texts = toy_rows(60), toy_rows(100)["text"].to_list()[60:]
    vectors = TfidfVectorizer(ngram_range=(1, 2))
    model = LogisticRegression(max_iter=1000)
    model.fit(vectors.fit_transform(rows["text"].to_list()), rows["label"].to_list())
    shares = model.predict_proba(vectors.transform(texts))
    found = WordBaseline.fit(TFIDF, rows, LABELS, seed=3).classify(texts, 7)
    assert model.classes_.tolist() == list(LABELS)
    for verdict, expected in zip(found, shares, strict=True):
        assert verdict.probabilities == pytest.approx(expected.tolist(), abs=1e-9)
        assert verdict.label == LABELS[expected.argmax()]


def test_the_majority_is_always_said_with_the_shares_of_the_rows() -> None:
    rows = rows_of(("a", "content"), ("b", "advice"), ("c", "content"), ("d", "content"))
    (one, other) = WordBaseline.fit(MAJORITY, rows, LABELS, seed=0).classify(["Drink!", "x"], 2)
    assert one == other
    assert (one.label, one.probabilities) == ("content", [0.25, 0.75])


def test_of_equally_frequent_labels_the_tasks_first_is_said() -> None:
    rows = rows_of(("a", "content"), ("b", "advice"))
    for labels in (("advice", "content"), ("content", "advice")):
        (verdict,) = WordBaseline.fit(MAJORITY, rows, labels, seed=0).classify(["x"], 1)
        assert verdict.label == labels[0]


@pytest.mark.parametrize("base", [MAJORITY, TFIDF])
def test_probabilities_are_in_the_order_of_the_labels_and_0_for_one_without_rows(base: str) -> None:
    labels = ("content", "neither", "advice")
    (verdict,) = WordBaseline.fit(base, toy_rows(40), labels, seed=0).classify(["Drink water."], 1)
    assert verdict.probabilities is not None
    assert verdict.probabilities[1] == 0
    assert sum(verdict.probabilities) == pytest.approx(1)
    if base == TFIDF:
        assert verdict.label == "advice"


@pytest.mark.parametrize("base", [MAJORITY, TFIDF])
def test_a_text_without_words_is_an_error_and_advance_counts_it(base: str) -> None:
    told: list[int] = []
    found = WordBaseline.fit(base, toy_rows(40), LABELS, seed=0).classify(
        ["x", " ", None], 2, told.append
    )
    assert [verdict.error is None for verdict in found] == [True, False, False]
    assert (found[1].label, found[1].probabilities) == (None, None)
    assert told == [2, 1]


def test_rows_without_a_word_cannot_be_fitted_on() -> None:
    with pytest.raises(TrainingRefused, match="baseline:tfidf cannot be fitted"):
        WordBaseline.fit(TFIDF, rows_of(("?", "advice"), ("!", "content")), LABELS, seed=0)


PAIRS = pair_rows(
    *(
        (f"You help with {what} number {place}.", f"{ask} {place}?", PAIR_LABELS[place % 2])
        for place in range(40)
        for what, ask in [("taxes", "A poem") if place % 2 else ("trains", "Which form")]
    )
)


def test_tfidf_weighs_the_words_of_both_sides_of_a_pair_apart() -> None:
    contexts, texts = PAIRS["context"].to_list(), PAIRS["text"].to_list()
    vectors = [TfidfVectorizer(ngram_range=(1, 2)) for _ in range(2)]
    sides = [one.fit_transform(side) for one, side in zip(vectors, (contexts, texts), strict=True)]
    model = LogisticRegression(max_iter=1000)
    model.fit(np.hstack([side.toarray() for side in sides]), PAIRS["label"].to_list())
    asked = ["A poem for the train?", "Which form 3?"]
    beside = ["You help with trains.", "Trains"]
    found = WordBaseline.fit(TFIDF, PAIRS, PAIR_LABELS, seed=3).classify(asked, 1, contexts=beside)
    columns = [one.transform(side) for one, side in zip(vectors, (beside, asked), strict=True)]
    shares = model.predict_proba(np.hstack([side.toarray() for side in columns]))
    for verdict, expected in zip(found, shares, strict=True):
        assert verdict.probabilities == pytest.approx(expected.tolist(), abs=1e-4)


@pytest.mark.parametrize("base", [MAJORITY, TFIDF])
def test_a_pair_without_a_context_is_an_error(base: str) -> None:
    fitted = WordBaseline.fit(base, PAIRS, PAIR_LABELS, seed=0)
    found = fitted.classify(["Which form?", "Which form?", " "], 2, contexts=["Tax", None, "Tax"])
    assert [verdict.error for verdict in found] == [
        None, "there is no context to predict on", "there is no text to predict on"
    ]  # fmt: skip
