"""Detectors: sequence classifiers that predict and embed in one forward pass.

A detector is a plain folder of `save_pretrained`. Fine-tuning is in `engine.training.loop`; what a
probability is worth is measured in `engine.statistics.measures`.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from engine.errors import ModelUnavailable
from engine.models.classifier_folder import load_classifier, output_labels
from engine.models.folder_check import find_fault
from engine.models.references import Checkpoint

if TYPE_CHECKING:
    import torch

Pooling = Literal["mean", "decoder-eos", "last-token"]
"""How the last hidden layer, [tokens, width], becomes one embedding, [width].

"mean": over all tokens that are not padding. "decoder-eos": the decoder's state at the last
end-of-sequence token. "last-token": the last token that is not padding. The latter two are
what the classification heads of encoder-decoders and decoders read.
"""

FALLBACK_MAX_TOKENS = 512  # for models with relative positions whose tokenizer names no limit
# A tokenizer takes some 100 bytes for each token of the whole text before it cuts it.
MOST_CHARACTERS = 1 << 20

REPLACE_IT = "Restore the folder from a backup, or make another detector."


@dataclass(frozen=True, slots=True)
class ScoredBatch:
    """The model's predictions for one batch, row i belonging to text `indices[i]`."""

    indices: NDArray[np.int64]  # [n]
    probabilities: NDArray[np.float32]  # [n, labels]
    embeddings: NDArray[np.float32]  # [n, width]


@dataclass(frozen=True, slots=True)
class Verdict:
    """A detector's prediction for one text. If there is an `error`, everything else is None."""

    label: str | None = None
    probabilities: list[float] | None = None  # in the order of the detector's labels
    embedding: list[float] | None = None
    error: str | None = None


def detector_folder(workspace: Path, detector_id: str) -> Path:
    """Where a detector's model lies in a workspace."""
    return workspace / "detectors" / detector_id


class Detector:
    """A classifier with its tokenizer on one device, in float32 and evaluation mode."""

    def __init__(self, model: Any, tokenizer: Any, device: str) -> None:
        self._model = model.to(device).eval()
        self._tokenizer = tokenizer
        self._device = device
        self.labels: tuple[str, ...] = output_labels(model)
        self.pooling: Pooling = find_pooling(model.config)
        self.width: int = int(model.config.hidden_size)
        self.max_tokens: int = find_max_tokens(model, tokenizer)

    @classmethod
    def load(cls, folder: Path, device: str) -> "Detector":
        """Load a detector's own folder. Raises ModelUnavailable."""
        if fault := find_fault(folder, base=""):
            raise ModelUnavailable(f"The detector cannot be loaded: {fault}. {REPLACE_IT}")
        try:
            model = load_classifier(Checkpoint(str(folder), local_only=True), needs_head=True)
        except ModelUnavailable as error:
            raise ModelUnavailable(f"{error} {REPLACE_IT}") from error
        return cls(*model, device)

    def predict(self, texts: Sequence[str], batch_size: int) -> Iterator[ScoredBatch]:
        """Yield every text that has tokens once, in batches of similar length, the longest first.

        A decoder's tokenizer may find none in a text. Texts are cut at the model's limit. Values
        are what came out of the model: they may be infinite or not a number. A value depends, in
        its last digits, on the batch it was in.
        """
        import torch

        if not texts:
            return
        encoded = encode(self._tokenizer, texts, self.max_tokens)
        lengths = [len(row["input_ids"]) for row in encoded]
        order = sorted(
            filter(lengths.__getitem__, range(len(texts))), key=lambda row: -lengths[row]
        )
        for start in range(0, len(order), batch_size):
            chosen = order[start : start + batch_size]
            batch = pad(self._tokenizer, [encoded[index] for index in chosen]).to(self._device)
            with torch.inference_mode():
                output = self._model(**batch, output_hidden_states=True)
                embeddings = self._embed(output, batch)
            yield ScoredBatch(
                indices=np.array(chosen, dtype=np.int64),
                probabilities=output.logits.float().softmax(-1).cpu().numpy(),
                embeddings=embeddings.float().cpu().numpy(),
            )

    def classify(
        self,
        texts: Sequence[str | None],
        batch_size: int,
        advance: Callable[[int], None] = lambda rows: None,
    ) -> list[Verdict]:
        """One verdict for each text, in the order of the texts.

        A missing or blank text, one in which the tokenizer finds no token, or an output that is
        not finite, gives a verdict with an error.
        `advance` is told the number of rows after each batch.
        """
        verdicts = [Verdict(error="there is no text to predict on")] * len(texts)
        kept = [index for index, text in enumerate(texts) if text is not None and text.strip()]
        for index in kept:
            verdicts[index] = Verdict(error="the tokenizer finds no token in the text")
        classified = 0
        for batch in self.predict([texts[index] or "" for index in kept], batch_size):
            outputs = np.concatenate([batch.probabilities, batch.embeddings], axis=1)
            finite = np.isfinite(outputs).all(axis=1).tolist()
            for row, index in enumerate(batch.indices):
                verdicts[kept[index]] = (
                    Verdict(
                        label=self.labels[int(batch.probabilities[row].argmax())],
                        probabilities=batch.probabilities[row].tolist(),
                        embedding=batch.embeddings[row].tolist(),
                    )
                    if finite[row]
                    else Verdict(error="the detector's output is not a finite number")
                )
            classified += len(batch.indices)
            advance(len(batch.indices))
        advance(len(texts) - classified)
        return verdicts

    def _embed(self, output: Any, batch: Any) -> "torch.Tensor":
        import torch

        if self.pooling == "decoder-eos":
            hidden = output.decoder_hidden_states[-1]  # [n, tokens, width]
            marked = batch["input_ids"] == self._model.config.eos_token_id  # [n, tokens]
        else:
            hidden, marked = output.hidden_states[-1], batch["attention_mask"].bool()
        if self.pooling == "mean":
            weights = marked.unsqueeze(-1).to(hidden.dtype)
            mean: torch.Tensor = (hidden * weights).sum(1) / weights.sum(1)
            return mean
        places = torch.arange(marked.shape[1], device=marked.device)
        last = (marked * places).argmax(1)  # [n], the greatest marked place
        found: torch.Tensor = hidden[torch.arange(len(last), device=last.device), last]
        return found


def encode(tokenizer: Any, texts: Sequence[str], max_tokens: int) -> list[dict[str, list[int]]]:
    """The model's inputs for each text, cut at `max_tokens` and not yet padded."""
    cut = [text[:MOST_CHARACTERS] for text in texts]
    columns = tokenizer(cut, truncation=True, max_length=max_tokens)
    return [{name: columns[name][row] for name in columns} for row in range(len(texts))]


def pad(tokenizer: Any, rows: Sequence[dict[str, list[int]]]) -> Any:
    """The rows as one batch of tensors, padded to the longest of them."""
    columns = {name: [row[name] for row in rows] for name in rows[0]}
    return tokenizer.pad(columns, return_tensors="pt")


def find_pooling(config: Any) -> Pooling:
    """The pooling of an architecture; a decoder is what has no masked-language twin."""
    from transformers.models.auto.modeling_auto import (
        MODEL_FOR_CAUSAL_LM_MAPPING_NAMES,
        MODEL_FOR_MASKED_LM_MAPPING_NAMES,
    )

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
