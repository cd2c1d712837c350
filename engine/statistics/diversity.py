"""How much texts repeat themselves and each other; pure, over words as anything hashable."""

import gzip
from collections import Counter
from collections.abc import Hashable, Sequence
from itertools import pairwise
from typing import Final

import numpy as np

from engine.statistics.discrepancy import Z
from engine.statistics.estimate import Estimate
from engine.statistics.measures import wilson

NEAR: Final = 0.85  # edit similarity of words, as for leaks

GROUPS: Final = 20  # of texts, by which the interval of a compression ratio is found

Words = Sequence[Hashable]


def share_distinct(texts: Sequence[Words]) -> Estimate | None:
    """Distinct-2: the pairs of neighbouring words that differ, of all there are.

    Li, Galley, Brockett, Gao and Dolan, A diversity-promoting objective function for neural
    conversation models, NAACL 2016. It falls as texts grow in number and length: compare only
    sets that have as many words. The interval is by the jackknife over texts (Efron and Stein,
    Ann. Stat. 9(3), 1981). None if fewer than three texts have two words.
    """
    owned = [Counter(pairwise(text)) for text in texts if len(text) > 1]
    if len(owned) < 3:
        return None
    holders = Counter(pair for own in owned for pair in own)
    distinct, total = len(holders), sum(own.total() for own in owned)
    alone = np.array([sum(holders[pair] == 1 for pair in own) for own in owned])
    sizes = np.array([own.total() for own in owned])
    without = (distinct - alone) / (total - sizes)
    error = np.sqrt((len(owned) - 1) / len(owned) * ((without - without.mean()) ** 2).sum())
    value = distinct / total
    low, high = np.clip([value - Z * error, value + Z * error], 0, 1)
    return Estimate(value, (float(low), float(high)), len(texts))


def share_near_duplicates(texts: Sequence[Words]) -> Estimate | None:
    """The share of texts that have a near copy among the others, with Wilson's interval.

    A near copy has an edit similarity of at least NEAR, word by word. All are compared with all,
    so that the share grows with their number: compare only sets of one size. None without texts.
    """
    from rapidfuzz.distance import Levenshtein
    from rapidfuzz.process import cdist

    if not texts:
        return None
    numbers: dict[Hashable, int] = {}
    coded = [[numbers.setdefault(word, len(numbers)) for word in text] for text in texts]
    # Less by a little, because the library leaves out some that are just as similar.
    similar = cdist(
        coded, coded, scorer=Levenshtein.normalized_similarity, score_cutoff=NEAR - 1e-6,
        dtype=np.float64,
    )  # fmt: skip
    np.fill_diagonal(similar, 0)
    return wilson(int((similar >= NEAR).any(axis=1).sum()), len(texts))


def compression_ratio(texts: Sequence[str]) -> Estimate | None:
    """How many times smaller gzip makes the texts, one a line: the larger, the more they repeat.

    Shaib, Barrow, Sun, Siu, Wallace and Nenkova, Standardizing the measurement of text diversity,
    arXiv:2403.00553, 2024. It grows with the length of all texts together: compare only sets of
    one length. The interval is by the jackknife over GROUPS groups of texts, every one left out
    once (Efron and Stein, Ann. Stat. 9(3), 1981). None for fewer texts than groups.
    """
    if len(texts) < GROUPS:
        return None
    value = _ratio(texts)
    without = np.array(
        [
            _ratio([text for place, text in enumerate(texts) if place % GROUPS != group])
            for group in range(GROUPS)
        ]
    )
    error = np.sqrt((GROUPS - 1) / GROUPS * ((without - without.mean()) ** 2).sum())
    return Estimate(value, (float(value - Z * error), float(value + Z * error)), len(texts))


def _ratio(texts: Sequence[str]) -> float:
    written = "\n".join(texts).encode("utf-8", "surrogatepass")
    return len(written) / len(gzip.compress(written, compresslevel=9, mtime=0))
