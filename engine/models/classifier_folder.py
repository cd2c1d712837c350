"""Classifiers as folders of `save_pretrained`: reading what others made, and writing whole ones."""

import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Final

from engine.errors import EngineError, ModelUnavailable
from engine.jobs.parts import sync
from engine.models.architecture import BI_ENCODER, find_architecture, require_order
from engine.models.references import Checkpoint

MODULE: Final = "bi_encoder.py"
_REASON_CHARACTERS: Final = 300


def load_classifier(checkpoint: Checkpoint, *, needs_head: bool = False) -> tuple[Any, Any]:
    """(model, tokenizer), padded with its own token or else that of a text's end.

    A checkpoint without a head gets one that means nothing, or with `needs_head` is refused. That
    of a bi-encoder is loaded by our own module: no code of the checkpoint is ever run. One that
    takes the sides of a pair in another order is refused.
    The tokenizer takes special tokens in a text as plain text: a stray `</s>` in a model's
    answer would else end the text there, and break BART's head for its whole batch.
    Raises ModelUnavailable.
    """
    source = checkpoint.location
    with translated_model_errors(f"No classifier can be loaded from {source}"):
        model, report = _load_model(checkpoint, _find_class(checkpoint))
    own_code = find_architecture(model.config) == "bi-encoder"  # a type transformers lacks
    tokenizer = _load_tokenizer(checkpoint, model.encoder.config if own_code else None)
    if needs_head and report["missing_keys"]:
        raise ModelUnavailable(
            f"The model {source} lacks weights: {', '.join(sorted(report['missing_keys'])[:5])}. "
            "Name a finished classifier: a base model has no head yet."
        )
    _agree_on_padding(model, tokenizer, source)
    return model, tokenizer


def load_encoder(checkpoint: Checkpoint) -> tuple[Any, Any]:
    """(model, tokenizer) without any head, the rest as in `load_classifier`."""
    from transformers import AutoModel

    with translated_model_errors(f"No encoder can be loaded from {checkpoint.location}"):
        model, report = _load_model(checkpoint, AutoModel)
    lacking = sorted(name for name in report["missing_keys"] if "pooler" not in name)
    if lacking:  # as of a model whose code is its own: they would begin at random
        raise ModelUnavailable(
            f"The model {checkpoint.location} lacks weights of its type: {', '.join(lacking[:5])}. "
            "Name an encoder that transformers reads without code from elsewhere."
        )
    tokenizer = _load_tokenizer(checkpoint)
    _agree_on_padding(model, tokenizer, checkpoint.location)
    return model, tokenizer


def is_bi_encoder(checkpoint: Checkpoint) -> bool:
    """Whether a checkpoint is a bi-encoder. Raises ModelUnavailable if it cannot be read."""
    with translated_model_errors(f"No classifier can be loaded from {checkpoint.location}"):
        return bool(_read_config(checkpoint).get("model_type") == BI_ENCODER)


def _find_class(checkpoint: Checkpoint) -> Any:
    """What loads a classifier."""
    from transformers import AutoModelForSequenceClassification

    config = _read_config(checkpoint)
    require_order(config, checkpoint.location)
    if config.get("model_type") != BI_ENCODER:
        return AutoModelForSequenceClassification
    from engine.models.bi_encoder import BiEncoderForSequenceClassification

    return BiEncoderForSequenceClassification


def _read_config(checkpoint: Checkpoint) -> Mapping[str, Any]:
    from transformers import PretrainedConfig

    found, _ = PretrainedConfig.get_config_dict(
        checkpoint.location, local_files_only=checkpoint.local_only
    )
    return dict(found)


def _load_model(checkpoint: Checkpoint, factory: Any) -> tuple[Any, Mapping[str, Any]]:
    """(model in float32, report on loading)."""
    import torch

    model, report = factory.from_pretrained(
        checkpoint.location,
        dtype=torch.float32,
        local_files_only=checkpoint.local_only,
        output_loading_info=True,
    )
    return model, report


def _load_tokenizer(checkpoint: Checkpoint, config: Any = None) -> Any:
    """The tokenizer of a model; a `config` that transformers knows stands in for the model's."""
    from transformers import AutoTokenizer

    source = checkpoint.location
    with translated_model_errors(f"No tokenizer can be loaded from {source}"):
        tokenizer: Any = AutoTokenizer.from_pretrained(
            source, config=config, split_special_tokens=True,
            local_files_only=checkpoint.local_only,
        )  # fmt: skip
    if not set(tokenizer.get_vocab()).difference(tokenizer.all_special_tokens):
        raise ModelUnavailable(
            f"The model {source} has no tokenizer. Put its tokenizer files beside the weights."
        )
    return tokenizer


def _agree_on_padding(model: Any, tokenizer: Any, source: str) -> None:
    """Let model and tokenizer pad with one token, or a decoder's head reads the padding."""
    if tokenizer.pad_token is None:  # decoders often have none
        named = model.config.pad_token_id
        known = named is not None and 0 <= named < len(tokenizer)
        tokenizer.pad_token = (
            tokenizer.convert_ids_to_tokens(named) if known else tokenizer.eos_token
        )
    if tokenizer.pad_token is None:
        raise ModelUnavailable(
            f"The tokenizer of {source} has neither a token for padding nor one for the end of a "
            "text. Set pad_token in its tokenizer_config.json, and pad_token_id in config.json."
        )
    model.config.pad_token_id = tokenizer.pad_token_id


class translated_model_errors:  # noqa: N801  (reads as a verb in a with statement)
    """Raise ModelUnavailable in place of what model libraries raise: `what`, and their reason.

    tokenizers raises Exception itself, and others whatever a broken file leads to.
    """

    def __init__(self, what: str) -> None:
        self._what = what

    def __enter__(self) -> None:
        return None

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if isinstance(error, Exception) and not isinstance(error, EngineError):
            said = " ".join(str(error).split()) or type(error).__name__
            reason = said[:_REASON_CHARACTERS] + "…" * (len(said) > _REASON_CHARACTERS)
            raise ModelUnavailable(
                f"{self._what}: {reason.rstrip('.!')}. Name another model, or put a folder "
                "there that transformers' save_pretrained wrote, with its tokenizer."
            ) from error


def save_classifier(folder: Path, model: Any, tokenizer: Any, texts: Mapping[str, str]) -> None:
    """Write weights, tokenizer and texts to a folder that is either absent, old, or whole.

    `texts` are further files by name; a bi-encoder gets its module, too. A folder that is there
    already is replaced. Only safetensors and text files are written.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    for leftover in folder.parent.glob(f".{folder.name}.*.tmp"):
        shutil.rmtree(leftover)
    temporary = folder.with_name(f".{folder.name}.{os.getpid()}.tmp")
    model.save_pretrained(temporary)
    tokenizer.save_pretrained(temporary)
    for name, text in texts.items():
        (temporary / name).write_text(text, encoding="utf-8")
    if find_architecture(model.config) == "bi-encoder":
        shutil.copy(Path(__file__).with_name(MODULE), temporary / MODULE)
    for path in (*temporary.iterdir(), temporary):
        sync(path)
    if folder.exists():
        os.replace(folder, folder.with_name(f".{folder.name}.old.tmp"))
    os.replace(temporary, folder)
    sync(folder.parent)
    shutil.rmtree(folder.with_name(f".{folder.name}.old.tmp"), ignore_errors=True)


def output_labels(model: Any) -> tuple[str, ...]:
    """The names of the model's outputs in their order."""
    names: dict[int, str] = model.config.id2label
    return tuple(names[index] for index in sorted(names))
