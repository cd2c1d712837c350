"""Baselines, against scikit-learn put together apart and counts made by hand."""

from pathlib import Path

import polars as pl
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from engine.errors import TrainingRefused
from engine.models.baseline import MAJORITY, TFIDF, Baseline, keep_rows
from store.sources import TRAINING_ROWS
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
    found = Baseline.fit(TFIDF, rows, LABELS, seed=3).classify(texts, 7)
    assert model.classes_.tolist() == list(LABELS)
    for verdict, expected in zip(found, shares, strict=True):
        assert verdict.probabilities == pytest.approx(expected.tolist(), abs=1e-9)
        assert verdict.label == LABELS[expected.argmax()]


def test_the_majority_is_always_said_with_the_shares_of_the_rows() -> None:
    rows = rows_of(("a", "content"), ("b", "advice"), ("c", "content"), ("d", "content"))
    (one, other) = Baseline.fit(MAJORITY, rows, LABELS, seed=0).classify(["Drink!", "x"], 2)
    assert one == other
    assert (one.label, one.probabilities) == ("content", [0.25, 0.75])


def test_of_equally_frequent_labels_the_tasks_first_is_said() -> None:
    rows = rows_of(("a", "content"), ("b", "advice"))
    for labels in (("advice", "content"), ("content", "advice")):
        (verdict,) = Baseline.fit(MAJORITY, rows, labels, seed=0).classify(["x"], 1)
        assert verdict.label == labels[0]


@pytest.mark.parametrize("base", [MAJORITY, TFIDF])
def test_probabilities_are_in_the_order_of_the_labels_and_0_for_one_without_rows(base: str) -> None:
    labels = ("content", "neither", "advice")
    (verdict,) = Baseline.fit(base, toy_rows(40), labels, seed=0).classify(["Drink water."], 1)
    assert verdict.probabilities is not None
    assert verdict.probabilities[1] == 0
    assert sum(verdict.probabilities) == pytest.approx(1)
    if base == TFIDF:
        assert verdict.label == "advice"


@pytest.mark.parametrize("base", [MAJORITY, TFIDF])
def test_a_text_without_words_is_an_error_and_advance_counts_it(base: str) -> None:
    told: list[int] = []
    found = Baseline.fit(base, toy_rows(40), LABELS, seed=0).classify(
        ["x", " ", None], 2, told.append
    )
    assert [verdict.error is None for verdict in found] == [True, False, False]
    assert (found[1].label, found[1].probabilities) == (None, None)
    assert told == [2, 1]


def test_rows_without_a_word_cannot_be_fitted_on() -> None:
    with pytest.raises(TrainingRefused, match="baseline:tfidf cannot be fitted"):
        Baseline.fit(TFIDF, rows_of(("?", "advice"), ("!", "content")), LABELS, seed=0)


def test_a_baseline_whose_rows_are_gone_is_refused_by_its_folder(tmp_path: Path) -> None:
    keep_rows(tmp_path, toy_rows(8))
    Baseline.load(tmp_path, TFIDF, LABELS, seed=0)
    with pytest.raises(TrainingRefused, match="elsewhere"):
        Baseline.load(tmp_path / "elsewhere", TFIDF, LABELS, seed=0)


def test_a_pair_is_one_text_of_both() -> None:
    rows = toy_rows(40).with_columns(context=pl.lit("Talk of health."))
    model = Baseline.fit(TFIDF, rows, LABELS, seed=0)
    joined = rows.with_columns(text="Talk of health.\n" + pl.col("text")).drop("context")
    expected = Baseline.fit(TFIDF, joined, LABELS, seed=0).classify(["Talk of health.\nRest."], 2)
    assert model.classify(["Rest."], 2, contexts=["Talk of health."]) == expected
    assert model.classify(["Rest."], 2) != expected
