"""How many of a stage's rows came out right, and why the others did not."""

from collections import Counter
from dataclasses import dataclass, field

import polars as pl

MOST_REASONS = 5
REASON_CHARACTERS = 200


@dataclass(slots=True)
class Tally:
    """The rows of a stage's finished parts; a row is right where it has no error.

    A row is `lost` where nothing came of it: it failed, and has no reply that could be read either.
    """

    rows: int = 0
    failed: int = 0
    lost: int = 0
    reasons: Counter[str] = field(default_factory=Counter)

    def add(self, part: pl.DataFrame) -> None:
        """Count the rows of another part."""
        self.rows += part.height
        if "error" in part.columns:
            found = part["error"].drop_nulls()
            self.failed += len(found)
            reply = pl.col("reply") if "reply" in part.columns else pl.lit(None)
            self.lost += part.filter(pl.col("error").is_not_null(), reply.is_null()).height
            self.reasons.update(reason[:REASON_CHARACTERS] for reason in found)

    def commonest(self) -> tuple[tuple[str, int], ...]:
        """The reasons that most rows failed for, with their numbers, the commonest first."""
        return tuple(self.reasons.most_common(MOST_REASONS))
