"""A classifier that is brought along: taken as it is, if it does what a detector has to."""

from collections.abc import Sequence
from typing import Any, Final

from engine.errors import ModelUnavailable, TrainingRefused
from engine.models.architecture import find_architecture
from engine.models.classifier_folder import (
    load_classifier,
    output_labels,
    translated_model_errors,
)
from engine.models.detector import Detector, Verdict
from engine.models.references import Checkpoint
from engine.training.bases import has_head, make_cross_encoder

# Of several lengths, so that the batch is padded; so are the contexts.
TRIAL_TEXTS: Final = (
    "Drink a glass of water.",
    "If the fever lasts longer than three days, see your doctor, and take the letter with you.",
    "The train leaves at nine.",
)
TRIAL_CONTEXTS: Final = (
    "You answer questions about medicines, and nothing else. Be brief, and name your sources.",
    "You plan journeys by train.",
    "You summarise letters.",
)
_TOLERANCE: Final = 1e-3  # of a probability in a batch against the same text alone, in float32


def adopt(
    checkpoint: Checkpoint, labels: Sequence[str], device: str = "cpu", *, is_pair: bool = False
) -> tuple[Any, Any]:
    """(model, tokenizer) of a ready classifier as it is, tried on one batch.

    For pairs, one that does not say how it takes them is a cross-encoder. Raises ModelUnavailable
    if it cannot be used, and TrainingRefused if its outputs are not the task's labels.
    """
    model, tokenizer = load_classifier(checkpoint, needs_head=True)
    if not has_head(model, labels):
        raise TrainingRefused(
            f"The model {checkpoint.location} cannot be taken as it is: "
            f"{_explain_labels(output_labels(model), labels)} The task's labels are "
            f"{list(labels)}. Correct id2label and label2id in its config.json if they mean the "
            "same, or import labelled rows, on which `backquery run` trains a detector."
        )
    known = find_architecture(model.config)
    if known and not is_pair:
        raise TrainingRefused(
            f"The model {checkpoint.location} is a {known}, which takes pairs of texts, and the "
            "task has single texts. Name a classifier of single texts."
        )
    if is_pair and known is None:
        make_cross_encoder(model)
    _try_out(model, tokenizer, device, checkpoint.location)
    return model, tokenizer


def _explain_labels(found: Sequence[str], labels: Sequence[str]) -> str:
    names = f"its outputs are named {list(found)}."
    if len(found) == 1:
        return f"it has one output, as a regression has, and {names}"
    if sorted(map(str.lower, found)) == sorted(map(str.lower, labels)):
        return f"{names} They differ in capital letters only."
    if missing := [label for label in labels if label not in found]:
        return f"{names} It never gives {', '.join(missing)}."
    return names


def _try_out(model: Any, tokenizer: Any, device: str, source: str) -> None:
    """Raise ModelUnavailable unless a padded batch gives what its texts give alone."""
    with translated_model_errors(f"The model {source} cannot score a text"):
        _check_vocabulary(model, tokenizer, source)
        detector = Detector(model, tokenizer, device)
        contexts = TRIAL_CONTEXTS if detector.takes_pairs else (None,) * len(TRIAL_TEXTS)
        together = detector.classify(TRIAL_TEXTS, len(TRIAL_TEXTS), contexts=contexts)
        alone = [
            verdict
            for text, context in zip(TRIAL_TEXTS, contexts, strict=True)
            for verdict in detector.classify([text], 1, contexts=[context])
        ]
    for one, other in zip(together, alone, strict=True):
        if error := one.error or other.error:
            raise ModelUnavailable(
                f"The model {source} cannot be taken: on a trial text, {error}. "
                "Check its weights and its tokenizer, or name another."
            )
        if _differ(one, other):
            raise ModelUnavailable(
                f"The model {source} cannot be taken: a text gets other probabilities beside a "
                "longer one than alone, so its padding is wrong. Check pad_token in its "
                "tokenizer_config.json and pad_token_id in config.json."
            )


def _check_vocabulary(model: Any, tokenizer: Any, source: str) -> None:
    known = model.get_input_embeddings().num_embeddings
    largest = max(tokenizer.get_vocab().values())
    if largest >= known:
        raise ModelUnavailable(
            f"The tokenizer of {source} is another model's: it has token {largest}, and the model "
            f"knows {known} tokens. Put the model's own tokenizer files beside the weights."
        )


def _differ(one: Verdict, other: Verdict) -> bool:
    pairs = zip(one.probabilities or [], other.probabilities or [], strict=True)
    return any(abs(first - second) > _TOLERANCE for first, second in pairs)
