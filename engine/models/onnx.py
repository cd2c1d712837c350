"""A detector as one ONNX file, for runtimes without torch."""

import warnings
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from engine.errors import ModelUnavailable, PackageMissing
from engine.models.architecture import find_architecture
from engine.models.classifier_folder import load_classifier
from engine.models.inputs import make_inputs
from engine.models.references import Checkpoint

NEEDED: Final = ("onnx", "onnxscript")
FILE: Final = "model.onnx"
_TEXTS: Final = ["One text.", "Another text, which is longer."]
_CONTEXTS: Final = ["What the first is about.", "About."]


def require_onnx() -> None:
    """Raise PackageMissing where what writes ONNX is not installed."""
    missing = [name for name in NEEDED if find_spec(name) is None]
    if missing:
        raise PackageMissing(
            f"Writing ONNX needs {' and '.join(missing)}: pip install {' '.join(missing)}"
        )


def write_onnx(folder: Path) -> Path:
    """Write `model.onnx` into a detector's folder: token ids and masks in, logits out.

    Inputs are int64 [rows, tokens], of any size: those of the text, or of the pair, which has
    token types where its tokenizer tells them; a bi-encoder also has those of the context. Logits
    are float32 [rows, labels], in the order of `id2label`. The tokenizer stays a file of its own.
    Raises PackageMissing, and ModelUnavailable for a model whose computation ONNX cannot say.
    """
    require_onnx()
    import torch

    model, tokenizer = load_classifier(Checkpoint(str(folder), local_only=True))
    inputs = make_inputs(model, tokenizer)
    batch = inputs.pad(inputs.encode(_TEXTS, _CONTEXTS))
    names = _list_inputs(model, batch)
    sizes = dict.fromkeys(range(2), torch.export.Dim.DYNAMIC)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about how torch's own exporter is written
            program: Any = torch.onnx.export(
                _logits_of(model, names),
                tuple(batch[name] for name in names),
                dynamo=True,
                input_names=names,
                output_names=["logits"],
                dynamic_shapes=((sizes,) * len(names),),
                verbose=False,
            )
    except torch.onnx.OnnxExporterError as error:
        raise ModelUnavailable(
            f"The model in {folder} cannot be written as ONNX: {error}"
        ) from error
    path = folder / FILE
    program.save(str(path), external_data=False)
    return path


def _list_inputs(model: Any, batch: Any) -> list[str]:
    """The inputs that the logits follow from; a single text has no types of tokens."""
    names = list(batch)
    if find_architecture(model.config) is None:
        names = [name for name in names if name != "token_type_ids"]
    return sorted(names, reverse=True)


def _logits_of(model: Any, names: Sequence[str]) -> Any:
    import torch

    class Logits(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.model = model.eval()

        def forward(self, *inputs: Any) -> Any:
            return self.model(**dict(zip(names, inputs, strict=True))).logits

    return Logits()
