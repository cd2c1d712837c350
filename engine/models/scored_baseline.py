"""Baselines that give a pair one score; they learn no more than what the score is worth."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final, Self

import numpy as np
import polars as pl
from pydantic import ValidationError

from engine.jobs.parts import write_text
from engine.models.detector import Verdict
from engine.models.pairs import NOT_FINITE, Advance, Pair, PairScorer
from engine.models.score_fit import ScoreFit
from store.ids import row_id

FIT_NAME: Final = "fit.json"
# More rows hardly change two numbers and a threshold, and take a processor minutes to score.
MOST_ROWS: Final = 2000
_BATCH_ROWS: Final = 32


class ScoredBaseline:
    """A score with what it is worth: classifies pairs."""

    def __init__(self, scorer: PairScorer, fit: ScoreFit, labels: Sequence[str]) -> None:
        self._scorer, self._fit, self._labels = scorer, fit, tuple(labels)

    @classmethod
    def load(
        cls,
        scorer: PairScorer,
        folder: Path,
        read_rows: Callable[[], pl.DataFrame],
        labels: Sequence[str],
        seed: int,
    ) -> Self:
        """The baseline with the fit that its folder keeps; without one it is made, and kept.

        `read_rows` gives the rows that `keep_rows` wrote. Raises TrainingRefused.
        """
        fit = read_fit(folder)
        if fit is None:
            fit = fit_scorer(scorer, read_rows(), seed)
            write_text(folder / FIT_NAME, fit.model_dump_json(indent=1))
        return cls(scorer, fit, labels)

    def verdicts(self, pairs: Sequence[Pair], batch_size: int, advance: Advance) -> list[Verdict]:
        """One verdict for each pair, in order; a score that is not finite is an error."""
        scores = self._scorer.score(pairs, batch_size, advance)
        finite = np.isfinite(scores).tolist()
        return [
            self._fit.verdict(probability, self._labels) if known else Verdict(error=NOT_FINITE)
            for probability, known in zip(self._fit.probabilities(scores), finite, strict=True)
        ]


def fit_scorer(scorer: PairScorer, rows: pl.DataFrame, seed: int) -> ScoreFit:
    """What the scores are worth on at most MOST_ROWS rows, drawn by a hash of the seed and the row.

    `rows` are pairs, as `keep_rows` wrote them. Raises TrainingRefused.
    """
    rows = rows.unique("item_id", keep="first")
    lots = pl.Series("lot", [row_id("fit", seed, item) for item in rows["item_id"]], pl.String)
    drawn = rows.with_columns(lots).sort("lot").head(MOST_ROWS)
    pairs = drawn.select("context", "text").rows()
    scores = scorer.score(pairs, _BATCH_ROWS, lambda rows: None)
    finite = np.isfinite(scores)
    return ScoreFit.of(scores[finite], drawn.filter(pl.Series(finite)))


def read_fit(folder: Path) -> ScoreFit | None:
    """The fit that a baseline's folder keeps; None before it was made, or if it is unreadable."""
    try:
        return ScoreFit.model_validate_json((folder / FIT_NAME).read_bytes())
    except (FileNotFoundError, ValidationError):
        return None
