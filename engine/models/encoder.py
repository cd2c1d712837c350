"""Sentence encoders: what a text means, as a vector whose angle to others says how near they are.

A reference of any model that transformers reads will do; one that was trained for comparing
sentences does it well. Classifiers embed too, but along what tells their labels apart: see
`detector.py`.
"""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from engine.errors import ModelUnavailable
from engine.models.architecture import find_max_tokens
from engine.models.inputs import encode, pad
from engine.models.references import ModelReference, parse_reference, resolve_checkpoint

if TYPE_CHECKING:
    from torch import Tensor


class Encoder:
    """A model with its tokenizer on one device, in float32 and evaluation mode.

    Loading raises ModelUnavailable.
    """

    def __init__(self, reference: str, device: str) -> None:
        model, self._tokenizer = _load(parse_reference(reference))
        self.max_tokens: int = find_max_tokens(model, self._tokenizer)
        reading = model.get_encoder() if model.config.is_encoder_decoder else model
        self._model = reading.to(device).eval()
        self._device = device
        self.width: int = int(model.config.hidden_size)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """The number of tokens of each text, uncut and with special tokens."""
        if not texts:
            return []
        # Not verbose: that a text is longer than the model reads is nothing to warn of here.
        encoded = self._tokenizer(list(texts), truncation=False, verbose=False)
        return [len(tokens) for tokens in encoded["input_ids"]]

    def embed(
        self, texts: Sequence[str], batch_rows: int = 32, max_tokens: int | None = None
    ) -> NDArray[np.float32]:
        """One vector of length 1 for each text, [texts, width], in the order of the texts.

        It is the mean over the tokens that are not padding, divided by its length, so that a dot
        product is a cosine. Texts are cut at `max_tokens`, special tokens included, and at the
        model's limit; leave those without words out.
        A value depends, in its last digits, on the batch it was in; the same texts make the same
        batches, of similar length and the longest first.
        """
        import torch

        embeddings = np.empty((len(texts), self.width), dtype=np.float32)
        for chosen, batch, hidden in self._run(texts, batch_rows, max_tokens):
            weights = batch["attention_mask"].unsqueeze(-1).to(hidden.dtype)
            mean = (hidden * weights).sum(1) / weights.sum(1)
            embeddings[chosen] = torch.nn.functional.normalize(mean).cpu().numpy()
        return embeddings

    def embed_tokens(self, texts: Sequence[str], batch_rows: int = 32) -> "list[Tensor]":
        """The tokens of each text as vectors of length 1, [tokens, width], on the device.

        Texts are cut at the model's limit. Special tokens are left out; a text of nothing else has
        no vectors.
        """
        import torch

        tokenizer = self._tokenizer
        special = torch.tensor(
            sorted({*tokenizer.all_special_ids} - {tokenizer.unk_token_id}), device=self._device
        )
        found: dict[int, Tensor] = {}
        for chosen, batch, hidden in self._run(texts, batch_rows):
            kept = batch["attention_mask"].bool() & ~torch.isin(batch["input_ids"], special)
            vectors = torch.nn.functional.normalize(hidden, dim=-1)
            found |= {place: vectors[row][kept[row]] for row, place in enumerate(chosen)}
        return [found[place] for place in range(len(texts))]

    def _run(
        self, texts: Sequence[str], batch_rows: int, max_tokens: int | None = None
    ) -> "Iterator[tuple[list[int], Any, Tensor]]":
        """Yield batches as (places of the texts, inputs, last hidden layer [n, tokens, width])."""
        import torch

        limit = min(self.max_tokens, max_tokens or self.max_tokens)
        encoded = encode(self._tokenizer, texts, limit)
        order = sorted(range(len(texts)), key=lambda index: -len(encoded[index]["input_ids"]))
        for start in range(0, len(order), batch_rows):
            chosen = order[start : start + batch_rows]
            batch = pad(self._tokenizer, [encoded[index] for index in chosen]).to(self._device)
            with torch.inference_mode():
                hidden = self._model(**batch).last_hidden_state
            yield chosen, batch, hidden


def _load(reference: ModelReference) -> tuple[Any, Any]:
    """(model, tokenizer), which takes special tokens in a text as plain text."""
    import torch
    from safetensors import SafetensorError
    from transformers import AutoModel, AutoTokenizer

    checkpoint = resolve_checkpoint(reference)
    source, local = checkpoint.location, checkpoint.local_only
    try:
        model = AutoModel.from_pretrained(source, dtype=torch.float32, local_files_only=local)
        tokenizer: Any = AutoTokenizer.from_pretrained(
            source, split_special_tokens=True, local_files_only=local
        )
    except (OSError, ValueError, KeyError, RuntimeError, SafetensorError) as error:
        raise ModelUnavailable(
            f"No encoder can be loaded from {reference}: {error} Name another model."
        ) from error
    if tokenizer.pad_token is None:  # decoders often have none
        tokenizer.pad_token = tokenizer.eos_token
    return model, tokenizer
