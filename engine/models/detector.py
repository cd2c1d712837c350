"""Detectors: sequence classifiers that predict and embed in one forward pass.

A detector is a plain folder of `save_pretrained`. It takes single texts, or pairs of a context and
a text; how, is in `inputs` and `forward`. Fine-tuning is in `engine.training.loop`; what a
probability is worth is measured in `engine.statistics.measures`.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from engine.errors import ModelUnavailable
from engine.models.architecture import find_architecture, find_pooling
from engine.models.classifier_folder import load_classifier, output_labels
from engine.models.folder_check import find_fault
from engine.models.forward import make_forward
from engine.models.inputs import find_row_fault, make_inputs
from engine.models.references import Checkpoint

REPLACE_IT: Final = "Restore the folder from a backup, or make another detector."
NO_TOKEN: Final = "the tokenizer finds no token in the text"


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
        self._inputs = make_inputs(model, tokenizer)
        self._forward = make_forward(model, self._inputs, device)
        self.labels: tuple[str, ...] = output_labels(model)
        self.takes_pairs = find_architecture(model.config) is not None
        self.pooling = find_pooling(model.config)
        self.width: int = int(model.config.hidden_size)
        self.max_tokens = self._inputs.max_tokens

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

    def predict(
        self, texts: Sequence[str], batch_size: int, contexts: Sequence[str] = ()
    ) -> Iterator[ScoredBatch]:
        """Yield every text that has tokens once, in batches of similar length, the longest first.

        A detector for pairs takes a context for each text. A decoder's tokenizer may find no token.
        Texts are cut at the model's limit. Values are what came out of the model: they may be
        infinite or not a number. A value depends, in its last digits, on the batch it was in.
        """
        import torch

        encoded = self._inputs.encode(texts, contexts)
        order = sorted(
            (place for place, row in enumerate(encoded) if all(row.values())),
            key=lambda place: self._inputs.order(encoded[place]),
            reverse=True,
        )
        for start in range(0, len(order), batch_size):
            chosen = order[start : start + batch_size]
            with torch.inference_mode():
                scores = self._forward([encoded[place] for place in chosen])
            yield ScoredBatch(
                indices=np.array(chosen, dtype=np.int64),
                probabilities=scores.logits.float().softmax(-1).cpu().numpy(),
                embeddings=scores.embeddings.float().cpu().numpy(),
            )

    def classify(
        self,
        texts: Sequence[str | None],
        batch_size: int,
        advance: Callable[[int], None] = lambda rows: None,
        contexts: Sequence[str | None] | None = None,
    ) -> list[Verdict]:
        """One verdict for each text, or pair with the context in the same place, in their order.

        A missing or blank text or context, one in which the tokenizer finds no token, a context
        that the detector does not take, or an output that is not finite, gives a verdict with an
        error. `advance` is told the number of rows after each batch.
        """
        pairs = list(zip(texts, contexts or [None] * len(texts), strict=True))
        faults = [find_row_fault(*pair, takes_pairs=self.takes_pairs) for pair in pairs]
        verdicts = [Verdict(error=fault or NO_TOKEN) for fault in faults]
        kept = [place for place, fault in enumerate(faults) if fault is None]
        given = [(text or "", context or "") for text, context in map(pairs.__getitem__, kept)]
        classified = 0
        for batch in self.predict(
            [text for text, _ in given], batch_size, [context for _, context in given]
        ):
            for place, verdict in zip(batch.indices, self._read(batch), strict=True):
                verdicts[kept[place]] = verdict
            classified += len(batch.indices)
            advance(len(batch.indices))
        advance(len(texts) - classified)
        return verdicts

    def _read(self, batch: ScoredBatch) -> Iterator[Verdict]:
        """Yield the verdict of each row of a batch."""
        outputs = np.concatenate([batch.probabilities, batch.embeddings], axis=1)
        for row, is_finite in enumerate(np.isfinite(outputs).all(axis=1).tolist()):
            yield (
                Verdict(
                    label=self.labels[int(batch.probabilities[row].argmax())],
                    probabilities=batch.probabilities[row].tolist(),
                    embedding=batch.embeddings[row].tolist(),
                )
                if is_finite
                else Verdict(error="the detector's output is not a finite number")
            )
