"""What a score of pairs is worth: which way it points, as a probability, and where to cut it."""

from collections.abc import Sequence
from typing import Any, Final, Self

import numpy as np
import polars as pl
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from engine.errors import TrainingRefused
from engine.models.detector import Verdict
from engine.statistics.platt import PlattScaling, fit_platt
from engine.statistics.thresholds import Rule, choose_threshold, cut_everywhere
from store.counting import counted

RULE: Final = Rule("max-f1")


class ScoreFit(BaseModel):
    """What a score is worth by `rows` training rows, on which it has this F1.

    `slope` and `intercept` make the probability of being positive of it (Platt), and from
    `threshold` on a pair is flagged. `positives` and `negatives` have for each label its share of
    the rows of its side, by which the probability of the side is divided among them.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    slope: float
    intercept: float
    threshold: float
    f1: float
    rows: int
    positives: dict[str, float]
    negatives: dict[str, float]

    @classmethod
    def of(cls, scores: NDArray[Any], rows: pl.DataFrame) -> Self:
        """The fit on rows with a label, and whether it is positive, and their scores.

        The threshold is that of the best F1 of being positive, the higher of equals. Raises
        TrainingRefused where the rows are of one side alone.
        """
        is_positive = rows["is_positive"].to_numpy()
        _require_both(is_positive)
        scaling = fit_platt(scores, is_positive)
        cuts = cut_everywhere(is_positive, scaling.probabilities(scores))
        best = choose_threshold(cuts, RULE)
        assert best is not None  # there is a positive row
        assert best.f1 is not None
        return cls(
            slope=scaling.slope,
            intercept=scaling.intercept,
            threshold=best.threshold,
            f1=best.f1,
            rows=len(rows),
            positives=_share(rows.filter("is_positive")["label"]),
            negatives=_share(rows.filter(~pl.col("is_positive"))["label"]),
        )

    def probabilities(self, scores: NDArray[Any]) -> list[float]:
        """The probability of being positive for each score."""
        scaling = PlattScaling(self.slope, self.intercept)
        return [float(probability) for probability in scaling.probabilities(scores)]

    def verdict(self, probability: float, labels: Sequence[str]) -> Verdict:
        """The commonest label of the side that is meant, and the probabilities of all labels."""
        side = self.positives if probability >= self.threshold else self.negatives
        return Verdict(
            label=max(side, key=side.__getitem__),
            probabilities=[
                self.positives.get(label, 0.0) * probability
                + self.negatives.get(label, 0.0) * (1 - probability)
                for label in labels
            ],
        )


def _require_both(is_positive: NDArray[np.bool_]) -> None:
    positives = int(is_positive.sum())
    if not 0 < positives < len(is_positive):
        raise TrainingRefused(
            f"A threshold is chosen between positive and negative rows, and "
            f"{counted(positives, 'row')} of {len(is_positive)} are positive. Name a recipe that "
            "has rows of both."
        )


def _share(labels: pl.Series) -> dict[str, float]:
    """The share of each label, the commonest first, of equals by name."""
    counts = labels.value_counts(normalize=True, name="share").sort(
        "share", "label", descending=[True, False]
    )
    return dict(counts.rows())
