"""A classifier of pairs: one encoder for both texts, each of which then attends to the other.

The file needs torch and transformers alone. It is copied beside the weights of a detector, where
`trust_remote_code` finds it. The architecture is the bi-encoder of Chua, Chan and Khoo (2024,
section 3.2.3); what is added is that padding counts neither in cross-attention nor in pooling, so
that a pair gets the same probabilities however far it is padded.
"""

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from transformers import AutoConfig, AutoModel, PretrainedConfig, PreTrainedModel
from transformers.utils.generic import ModelOutput

SIDES = ("context", "text")  # each has an adapter of its own, so their order is part of a model
MOST_HEADS = 8


class BiEncoderConfig(PretrainedConfig):  # type: ignore[no-untyped-call]  # of its base
    """What a bi-encoder is made of.

    `encoder` is the configuration of its encoder, as a dictionary with its `model_type`. The
    limits are in tokens, special tokens included.
    """

    model_type = "backquery-bi-encoder"

    def __init__(
        self,
        encoder: dict[str, Any] | None = None,
        hidden_size: int = 0,
        sides: tuple[str, ...] = SIDES,
        max_context_tokens: int = 512,
        max_text_tokens: int = 512,
        dropout: float = 0.1,
        **others: Any,
    ) -> None:
        super().__init__(**others)
        self.encoder, self.hidden_size, self.dropout = encoder or {}, hidden_size, dropout
        self.sides = list(sides)
        self.max_context_tokens, self.max_text_tokens = max_context_tokens, max_text_tokens
        self.auto_map = {
            "AutoConfig": "bi_encoder.BiEncoderConfig",
            "AutoModelForSequenceClassification": "bi_encoder.BiEncoderForSequenceClassification",
        }


@dataclass
class BiEncoderOutput(ModelOutput):
    """`logits` [pairs, labels], and the `fused` state [pairs, width] that they follow from."""

    logits: Tensor | None = None
    fused: Tensor | None = None


