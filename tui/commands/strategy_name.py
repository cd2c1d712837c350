"""The strategies of choosing what to label next, as a command line takes them."""

from enum import StrEnum


class StrategyName(StrEnum):
    """The names of `engine.selection.strategy.STRATEGIES`."""

    RANDOM = "random"
    MARGIN = "margin"
    ENTROPY = "entropy"
    DISAGREEMENT = "disagreement"
    K_CENTRE = "k-centre"
    MIXED = "mixed"
