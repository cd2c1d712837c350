"""The model that a detector is trained from: a base with a new head, or a head that is kept."""

from collections.abc import Sequence
from typing import Any

from engine.models.classifier_folder import load_classifier, output_labels
from engine.models.references import Checkpoint


def load_base(checkpoint: Checkpoint, labels: Sequence[str], seed: int) -> tuple[Any, Any]:
    """(model, tokenizer) with a head for these labels. Raises ModelUnavailable.

    A head that already names these labels is kept, in its own order; any other head, whatever
    its size, gives way to a new one, drawn from `seed` and in the order of `labels`.
    """
    import torch
    from transformers import AutoModelForSequenceClassification, set_seed

    model, tokenizer = load_classifier(checkpoint)
    if has_head(model, labels):
        return model, tokenizer
    config = model.config
    config.id2label = dict(enumerate(labels))
    config.label2id = {label: index for index, label in enumerate(labels)}
    config.problem_type = "single_label_classification"
    set_seed(seed)
    factory: Any = AutoModelForSequenceClassification
    fresh = factory.from_config(config, dtype=torch.float32)
    fresh.base_model.load_state_dict(model.base_model.state_dict())
    return fresh, tokenizer


def has_head(model: Any, labels: Sequence[str]) -> bool:
    """Whether the checkpoint holds a classification head with exactly these labels."""
    architecture = (model.config.architectures or [""])[0]
    named: bool = set(output_labels(model)) == set(labels)
    return named and str(architecture).endswith("ForSequenceClassification")
