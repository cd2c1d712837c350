"""The terms by which each cluster differs from the others: class-based TF-IDF.

scikit-learn is imported inside, so that this module can be imported anywhere.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np

_FEWEST_IN_CLUSTER: Final = 2  # uses of a term in a cluster, unless it is of one text


def telling_terms(
    texts: Sequence[str], clusters: Sequence[str], count: int
) -> dict[str, tuple[str, ...]]:
    """Up to `count` terms of each cluster by its name, the most telling first.

    A term of a cluster weighs tf * log(1 + A / f), with tf its uses there, f its uses in all
    clusters, and A the mean number of terms of a cluster (Grootendorst, "BERTopic", 2022, section
    3.3). Terms are words, without English stop words, and two neighbouring ones, which weigh twice:
    so they come before a word of which half of the uses or more are in them. Of terms that share a
    word the first stays. A cluster without words has none.
    """
    from sklearn.feature_extraction.text import CountVectorizer

    names = sorted(set(clusters))
    found: dict[str, tuple[str, ...]] = dict.fromkeys(names, ())
    counter = CountVectorizer(ngram_range=(1, 2), stop_words="english", dtype=np.int64)
    try:
        uses = counter.fit_transform(texts)
    except ValueError:  # no text has a word that counts
        return found
    terms = counter.get_feature_names_out()
    lengths = np.array([term.count(" ") + 1 for term in terms])
    places = {name: place for place, name in enumerate(names)}
    rows = np.array([places[name] for name in clusters])
    everywhere = np.asarray(uses.sum(axis=0)).ravel()
    mean_terms = uses.sum() / len(names)
    telling = np.log1p(mean_terms / everywhere) * lengths
    for name in names:
        own = uses[rows == places[name]]
        here = np.asarray(own.sum(axis=0)).ravel()
        fewest = _FEWEST_IN_CLUSTER if own.shape[0] > 1 else 1
        weights = np.where(here >= fewest, here * telling, 0)
        best = np.argsort(-weights, kind="stable")[: 20 * count]
        ranked = [str(terms[place]) for place in best if weights[place] > 0]
        found[name] = _without_shared_words(ranked, count)
    return found


def _without_shared_words(ranked: Sequence[str], count: int) -> tuple[str, ...]:
    chosen: list[str] = []
    words: set[str] = set()
    for term in ranked:
        if words.isdisjoint(term.split()) and len(chosen) < count:
            chosen.append(term)
            words.update(term.split())
    return tuple(chosen)