class BiEncoderForSequenceClassification(PreTrainedModel):  # type: ignore[no-untyped-call]
    """The classifier. Raises ValueError for a configuration with the sides in another order."""

    config_class = BiEncoderConfig
    base_model_prefix = "encoder"

    def __init__(self, config: BiEncoderConfig) -> None:
        super().__init__(config)
        if tuple(config.sides) != SIDES:
            raise ValueError(f"the sides are {list(SIDES)}, in this order, not {config.sides}")
        make_encoder: Any = AutoModel.from_config
        encoder = make_encoder(
            AutoConfig.for_model(**config.encoder), dtype=torch.get_default_dtype()
        )
        width = int(config.hidden_size)
        self.encoder = encoder.get_encoder() if encoder.config.is_encoder_decoder else encoder
        self.adapters = nn.ModuleDict({side: Adapter(width) for side in SIDES})
        self.attend = nn.ModuleDict({side: CrossAttention(width) for side in SIDES})
        self.pool = AttentionPooling(width)
        self.join = nn.Sequential(nn.Linear(2 * width, width), nn.ReLU())
        self.classifier = nn.Sequential(
            nn.Linear(width, width // 2), nn.ReLU(), nn.Dropout(config.dropout),
            nn.Linear(width // 2, width // 4), nn.ReLU(), nn.Dropout(config.dropout),
            nn.Linear(width // 4, int(config.num_labels or 0)),
        )  # fmt: skip
        finish: Any = self.post_init
        finish()

    def forward(
        self,
        context_input_ids: Tensor,
        context_attention_mask: Tensor,
        input_ids: Tensor,
        attention_mask: Tensor,
    ) -> BiEncoderOutput:
        """The output for pairs; ids and masks are [pairs, tokens], each side of its own length."""
        context = self.states("context", context_input_ids, context_attention_mask)
        text = self.states("text", input_ids, attention_mask)
        fused = self.fuse(context, context_attention_mask, text, attention_mask)
        return BiEncoderOutput(logits=self.classifier(fused), fused=fused)

    def states(self, side: str, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        """Token states of one side, [texts, tokens, width], which follow from these texts alone."""
        seen = some_seen(attention_mask).to(attention_mask.dtype)
        hidden = self.encoder(input_ids=input_ids, attention_mask=seen).last_hidden_state
        adapted: Tensor = self.adapters[side](hidden)
        return adapted

    def fuse(
        self, context: Tensor, context_mask: Tensor, text: Tensor, text_mask: Tensor
    ) -> Tensor:
        """One state for each pair, [pairs, width], of the states of both sides."""
        attended = self.attend["context"](context, text, text_mask)
        answered = self.attend["text"](text, context, context_mask)
        pooled = self.pool(attended, context_mask), self.pool(answered, text_mask)
        joined: Tensor = self.join(torch.cat(pooled, dim=-1))
        return joined

    def get_input_embeddings(self) -> nn.Module:
        """The encoder's embeddings of tokens."""
        found: nn.Module = self.encoder.get_input_embeddings()
        return found

    def _init_weights(self, module: nn.Module) -> None:
        """Keep to torch's own initialization; the encoder sees to its own parts."""
        if isinstance(module, nn.Linear):
            module.reset_parameters()


class Adapter(nn.Module):
    """Adds to each token state what a narrow layer makes of it."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.Linear(width, width // 2), nn.ReLU(), nn.Linear(width // 2, width)
        )

    def forward(self, states: Tensor) -> Tensor:
        """States of the same shape."""
        adapted: Tensor = states + self.layers(states)
        return adapted


class CrossAttention(nn.Module):
    """What each token of one text takes from the tokens of another, by several heads.

    There are MOST_HEADS, or the most that divide the width. The keys have no bias: it would add
    the same to all similarities of a token, which softmax ignores.
    """

    def __init__(self, width: int) -> None:
        super().__init__()
        self.heads = max(count for count in range(1, MOST_HEADS + 1) if width % count == 0)
        self.query, self.value = nn.Linear(width, width), nn.Linear(width, width)
        self.key, self.output = nn.Linear(width, width, bias=False), nn.Linear(width, width)

    def forward(self, states: Tensor, others: Tensor, others_mask: Tensor) -> Tensor:
        """[texts, tokens, width], as `states`; 0 where the other text has no token."""
        taken = nn.functional.scaled_dot_product_attention(
            self._split(self.query(states)),
            self._split(self.key(others)),
            self._split(self.value(others)),
            attn_mask=some_seen(others_mask)[:, None, None, :],
        )
        is_there = others_mask.bool().any(dim=1)[:, None, None]
        found: Tensor = self.output(taken.transpose(1, 2).flatten(2)) * is_there
        return found

    def _split(self, states: Tensor) -> Tensor:
        """[texts, heads, tokens, width of a head]."""
        apart = states.view(*states.shape[:2], self.heads, states.shape[2] // self.heads)
        return apart.transpose(1, 2)


class AttentionPooling(nn.Module):
    """A mean of token states, weighted by their likeness to a learned vector."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.score = nn.Linear(width, 1, bias=False)

    def forward(self, states: Tensor, mask: Tensor) -> Tensor:
        """[texts, width]; 0 for a text without a token."""
        scores = self.score(states).squeeze(-1).float()
        scores = scores.masked_fill(~mask.bool(), torch.finfo(scores.dtype).min)
        weights = (scores.softmax(dim=-1) * mask).to(states.dtype)
        pooled: Tensor = (weights.unsqueeze(-1) * states).sum(dim=1)
        return pooled


def some_seen(mask: Tensor) -> Tensor:
    """Where a mask is set; everywhere in a row in which it is nowhere.

    Softmax over nothing is not a number. Whoever calls this ignores such a row.
    """
    seen = mask.bool()
    return seen | ~seen.any(dim=1, keepdim=True)
