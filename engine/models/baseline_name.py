"""What baselines are called: by what they are, and for pairs by the model that they take.

"baseline:cosine" takes the workspace's encoder, "baseline:cosine@hf:org/name" another.
"""

from dataclasses import dataclass
from typing import Final, Self

MAJORITY: Final = "baseline:majority"
TFIDF: Final = "baseline:tfidf"
COSINE: Final = "baseline:cosine"
KNN: Final = "baseline:knn"
COLBERT: Final = "baseline:colbert"
CROSS_ENCODER: Final = "baseline:cross-encoder"

OF_TEXTS: Final = (MAJORITY, TFIDF)
TAKE_AN_ENCODER: Final = (COSINE, KNN, COLBERT)
OF_PAIRS: Final = (*OF_TEXTS, *TAKE_AN_ENCODER, CROSS_ENCODER)


@dataclass(frozen=True, slots=True)
class BaselineName:
    """A baseline's kind, such as "baseline:cosine", and the reference of its model, "" if none."""

    kind: str
    model: str = ""

    @classmethod
    def parse(cls, text: str) -> Self:
        """The parts of a name; any name has them, if only a kind that there is not."""
        kind, _, model = text.partition("@")
        return cls(kind, model)

    def __str__(self) -> str:
        return f"{self.kind}@{self.model}" if self.model else self.kind
