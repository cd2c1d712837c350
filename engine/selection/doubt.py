"""How unsure a model is of each row, or how much several models differ: the most doubtful is 1.

Rows of a label's probabilities need not be divided by their sums. Nothing is drawn here.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Doubts = NDArray[np.float32]


def measure_margin(probabilities: NDArray[Any]) -> Doubts:
    """1 minus the difference of the two largest probabilities of each row of [rows, labels].

    Scheffer, Decomain and Wrobel, *Active hidden Markov models for information extraction*, 2001.
    """
    largest = np.sort(_as_shares(probabilities), axis=1)[:, -2:]
    doubts: Doubts = (1.0 - (largest[:, 1] - largest[:, 0])).astype(np.float32)
    return doubts


def measure_entropy(probabilities: NDArray[Any]) -> Doubts:
    """The entropy of each row of [rows, labels], divided by that of equal probabilities.

    Of two labels it orders rows as the margin does. Settles, *Active Learning Literature Survey*,
    University of Wisconsin, 2009, section 3.1.
    """
    shares = _as_shares(probabilities)
    doubts: Doubts = (_entropy(shares) / np.log(shares.shape[1])).astype(np.float32)
    return doubts


def measure_disagreement(committee: NDArray[Any]) -> Doubts:
    """The Jensen-Shannon divergence of the members of a committee, [members, rows, labels].

    It is the entropy of the members' mean, less the mean of their entropies, divided by the
    largest it can be. So a row of which all are equally unsure has none (query by committee:
    Seung, Opper and Sompolinsky, COLT 1992; the measure: McCallum and Nigam, ICML 1998, section 3;
    Lin, IEEE Trans. Inf. Theory 37, 1991).
    """
    shares = _as_shares(committee)
    apart = _entropy(shares.mean(axis=0)) - _entropy(shares).mean(axis=0)
    most = np.log(min(shares.shape[0], shares.shape[-1]))
    doubts: Doubts = (np.maximum(apart, 0.0) / most).astype(np.float32)
    return doubts


def _as_shares(probabilities: NDArray[Any]) -> NDArray[np.float64]:
    found = np.asarray(probabilities, np.float64)
    shares: NDArray[np.float64] = found / found.sum(axis=-1, keepdims=True)
    return shares


def _entropy(shares: NDArray[np.float64]) -> NDArray[np.float64]:
    logarithms = np.log(shares, out=np.zeros_like(shares), where=shares > 0)
    found: NDArray[np.float64] = -(shares * logarithms).sum(axis=-1)
    return found
