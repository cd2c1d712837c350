"""k nearest neighbours among few labelled examples of a pair's context, or of contexts near to it.

The off-topic paper's baseline has 3 on-topic and 3 off-topic prompts (section 4.1). It does not say
whose; here each context has its own, and one that has none takes those of the nearest contexts.
"""

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from engine.models.context_cache import ContextCache
from engine.models.cosine import TextEncoder
from engine.models.detector import Verdict
from engine.models.pairs import NOT_FINITE, Advance, Pair
from store.ids import row_id

EXAMPLES: Final = 3  # of each label, for a context
NEIGHBOURS: Final = 3

Example = tuple[str, int]  # text, place of its label


class NearestExamples:
    """Classifies pairs by the NEIGHBOURS nearest of their context's examples.

    `rows` are pairs, as `keep_rows` wrote them. Of a context's rows of a label, EXAMPLES are drawn
    by a hash of the seed and the row. Nearness is the cosine of the vectors of an encoder.
    """

    def __init__(
        self, encoder: TextEncoder, rows: pl.DataFrame, labels: Sequence[str], seed: int
    ) -> None:
        self._encoder, self._labels = encoder, tuple(labels)
        self._examples = _draw_examples(rows, self._labels, seed)
        self._known = tuple(self._examples)
        self._contexts, self._texts = ContextCache(encoder.embed), ContextCache(encoder.embed)
        self._vectors = np.stack(self._contexts.states(self._known))
        self._pools: dict[str, tuple[Example, ...]] = {}

    def verdicts(self, pairs: Sequence[Pair], batch_size: int, advance: Advance) -> list[Verdict]:
        """One verdict for each pair, in order: the label of most neighbours, and their shares.

        Of labels with equally many, the first of the task's is meant.
        """
        if not pairs:
            return []
        texts = self._encoder.embed([text for _, text in pairs], batch_size)
        self._contexts.states([context for context, _ in pairs])  # in batches
        pools = [self._pool(context) for context, _ in pairs]
        self._texts.states([text for pool in pools for text, _ in pool])  # likewise
        advance(len(pairs))
        return [self._verdict(text, pool) for text, pool in zip(texts, pools, strict=True)]

    def examples(self, context: str) -> list[tuple[str, str]]:
        """The examples that a context is classified by, as (text, label), by label."""
        return [(text, self._labels[place]) for text, place in self._pool(context)]

    def _verdict(self, text: NDArray[np.float32], pool: Sequence[Example]) -> Verdict:
        if not np.isfinite(text).all():
            return Verdict(error=NOT_FINITE)
        nearness = np.stack(self._texts.states([example for example, _ in pool])) @ text
        nearest = np.argsort(-nearness, kind="stable")[:NEIGHBOURS]
        votes = [pool[place][1] for place in nearest]
        shares = [votes.count(place) / len(votes) for place in range(len(self._labels))]
        return Verdict(label=self._labels[shares.index(max(shares))], probabilities=shares)

    def _pool(self, context: str) -> tuple[Example, ...]:
        if context not in self._pools:
            self._pools[context] = tuple(self._fill(context))
        return self._pools[context]

    def _fill(self, context: str) -> Iterator[Example]:
        """EXAMPLES of each label, of the context itself and then of the nearest ones."""
        order = self._by_nearness(context)
        for place in range(len(self._labels)):
            of_label = (text for near in order for text in self._examples[near][place])
            yield from ((text, place) for text, _ in zip(of_label, range(EXAMPLES), strict=False))

    def _by_nearness(self, context: str) -> list[str]:
        """The contexts that have examples, the nearest first; itself is the nearest."""
        nearness = self._vectors @ self._contexts.states([context])[0]
        order = [self._known[place] for place in np.argsort(-nearness, kind="stable")]
        if context in self._examples:
            order.remove(context)
            order.insert(0, context)
        return order


def _draw_examples(
    rows: pl.DataFrame, labels: Sequence[str], seed: int
) -> dict[str, tuple[list[str], ...]]:
    """The examples of each context, for each label."""
    rows = rows.unique("item_id", keep="first")
    lots = pl.Series("lot", [row_id("example", seed, item) for item in rows["item_id"]], pl.String)
    drawn = rows.with_columns(lots).sort("lot").group_by("context", "label", maintain_order=True)
    found: dict[str, tuple[list[str], ...]] = {}
    for context, label, texts in drawn.agg(pl.col("text").head(EXAMPLES)).sort("context").rows():
        of_context = found.setdefault(context, tuple([] for _ in labels))
        of_context[labels.index(label)].extend(texts)
    return found
