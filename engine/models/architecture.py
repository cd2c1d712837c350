"""What follows from a model's configuration: how many texts it takes, how it embeds, its limits."""

from collections.abc import Mapping
from typing import Any, Final, Literal

from engine.errors import ModelUnavailable

Architecture = Literal["cross-encoder", "bi-encoder"]
"""How a detector takes a pair: as one sequence, or each text by itself at first."""

Pooling = Literal["mean", "decoder-eos", "last-token", "fused"]
"""How the last hidden layer, [tokens, width], becomes one embedding, [width].

"mean": over all tokens that are not padding. "decoder-eos": the decoder's state at the last
end-of-sequence token. "last-token": the last token that is not padding. The latter two are
what the classification heads of encoder-decoders and decoders take. "fused": what a bi-encoder
makes of both texts, before its classifier.
"""

SIDES: Final = ("context", "text")  # in the order in which detectors for pairs take them
BI_ENCODER: Final = "backquery-bi-encoder"  # the model_type of engine.models.bi_encoder
LONGEST_SIDE: Final = 1024  # tokens, where nothing else is asked for, as in the paper
FALLBACK_MAX_TOKENS: Final = 512  # for relative positions, where the tokenizer names no limit


def find_architecture(config: Any) -> Architecture | None:
    """How a model takes a pair, by its configuration; None for a model of single texts."""
    if config.model_type == BI_ENCODER:
        return "bi-encoder"
    return "cross-encoder" if getattr(config, "sides", None) else None


def require_order(config: Mapping[str, Any], source: str) -> None:
    """Raise ModelUnavailable where a model takes the sides of a pair in another order."""
    sides = config.get("sides")
    if sides is not None and tuple(sides) != SIDES:
        raise ModelUnavailable(
            f"The model {source} takes the sides of a pair in the order {list(sides)}, and a "
            f"detector takes {list(SIDES)}: it would take each text for the other. Train it in "
            "this order, or name another model."
        )


def find_pooling(config: Any) -> Pooling:
    """The pooling of an architecture; a decoder is what has no masked-language twin."""
    from transformers.models.auto.modeling_auto import (
        MODEL_FOR_CAUSAL_LM_MAPPING_NAMES,
        MODEL_FOR_MASKED_LM_MAPPING_NAMES,
    )

    if config.model_type == BI_ENCODER:
        return "fused"
    if config.is_encoder_decoder:
        return "decoder-eos"
    only_decodes = (
        config.model_type in MODEL_FOR_CAUSAL_LM_MAPPING_NAMES
        and config.model_type not in MODEL_FOR_MASKED_LM_MAPPING_NAMES
    )
    return "last-token" if only_decodes else "mean"


def find_max_tokens(model: Any, tokenizer: Any) -> int:
    """How many tokens model and tokenizer allow, special tokens included.

    RoBERTa and its kin spend their first position embeddings on padding.
    """
    limits = [int(tokenizer.model_max_length)] if tokenizer.model_max_length < 1e9 else []
    positions = getattr(model.config, "max_position_embeddings", None)
    if positions is not None:
        table = getattr(getattr(model.base_model, "embeddings", None), "position_embeddings", None)
        padding_index = getattr(table, "padding_idx", None)
        limits.append(positions - (0 if padding_index is None else padding_index + 1))
    return min(limits, default=FALLBACK_MAX_TOKENS)
