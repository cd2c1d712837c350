"""How near a text is to its context by a cross-encoder that was trained to say so, as it comes."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from engine.errors import ModelUnavailable
from engine.models.architecture import find_max_tokens
from engine.models.classifier_folder import load_classifier
from engine.models.inputs import CrossEncoderInputs
from engine.models.pairs import Advance, Pair
from engine.models.references import parse_reference, resolve_checkpoint


class CrossEncoderScorer:
    """The one output of a model that takes both texts as one sequence, the context first.

    Loading raises ModelUnavailable, also for a model of several outputs: it says something else.
    """

    def __init__(self, reference: str, device: str) -> None:
        checkpoint = resolve_checkpoint(parse_reference(reference))
        model, tokenizer = load_classifier(checkpoint, needs_head=True)
        if model.config.num_labels != 1:
            raise ModelUnavailable(
                f"{reference} has {model.config.num_labels} outputs; a cross-encoder that scores "
                "how near two texts are has one. Name such a model."
            )
        self._inputs = CrossEncoderInputs(tokenizer, find_max_tokens(model, tokenizer))
        self._model, self._device = model.to(device).eval(), device

    def score(
        self, pairs: Sequence[Pair], batch_size: int, advance: Advance
    ) -> NDArray[np.float64]:
        """One score for each pair, in order, of any range; pairs are cut as a detector's."""
        import torch

        contexts, texts = [context for context, _ in pairs], [text for _, text in pairs]
        encoded = self._inputs.encode(texts, contexts) if pairs else []
        order = sorted(range(len(pairs)), key=lambda place: self._inputs.order(encoded[place]))
        scores = np.empty(len(pairs))
        for start in range(0, len(order), batch_size):
            chosen = order[::-1][start : start + batch_size]
            batch = self._inputs.pad([encoded[place] for place in chosen]).to(self._device)
            with torch.inference_mode():
                scores[chosen] = self._model(**batch).logits[:, 0].double().cpu().numpy()
            advance(len(chosen))
        return scores
