"""The store's pairs of a group and the spread of its scores, by the names that screens use."""

from store.drift_pairs import DriftedPair, PairOrder, Spread
from store.origins import Pair

__all__ = ["DriftedPair", "Pair", "PairOrder", "Spread"]
