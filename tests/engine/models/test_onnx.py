"""A detector as ONNX, run by another runtime."""

import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import engine.models.onnx
from engine.errors import PackageMissing
from engine.models.architecture import Architecture
from engine.models.classifier_folder import load_classifier, save_classifier
from engine.models.inputs import make_inputs
from engine.models.onnx import write_onnx
from engine.models.references import Checkpoint, parse_reference, resolve_checkpoint
from engine.training.bases import load_base
from tests.pairs import ARCHITECTURES, CONTEXTS, LABELS, pair_model
from tests.pairs import TEXTS as PAIR_TEXTS
from tests.tiny import tiny_bert

TEXTS = ["Drink more water every day, please.", "Sleep.", "The train leaves at nine."]


def test_another_runtime_computes_the_same(tmp_path: Path) -> None:
    import onnxruntime
    import torch

    folder = tiny_bert(tmp_path / "bert")
    model, tokenizer = load_classifier(Checkpoint(str(folder), local_only=True))
    model.save_pretrained(folder)  # with its head, which is drawn again if there is none
    path = write_onnx(folder)
    batch = tokenizer(TEXTS, padding=True, return_tensors="pt")
    given = {name: batch[name] for name in ("input_ids", "attention_mask")}
    with torch.inference_mode():
        expected = model.eval()(**given).logits.numpy()
    session: Any = onnxruntime.InferenceSession(str(path))
    (found,) = session.run(None, {name: column.numpy() for name, column in given.items()})
    assert found.shape == (3, model.config.num_labels)
    assert np.abs(found - expected).max() < 1e-5
    alone = shutil.copy(path, tmp_path / "alone.onnx")  # no second file beside it
    onnxruntime.InferenceSession(str(alone))


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_pairs_come_out_the_same(tmp_path: Path, architecture: Architecture) -> None:
    import onnxruntime
    import torch

    model, tokenizer = pair_model(tmp_path / "base", architecture)
    save_classifier(tmp_path / "d1", model, tokenizer, {})
    session: Any = onnxruntime.InferenceSession(str(write_onnx(tmp_path / "d1")))
    inputs = make_inputs(model, tokenizer)
    batch = inputs.pad(inputs.encode(PAIR_TEXTS, CONTEXTS))
    with torch.inference_mode():
        expected = model.eval()(**batch).logits.numpy()
    assert {item.name for item in session.get_inputs()} == set(batch)
    (found,) = session.run(None, {name: column.numpy() for name, column in batch.items()})
    assert np.abs(found - expected).max() < 1e-5


@pytest.mark.embedded
def test_a_pair_keeps_its_types_of_tokens(tmp_path: Path) -> None:
    import onnxruntime
    import torch

    checkpoint = resolve_checkpoint(parse_reference("bundled:all-minilm-l6-v2"))
    model, tokenizer = load_base(checkpoint, LABELS, 0, "cross-encoder")
    save_classifier(tmp_path / "d1", model, tokenizer, {})
    session: Any = onnxruntime.InferenceSession(str(write_onnx(tmp_path / "d1")))
    batch = tokenizer(list(CONTEXTS), list(PAIR_TEXTS), padding=True, return_tensors="pt")
    with torch.inference_mode():
        expected = model.eval()(**batch).logits.numpy()
    (found,) = session.run(None, {name: column.numpy() for name, column in batch.items()})
    assert np.abs(found - expected).max() < 1e-4


def test_what_is_missing_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine.models.onnx, "find_spec", lambda name: None)
    with pytest.raises(PackageMissing, match="pip install onnx onnxscript"):
        write_onnx(tmp_path)
