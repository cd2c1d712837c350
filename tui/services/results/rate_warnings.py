"""Sentences on rates at chosen points that rows are too few for, or that no threshold reaches."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from store.counting import counted

if TYPE_CHECKING:
    from tui.services.results.scores import DetectorScores

LOWEST: Final = 0.01  # of the bounds on false positives
NAME: Final = "recall_at_fpr_1"


def warn_of_rates(rows: "Sequence[DetectorScores]") -> Iterator[str]:
    """What 1 % of false positives cannot say with these rows; nothing where it can."""
    scored = [row for row in rows if row.calibration and row.collapsed.positives]
    negatives = [row.collapsed.negatives for row in scored if row.collapsed.negatives]
    fewest = min(negatives, default=0)
    if fewest and fewest * LOWEST < 1:
        yield (
            f"One of {counted(fewest, 'negative')} is more than 1 %, so recall at FPR 1 % is that "
            "without any false alarm."
        )
    beyond = [
        row.detector for row in scored if row.collapsed.negatives and row.measure(NAME) is None
    ]
    if beyond:
        yield (
            f"– at FPR 1 %: even the most probable rows of {', '.join(beyond)} hold more false "
            "alarms, so it would have to flag nothing."
        )
