"""What a model and its tokenizer say of tokens: how many are read, and which end a text."""

from typing import Any

from engine.errors import ModelUnavailable


def context_tokens(model: Any, tokenizer: Any) -> int:
    """How many tokens the model reads; some say so only in their tokenizer."""
    config = model.config.get_text_config(decoder=True)
    longest = getattr(config, "max_position_embeddings", None)
    return int(min(longest or tokenizer.model_max_length, tokenizer.model_max_length))


def end_ids(model: Any, tokenizer: Any) -> frozenset[int]:
    """The ids of all tokens that end a text; chat models often have several."""
    named = model.generation_config.eos_token_id
    several = named if isinstance(named, list) else [named]
    found = frozenset(
        int(token) for token in [*several, tokenizer.eos_token_id] if token is not None
    )
    if not found:
        raise ModelUnavailable(f"{model.name_or_path} names no token that ends a text.")
    return found
