"""Baselines that know nothing but labels and words, fitted by scikit-learn where they are used.

No model is kept on the disk, only the rows that it is fitted on: fitting takes seconds and gives
the same again, and no pickle is ever read.
"""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import polars as pl

from engine.errors import TrainingRefused
from engine.models.baseline_name import MAJORITY
from engine.models.detector import Verdict
from engine.models.inputs import contexts_of, find_row_fault
from engine.models.pairs import Advance

_Given = tuple[str | None, str | None]  # text, context
_MAX_ITERATIONS: Final = 1000  # scikit-learn's 100 are too few for some thousand texts


class WordBaseline:
    """A fitted baseline, which classifies texts, or pairs, as a detector does.

    `baseline:majority` always predicts the most frequent label, with each label's share of the rows
    as its probability. `baseline:tfidf` is a logistic regression, with scikit-learn's defaults, on
    TF-IDF weights of words and pairs of words. A pair's two texts have weights of their own, side
    by side: it knows which words each side has, and never whether they have to do with each other.
    Of several stages all rows count alike.
    """

    def __init__(self, model: Any, labels: Sequence[str], *, takes_pairs: bool) -> None:
        self._model = model
        self._labels = tuple(labels)
        self._takes_pairs = takes_pairs
        known: list[str] = model.classes_.tolist()
        self._places = [known.index(label) if label in known else None for label in labels]

    @classmethod
    def fit(cls, base: str, rows: pl.DataFrame, labels: Sequence[str], seed: int) -> "WordBaseline":
        """Fit a baseline on rows (schema TRAINING_ROWS); a label without rows gets probability 0.

        Rows with a context are pairs. Raises TrainingRefused if no text, or no context, has a word.
        """
        contexts = contexts_of(rows)
        takes_pairs = any(context is not None for context in contexts)
        model = _make_model(base, seed, takes_pairs=takes_pairs)
        given = list(zip(rows["text"], contexts, strict=True))
        try:
            model.fit(_features(given, takes_pairs=takes_pairs), rows["label"].to_list())
        except ValueError as error:
            raise TrainingRefused(f"{base} cannot be fitted on these rows: {error}.") from error
        return cls(model, labels, takes_pairs=takes_pairs)

    def classify(
        self,
        texts: Sequence[str | None],
        batch_size: int,
        advance: Advance = lambda rows: None,
        contexts: Sequence[str | None] | None = None,
    ) -> list[Verdict]:
        """One verdict for each text or pair, in their order; a blank text or context is an error.

        `advance` is told the number of rows after each batch.
        """
        given = list(zip(texts, contexts or [None] * len(texts), strict=True))
        found = []
        for start in range(0, len(given), batch_size):
            batch = given[start : start + batch_size]
            shares = self._model.predict_proba(
                _features(batch, takes_pairs=self._takes_pairs)
            ).tolist()
            found += [self._verdict(pair, row) for pair, row in zip(batch, shares, strict=True)]
            advance(len(batch))
        return found

    def _verdict(self, given: _Given, shares: list[float]) -> Verdict:
        fault = find_row_fault(*given, takes_pairs=self._takes_pairs)
        if fault is not None:
            return Verdict(error=fault)
        found = [0.0 if place is None else shares[place] for place in self._places]
        return Verdict(label=self._labels[found.index(max(found))], probabilities=found)


def _features(rows: Sequence[_Given], *, takes_pairs: bool) -> Any:
    """What the models take: the texts, or of pairs context and text, [rows, 2]."""
    if not takes_pairs:
        return [text or "" for text, _ in rows]
    return np.array([(context or "", text or "") for text, context in rows], dtype=object)


def _make_model(base: str, seed: int, *, takes_pairs: bool) -> Any:
    if base == MAJORITY:
        from sklearn.dummy import DummyClassifier

        return DummyClassifier(strategy="prior")
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    return make_pipeline(
        _weigh_words(takes_pairs=takes_pairs),
        LogisticRegression(random_state=seed, max_iter=_MAX_ITERATIONS),
    )


def _weigh_words(*, takes_pairs: bool) -> Any:
    from sklearn.compose import ColumnTransformer
    from sklearn.feature_extraction.text import TfidfVectorizer

    if not takes_pairs:
        return TfidfVectorizer(ngram_range=(1, 2))
    sides = [(side, TfidfVectorizer(ngram_range=(1, 2)), place)
             for place, side in enumerate(("context", "text"))]  # fmt: skip
    return ColumnTransformer(sides)
