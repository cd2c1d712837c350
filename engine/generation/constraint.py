"""Constrained decoding: only tokens with which a text stays on the way to a value of a JSON schema.

llguidance says which tokens these are; docs/method.md says why it was chosen.
"""

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any, Final

import llguidance.hf
import llguidance.numpy as bitmasks
import numpy as np
import torch
from llguidance import LLMatcher
from transformers import LogitsProcessor

from engine.errors import ModelUnavailable

if TYPE_CHECKING:
    from llguidance._lib import JsonCompileOptions

# One space where people write one: a small model would fill free room with spaces without an end.
_LAYOUT: Final["JsonCompileOptions"] = {
    "whitespace_flexible": False,
    "item_separator": ", ",
    "key_separator": ": ",
}


class Constraint:
    """A JSON schema over the vocabulary of a tokenizer, which is prepared once for a model.

    `end_ids` are the tokens that end a text. Raises ModelUnavailable for a tokenizer that cannot be
    prepared, and for a schema that llguidance does not take.
    """

    def __init__(self, tokenizer: Any, schema: str, end_ids: Collection[int]) -> None:
        self._end_ids = tuple(sorted(end_ids))
        try:
            self._tokens = llguidance.hf.from_tokenizer(tokenizer, eos_token=list(self._end_ids))
            self._grammar = LLMatcher.grammar_from_json_schema(schema, defaults=_LAYOUT)
        except ValueError as error:
            raise ModelUnavailable(f"{_name(tokenizer)} {error}. {_ADVICE}") from error
        if reason := LLMatcher.validate_grammar(self._grammar, self._tokens):
            raise ModelUnavailable(f"{_name(tokenizer)} {reason}. {_ADVICE}")

    def follow(self, rows: int, prompt_tokens: int) -> "SchemaMask":
        """What holds a batch to the schema, from behind prompts of so many tokens."""
        first = LLMatcher(self._tokens, self._grammar)
        matchers = [first, *(first.deep_copy() for _ in range(rows - 1))]
        return SchemaMask(matchers, self._tokens.vocab_size, self._end_ids, prompt_tokens)


_ADVICE: Final = "With `structured = false` in [scenarios] it is asked in words alone."


def _name(tokenizer: Any) -> str:
    return f"{tokenizer.name_or_path or 'The model'} cannot be held to a JSON schema:"


class SchemaMask(LogitsProcessor):
    """Leaves only tokens possible that the schema allows; behind the value, only those that end it.

    Where earlier processors left none of these, all of them are possible again: what repeats is
    part of every form.
    """

    def __init__(
        self,
        matchers: Sequence[LLMatcher],
        vocabulary: int,
        end_ids: Sequence[int],
        prompt_tokens: int,
    ) -> None:
        self._matchers = list(matchers)
        self._seen = prompt_tokens
        self._allowed = bitmasks.allocate_token_bitmask(len(matchers), vocabulary)
        ends = np.zeros(32 * self._allowed.shape[1], np.uint8)
        ends[list(end_ids)] = 1
        self._ends = np.packbits(ends, bitorder="little").view(np.int32)

    def __call__(self, input_ids: torch.LongTensor, scores: torch.FloatTensor) -> torch.Tensor:
        """Overwrite scores (rows, vocabulary) with -inf at the tokens that the schema forbids."""
        for matcher, new in zip(self._matchers, input_ids[:, self._seen :].tolist(), strict=True):
            if not matcher.is_stopped():
                matcher.consume_tokens(new)
        self._seen = input_ids.shape[1]
        for row, matcher in enumerate(self._matchers):
            if matcher.is_stopped():
                self._allowed[row] = self._ends
            else:
                bitmasks.fill_next_token_bitmask(matcher, self._allowed, row)
        allowed = self._is_allowed(scores)
        masked = scores.masked_fill(~allowed, -torch.inf)
        is_lost = masked.amax(dim=-1, keepdim=True) == -torch.inf
        return torch.where(is_lost & allowed, torch.zeros_like(scores), masked)

    def _is_allowed(self, scores: torch.Tensor) -> torch.Tensor:
        """Whether each token may come next; a model may have more outputs than there are tokens."""
        bits = np.unpackbits(self._allowed.view(np.uint8), axis=1, bitorder="little")
        width = scores.shape[1]
        padded = np.pad(bits[:, :width], ((0, 0), (0, max(width - bits.shape[1], 0))))
        return torch.from_numpy(padded).to(scores.device).bool()
