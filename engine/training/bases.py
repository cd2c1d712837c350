"""The model that a detector is trained from: a base with a new head, or a head that is kept."""

from collections.abc import Sequence
from typing import Any

from engine.errors import ModelUnavailable
from engine.models.architecture import SIDES, Architecture, find_max_tokens
from engine.models.classifier_folder import (
    is_bi_encoder,
    load_classifier,
    load_encoder,
    output_labels,
)
from engine.models.references import Checkpoint


def load_base(
    checkpoint: Checkpoint,
    labels: Sequence[str],
    seed: int,
    architecture: Architecture | None = None,
) -> tuple[Any, Any]:
    """(model, tokenizer) with a head for these labels. Raises ModelUnavailable.

    Without an `architecture` it takes single texts. A head that already names these labels is
    kept, in its own order; any other head, whatever its size, gives way to a new one, drawn from
    `seed` and in the order of `labels`.
    """
    if architecture == "bi-encoder":
        return _load_bi_encoder(checkpoint, labels, seed)
    if is_bi_encoder(checkpoint):
        raise ModelUnavailable(
            f"The model {checkpoint.location} is a bi-encoder, which only a bi-encoder can be "
            'trained from: set architecture = "bi-encoder" under [detector] in workspace.toml, or '
            "name another base."
        )
    model, tokenizer = _load_classifier(checkpoint, labels, seed)
    if architecture == "cross-encoder":
        make_cross_encoder(model)
    elif hasattr(model.config, "sides"):
        del model.config.sides
    return model, tokenizer


def make_cross_encoder(model: Any) -> None:
    """Let a classifier take pairs: its configuration says which text comes first."""
    model.config.sides = list(SIDES)


def has_head(model: Any, labels: Sequence[str]) -> bool:
    """Whether the checkpoint holds a classification head with exactly these labels."""
    architecture = (model.config.architectures or [""])[0]
    named: bool = set(output_labels(model)) == set(labels)
    return named and str(architecture).endswith("ForSequenceClassification")


def _load_classifier(checkpoint: Checkpoint, labels: Sequence[str], seed: int) -> tuple[Any, Any]:
    import torch
    from transformers import AutoModelForSequenceClassification, set_seed

    model, tokenizer = load_classifier(checkpoint)
    if has_head(model, labels):
        return model, tokenizer
    config = model.config
    _name_outputs(config, labels)
    set_seed(seed)
    factory: Any = AutoModelForSequenceClassification
    fresh = factory.from_config(config, dtype=torch.float32)
    fresh.base_model.load_state_dict(model.base_model.state_dict())
    return fresh, tokenizer


def _load_bi_encoder(checkpoint: Checkpoint, labels: Sequence[str], seed: int) -> tuple[Any, Any]:
    """A bi-encoder around an encoder, or one that is there, whose parts but the head are kept."""
    from transformers import set_seed

    from engine.models.bi_encoder import BiEncoderConfig, BiEncoderForSequenceClassification

    if is_bi_encoder(checkpoint):
        model, tokenizer = load_classifier(checkpoint)
        if has_head(model, labels):
            return model, tokenizer
        config, weights = model.config, model.state_dict()
        kept = {name: part for name, part in weights.items() if not name.startswith("classifier.")}
    else:
        model, tokenizer = load_encoder(checkpoint)
        limit = find_max_tokens(model, tokenizer)
        config = BiEncoderConfig(
            encoder=model.config.to_diff_dict(),
            hidden_size=int(model.config.hidden_size),
            max_context_tokens=limit,
            max_text_tokens=limit,
        )
        config.pad_token_id = model.config.pad_token_id
        encoder = model.get_encoder() if model.config.is_encoder_decoder else model
        kept = {f"encoder.{name}": part for name, part in encoder.state_dict().items()}
    _name_outputs(config, labels)
    set_seed(seed)
    fresh = BiEncoderForSequenceClassification(config)
    fresh.load_state_dict({**fresh.state_dict(), **kept})
    return fresh, tokenizer


def _name_outputs(config: Any, labels: Sequence[str]) -> None:
    config.id2label = dict(enumerate(labels))
    config.label2id = {label: index for index, label in enumerate(labels)}
    config.problem_type = "single_label_classification"
