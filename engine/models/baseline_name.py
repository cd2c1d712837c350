"""What baselines are called: by what they are, and some by the model that they take.

baseline:majority, baseline:tfidf                         any task
baseline:cosine, baseline:knn     with @REFERENCE of an encoder, tasks of pairs
"""

from dataclasses import dataclass
from typing import Final, Self

MAJORITY: Final = "baseline:majority"
TFIDF: Final = "baseline:tfidf"
COSINE: Final = "baseline:cosine"
KNN: Final = "baseline:knn"

OF_TEXTS: Final = (MAJORITY, TFIDF)
OF_PAIRS: Final = (MAJORITY, TFIDF, COSINE, KNN)
TAKE_A_MODEL: Final = (COSINE, KNN)


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
