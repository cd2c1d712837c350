"""The cache of contexts: what it computes, what it keeps, and that nothing else changes."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from engine.models.context_cache import Context, ContextCache
from engine.models.forward import BiEncoderForward
from engine.models.inputs import BiEncoderInputs, make_inputs
from tests.pairs import CONTEXTS, TEXTS, pair_model
from tests.tiny import tiny_bart, tiny_bert, tiny_llama

if TYPE_CHECKING:
    from torch import Tensor

WIDTH = 4  # numbers of 4 bytes


class Counted:
    """Computes states that say which context they are of, and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[list[Context]] = []

    def __call__(self, contexts: Sequence[Context]) -> "list[Tensor]":
        import torch

        self.asked.append(list(contexts))
        return [torch.full((len(ids), WIDTH), float(ids[0])) for ids in contexts]


def test_each_distinct_context_is_computed_once() -> None:
    compute = Counted()
    cache = ContextCache(compute, 1 << 20)
    found = cache.states([(1, 2), (3,), (1, 2)])
    assert [float(states[0, 0]) for states in found] == [1, 3, 1]
    assert [len(states) for states in cache.states([(3,), (5,), (1, 2)])] == [1, 1, 2]
    assert compute.asked == [[(1, 2), (3,)], [(5,)]]
    assert cache.size_bytes == (2 + 1 + 1) * WIDTH * 4


def test_the_least_recently_used_gives_way_and_a_batch_larger_than_the_cache_is_whole() -> None:
    compute = Counted()
    cache = ContextCache(compute, 2 * WIDTH * 4)
    cache.states([(1,), (2,)])
    cache.states([(1,)])
    cache.states([(3,)])  # 2 was used longest ago
    assert cache.states([(1,), (3,)])[0][0, 0] == 1
    assert compute.asked == [[(1,), (2,)], [(3,)]]
    found = cache.states([(4,), (5,), (6,)])
    assert [float(states[0, 0]) for states in found] == [4, 5, 6]
    assert cache.size_bytes == 2 * WIDTH * 4


@pytest.mark.parametrize("cache_bytes", [0, 1 << 20])
@pytest.mark.parametrize("make", [tiny_bert, tiny_bart, tiny_llama])
def test_what_comes_out_is_that_of_the_plain_model(
    tmp_path: Path, make: Any, cache_bytes: int
) -> None:
    import torch

    model, tokenizer = pair_model(tmp_path, "bi-encoder", make)
    inputs = make_inputs(model.eval(), tokenizer)
    assert isinstance(inputs, BiEncoderInputs)
    rows = inputs.encode(TEXTS, CONTEXTS)
    forward = BiEncoderForward(model, inputs, "cpu", cache_bytes)
    with torch.inference_mode():
        expected = model(**inputs.pad(rows))
        for _ in range(2):  # computed, then held
            found = forward(rows)
            logits = found.logits.softmax(-1) - expected.logits.softmax(-1)
            assert logits.abs().max() < 1e-6
            assert (found.embeddings - expected.fused).abs().max() < 1e-6
