"""A detector as one ONNX file, for runtimes without torch."""

import warnings
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from engine.errors import ModelUnavailable, PackageMissing
from engine.models.classifier_folder import load_classifier
from engine.models.references import Checkpoint

NEEDED: Final = ("onnx", "onnxscript")
FILE: Final = "model.onnx"
_EXAMPLES: Final = ["One text.", "Another text, which is longer."]


def require_onnx() -> None:
    """Raise PackageMissing where what writes ONNX is not installed."""
    missing = [name for name in NEEDED if find_spec(name) is None]
    if missing:
        raise PackageMissing(
            f"Writing ONNX needs {' and '.join(missing)}: pip install {' '.join(missing)}"
        )


def write_onnx(folder: Path) -> Path:
    """Write `model.onnx` into a detector's folder: token ids and mask in, logits out.

    Both inputs are int64 [rows, tokens], of any size; logits are float32 [rows, labels], in the
    order of `id2label`. The tokenizer stays a file of its own. Raises PackageMissing, and
    ModelUnavailable for a model whose computation ONNX cannot say.
    """
    require_onnx()
    import torch

    model, tokenizer = load_classifier(Checkpoint(str(folder), local_only=True))
    batch = tokenizer(_EXAMPLES, padding=True, return_tensors="pt")
    names = ["input_ids", "attention_mask"]
    sizes = dict.fromkeys(range(2), torch.export.Dim.DYNAMIC)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about how torch's own exporter is written
            program: Any = torch.onnx.export(
                _logits_of(model),
                tuple(batch[name] for name in names),
                dynamo=True,
                input_names=names,
                output_names=["logits"],
                dynamic_shapes=dict.fromkeys(names, sizes),
                verbose=False,
            )
    except torch.onnx.OnnxExporterError as error:
        raise ModelUnavailable(
            f"The model in {folder} cannot be written as ONNX: {error}"
        ) from error
    path = folder / FILE
    program.save(str(path), external_data=False)
    return path


def _logits_of(model: Any) -> Any:
    import torch

    class Logits(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.model = model.eval()

        def forward(self, input_ids: Any, attention_mask: Any) -> Any:
            return self.model(input_ids=input_ids, attention_mask=attention_mask).logits

    return Logits()
