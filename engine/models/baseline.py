"""Baselines: what a detector has to beat, fitted by scikit-learn where they are used.

No model is kept on the disk, only the rows that it is fitted on: fitting takes seconds and gives
the same again, and no pickle is ever read.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

import polars as pl

from engine.errors import TrainingRefused
from engine.jobs.parts import read_parquet, write_parquet
from engine.models.detector import Verdict
from engine.models.folder_check import ROWS_NAME
from engine.models.inputs import contexts_of

MAJORITY: Final = "baseline:majority"
TFIDF: Final = "baseline:tfidf"

_MAX_ITERATIONS: Final = 1000  # scikit-learn's 100 are too few for some thousand texts


def keep_rows(folder: Path, rows: pl.DataFrame) -> None:
    """Keep the rows that a baseline is fitted on (schema TRAINING_ROWS) in its folder."""
    folder.mkdir(parents=True, exist_ok=True)
    write_parquet(folder / ROWS_NAME, rows)


class Baseline:
    """A fitted baseline, which classifies texts as a detector does; a pair is one text to it.

    `baseline:majority` always predicts the most frequent label, with each label's share of the rows
    as its probability. `baseline:tfidf` is a logistic regression, with scikit-learn's defaults, on
    TF-IDF weights of words and pairs of words. Of several stages all rows count alike.
    """

    def __init__(self, model: Any, labels: Sequence[str]) -> None:
        self._model = model
        self._labels = tuple(labels)
        known: list[str] = model.classes_.tolist()
        self._places = [known.index(label) if label in known else None for label in labels]

    @classmethod
    def fit(cls, base: str, rows: pl.DataFrame, labels: Sequence[str], seed: int) -> "Baseline":
        """Fit a baseline on rows (schema TRAINING_ROWS); a label without rows gets probability 0.

        Raises TrainingRefused if no text has a word.
        """
        model = _make_model(base, seed)
        try:
            texts = _join(rows["text"].to_list(), contexts_of(rows))
            model.fit(texts, rows["label"].to_list())
        except ValueError as error:
            raise TrainingRefused(f"{base} cannot be fitted on these rows: {error}.") from error
        return cls(model, labels)

    @classmethod
    def load(cls, folder: Path, base: str, labels: Sequence[str], seed: int) -> "Baseline":
        """Fit a baseline on the rows that its folder keeps. Raises TrainingRefused."""
        path = folder / ROWS_NAME
        if not path.is_file():
            raise TrainingRefused(
                f"The rows that {base} was fitted on are gone: there is no {path}."
            )
        return cls.fit(base, read_parquet(path), labels, seed)

    def classify(
        self,
        texts: Sequence[str | None],
        batch_size: int,
        advance: Callable[[int], None] = lambda rows: None,
        contexts: Sequence[str | None] | None = None,
    ) -> list[Verdict]:
        """One verdict for each text, with the context in the same place, in the order of the texts.

        A blank text is an error. `advance` is told the number of rows after each batch.
        """
        found = []
        joined = _join(texts, contexts or [None] * len(texts))
        for start in range(0, len(texts), batch_size):
            batch = texts[start : start + batch_size]
            shares = self._model.predict_proba(joined[start : start + batch_size]).tolist()
            found += [self._verdict(text, row) for text, row in zip(batch, shares, strict=True)]
            advance(len(batch))
        return found

    def _verdict(self, text: str | None, shares: list[float]) -> Verdict:
        if text is None or not text.strip():
            return Verdict(error="there is no text to predict on")
        found = [0.0 if place is None else shares[place] for place in self._places]
        return Verdict(label=self._labels[found.index(max(found))], probabilities=found)


def _join(texts: Sequence[str | None], contexts: Sequence[str | None]) -> list[str]:
    return [
        f"{context}\n{text or ''}" if context else text or ""
        for text, context in zip(texts, contexts, strict=True)
    ]


def _make_model(base: str, seed: int) -> Any:
    if base == MAJORITY:
        from sklearn.dummy import DummyClassifier

        return DummyClassifier(strategy="prior")
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    return make_pipeline(
        TfidfVectorizer(ngram_range=(1, 2)),
        LogisticRegression(random_state=seed, max_iter=_MAX_ITERATIONS),
    )
