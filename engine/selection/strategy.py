"""The strategies by which rows are chosen to be labelled, and what each of them needs.

Apart from what chooses, which needs numpy.
"""

from collections.abc import Mapping
from typing import Final, Literal, get_args

Strategy = Literal["random", "margin", "entropy", "disagreement", "k-centre", "mixed"]
Need = Literal["probabilities", "committee", "vectors"]

STRATEGIES: Final[tuple[Strategy, ...]] = get_args(Strategy)
NEEDS: Final[Mapping[Strategy, frozenset[Need]]] = {
    "random": frozenset(),
    "margin": frozenset({"probabilities"}),
    "entropy": frozenset({"probabilities"}),
    "disagreement": frozenset({"committee"}),
    "k-centre": frozenset({"vectors"}),
    "mixed": frozenset({"probabilities", "vectors"}),
}
RANDOM_SHARE: Final = 0.2  # of a mixed choice
DOUBTFUL: Final = 5  # times as many doubtful rows as are chosen are compared in a mixed choice
