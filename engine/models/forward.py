"""The forward pass of a detector: logits and embeddings of a batch, as each model has them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Protocol

from engine.models.architecture import Pooling, find_pooling
from engine.models.context_cache import CACHE_BYTES, Context, ContextCache
from engine.models.inputs import CONTEXT_IDS, BiEncoderInputs, ModelInputs, Row

if TYPE_CHECKING:
    from torch import Tensor

ENCODED_TOGETHER: Final = 8  # contexts, of similar length


@dataclass(frozen=True, slots=True)
class Scores:
    """What a model makes of a batch, row by row."""

    logits: "Tensor"  # [n, labels]
    embeddings: "Tensor"  # [n, width]


class Forward(Protocol):
    """A model in evaluation mode, on its device."""

    def __call__(self, rows: Sequence[Row]) -> Scores:
        """The scores of the rows, in their order."""


def make_forward(model: Any, inputs: ModelInputs, device: str) -> Forward:
    """The forward pass of a model, which is put on the device."""
    model.to(device).eval()
    if isinstance(inputs, BiEncoderInputs):
        return BiEncoderForward(model, inputs, device)
    return ClassifierForward(model, inputs, device)


class ClassifierForward:
    """The forward pass of a sequence classifier, over texts or over pairs as one sequence."""

    def __init__(self, model: Any, inputs: ModelInputs, device: str) -> None:
        self._model, self._inputs, self._device = model, inputs, device
        self._pooling: Pooling = find_pooling(model.config)

    def __call__(self, rows: Sequence[Row]) -> Scores:
        """Logits, and the last hidden layer pooled."""
        batch = self._inputs.pad(rows).to(self._device)
        output = self._model(**batch, output_hidden_states=True)
        return Scores(output.logits, self._embed(output, batch))

    def _embed(self, output: Any, batch: Any) -> "Tensor":
        import torch

        if self._pooling == "decoder-eos":
            hidden = output.decoder_hidden_states[-1]  # [n, tokens, width]
            marked = batch["input_ids"] == self._model.config.eos_token_id  # [n, tokens]
        else:
            hidden, marked = output.hidden_states[-1], batch["attention_mask"].bool()
        if self._pooling == "mean":
            weights = marked.unsqueeze(-1).to(hidden.dtype)
            mean: Tensor = (hidden * weights).sum(1) / weights.sum(1)
            return mean
        places = torch.arange(marked.shape[1], device=marked.device)
        last = (marked * places).argmax(1)  # [n], the greatest marked place
        found: Tensor = hidden[torch.arange(len(last), device=last.device), last]
        return found


class BiEncoderForward:
    """The forward pass of a bi-encoder, which encodes each distinct context once."""

    def __init__(
        self, model: Any, inputs: BiEncoderInputs, device: str, cache_bytes: int = CACHE_BYTES
    ) -> None:
        self._model, self._inputs, self._device = model, inputs, device
        self._cache = ContextCache(self._encode, cache_bytes)

    def __call__(self, rows: Sequence[Row]) -> Scores:
        """Logits, and the fused state that they follow from."""
        import torch
        from torch.nn.utils.rnn import pad_sequence

        held = self._cache.states([tuple(row[CONTEXT_IDS]) for row in rows])
        lengths = torch.tensor([len(states) for states in held], device=self._device)
        context = pad_sequence(held, batch_first=True)  # [n, tokens, width]
        shown = torch.arange(context.shape[1], device=self._device) < lengths.unsqueeze(1)
        batch = self._inputs.pad_side([row["input_ids"] for row in rows]).to(self._device)
        text = self._model.states("text", **batch)
        fused = self._model.fuse(context, shown, text, batch["attention_mask"])
        return Scores(self._model.classifier(fused), fused)

    def _encode(self, contexts: Sequence[Context]) -> "list[Tensor]":
        """The states of contexts, without padding."""
        found: dict[int, Tensor] = {}
        places = sorted(range(len(contexts)), key=lambda place: len(contexts[place]))
        for start in range(0, len(places), ENCODED_TOGETHER):
            chosen = places[start : start + ENCODED_TOGETHER]
            batch = self._inputs.pad_side([contexts[place] for place in chosen]).to(self._device)
            states = self._model.states("context", **batch)
            for place, row, mask in zip(chosen, states, batch["attention_mask"], strict=True):
                found[place] = row[mask.bool()]
        return [found[place] for place in range(len(contexts))]
