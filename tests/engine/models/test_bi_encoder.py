"""The bi-encoder's module: gradients, padding, sides."""

from pathlib import Path
from typing import Any

import pytest

from engine.models.bi_encoder import (
    BiEncoderConfig,
    BiEncoderForSequenceClassification,
    CrossAttention,
)
from engine.models.inputs import make_inputs
from tests.pairs import CONTEXTS, TEXTS, pair_model
from tests.tiny import tiny_bart, tiny_bert, tiny_llama

MAKERS = [tiny_bert, tiny_bart, tiny_llama]


def make_batch(model: Any, tokenizer: Any) -> Any:
    inputs = make_inputs(model, tokenizer)
    return inputs.pad(inputs.encode(TEXTS, CONTEXTS))


def pad_further(batch: Any, tokenizer: Any) -> dict[str, Any]:
    """The batch with as much padding again on each side as it is long."""
    import torch

    return {
        name: torch.nn.functional.pad(
            tensor, (0, tensor.shape[1]), value=tokenizer.pad_token_id if "ids" in name else 0
        )
        for name, tensor in batch.items()
    }


def probabilities(model: Any, batch: Any) -> Any:
    import torch

    with torch.inference_mode():
        return model.eval()(**batch).logits.softmax(-1)


@pytest.mark.parametrize("make", MAKERS)
def test_padding_to_twice_the_length_changes_no_probability(tmp_path: Path, make: Any) -> None:
    model, tokenizer = pair_model(tmp_path, "bi-encoder", make)
    batch = make_batch(model, tokenizer)
    found = probabilities(model, batch)
    padded = probabilities(model, pad_further(batch, tokenizer))
    assert found.shape == (len(TEXTS), 2)
    assert (found - padded).abs().max() < 1e-5
    assert found.std(dim=0).min() > 1e-5  # of pairs that differ


@pytest.mark.parametrize("make", MAKERS)
def test_gradients_reach_all_parts(tmp_path: Path, make: Any) -> None:
    import torch

    model, tokenizer = pair_model(tmp_path, "bi-encoder", make)
    logits = model.eval()(**make_batch(model, tokenizer)).logits
    loss: Any = torch.nn.functional.cross_entropy(logits, torch.tensor([0, 1, 0, 1, 1]))
    loss.backward()
    untouched = {
        name
        for name, weights in model.named_parameters()
        if weights.grad is None or not float(weights.grad.abs().max()) > 0
    }
    # BERT's pooler is over the first token, which nothing here takes; a base keeps its own weights.
    assert {name for name in untouched if ".pooler." not in name} == set()


@pytest.mark.parametrize("side", ["context", "text"])
@pytest.mark.parametrize("make", MAKERS)
def test_a_side_of_padding_alone_gives_numbers_and_leaves_the_others_as_they_are(
    tmp_path: Path, make: Any, side: str
) -> None:
    import torch

    model, tokenizer = pair_model(tmp_path, "bi-encoder", make)
    batch = make_batch(model, tokenizer)
    before = probabilities(model, batch)
    ids, mask = ("context_input_ids", "context_attention_mask")
    if side == "text":
        ids, mask = ("input_ids", "attention_mask")
    batch[ids][1], batch[mask][1] = tokenizer.pad_token_id, 0
    logits = model(**batch).logits
    logits.sum().backward()
    assert torch.isfinite(logits).all()
    grads = [weights.grad for weights in model.parameters() if weights.grad is not None]
    assert all(bool(torch.isfinite(grad).all()) for grad in grads)
    after = probabilities(model, batch)
    others = [0, 2, 3, 4]
    assert (after[others] - before[others]).abs().max() < 1e-6
    assert (after[1] - before[1]).abs().max() > 1e-6
    again = probabilities(model, pad_further(batch, tokenizer))
    assert (after - again).abs().max() < 1e-5


def test_each_side_has_an_adapter_of_its_own(tmp_path: Path) -> None:
    model, tokenizer = pair_model(tmp_path, "bi-encoder")
    batch = make_batch(model, tokenizer)
    swapped = {
        name.removeprefix("context_") if "context" in name else f"context_{name}": tensor
        for name, tensor in batch.items()
    }
    difference = probabilities(model, batch) - probabilities(model, swapped)
    assert difference.abs().max() > 1e-5


@pytest.mark.parametrize(("width", "heads"), [(384, 8), (32, 8), (12, 6), (14, 7), (11, 1)])
def test_there_are_eight_heads_or_the_most_that_divide_the_width(width: int, heads: int) -> None:
    assert CrossAttention(width).heads == heads


def test_cross_attention_is_that_of_torch(tmp_path: Path) -> None:
    import torch

    torch.manual_seed(1)
    ours = CrossAttention(16)
    theirs = torch.nn.MultiheadAttention(16, ours.heads, batch_first=True)
    with torch.no_grad():
        layers = (ours.query, ours.key, ours.value)
        theirs.in_proj_weight.copy_(torch.cat([layer.weight for layer in layers]))
        theirs.in_proj_bias.copy_(torch.cat([ours.query.bias, torch.zeros(16), ours.value.bias]))
        theirs.out_proj.weight.copy_(ours.output.weight)
        theirs.out_proj.bias.copy_(ours.output.bias)
    states, others = torch.randn(3, 4, 16), torch.randn(3, 6, 16)
    mask = torch.arange(6) < torch.tensor([[6], [2], [3]])
    expected, _ = theirs(states, others, others, key_padding_mask=~mask)
    assert (ours(states, others, mask) - expected).abs().max() < 1e-6


def test_sides_in_another_order_are_refused() -> None:
    config = BiEncoderConfig(sides=("text", "context"))
    with pytest.raises(ValueError, match="in this order"):
        BiEncoderForSequenceClassification(config)
