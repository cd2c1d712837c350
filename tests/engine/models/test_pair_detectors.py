"""Detectors for pairs: what they say, what they refuse, and that they load without Backquery."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine.errors import ModelUnavailable
from engine.models.architecture import Architecture
from engine.models.classifier_folder import save_classifier
from engine.models.detector import Detector
from engine.training.pair_card import LOADING
from tests.pairs import ARCHITECTURES, CONTEXTS, LABELS, TEXTS, pair_model
from tests.tiny import tiny_bart, tiny_bert, tiny_llama


def saved(folder: Path, architecture: Architecture) -> Path:
    model, tokenizer = pair_model(folder / "base", architecture)
    save_classifier(folder / "d1", model, tokenizer, {})
    return folder / "d1"


def rewrite(folder: Path, **values: Any) -> None:
    path = folder / "config.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | values))


@pytest.mark.parametrize("architecture", ARCHITECTURES)
@pytest.mark.parametrize("make", [tiny_bert, tiny_bart, tiny_llama])
def test_a_batch_gives_what_each_pair_gives_alone_in_the_order_of_the_pairs(
    tmp_path: Path, make: Any, architecture: Architecture
) -> None:
    detector = Detector(*pair_model(tmp_path, architecture, make), "cpu")
    together = detector.classify(TEXTS, 2, contexts=CONTEXTS)
    assert detector.takes_pairs
    for text, context, verdict in zip(TEXTS, CONTEXTS, together, strict=True):
        (alone,) = detector.classify([text], 1, contexts=[context])
        assert verdict.error is None
        assert verdict.probabilities == pytest.approx(alone.probabilities, abs=1e-6)
        assert verdict.embedding == pytest.approx(alone.embedding, abs=1e-5)
        assert len(verdict.embedding or []) == detector.width


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_a_context_counts_and_a_missing_side_is_an_error(
    tmp_path: Path, architecture: Architecture
) -> None:
    detector = Detector(*pair_model(tmp_path, architecture), "cpu")
    texts = [TEXTS[0], TEXTS[0], TEXTS[0], None, " "]
    contexts = [CONTEXTS[0], CONTEXTS[1], None, CONTEXTS[0], CONTEXTS[0]]
    advanced: list[int] = []
    one, other, *none = detector.classify(texts, 2, advanced.append, contexts=contexts)
    assert one.probabilities != other.probabilities
    assert [verdict.error for verdict in none] == [
        "there is no context to predict on",
        "there is no text to predict on",
        "there is no text to predict on",
    ]
    assert sum(advanced) == 5
    assert [item.error for item in detector.classify(["Rest."], 1)] == [none[0].error]


def test_a_bi_encoder_embeds_what_its_classifier_takes(tmp_path: Path) -> None:
    import torch

    model, tokenizer = pair_model(tmp_path, "bi-encoder")
    detector = Detector(model, tokenizer, "cpu")
    (batch,) = detector.predict(TEXTS, 8, CONTEXTS)
    logits = model.classifier(torch.from_numpy(batch.embeddings))
    assert detector.pooling == "fused"
    assert np.abs(logits.softmax(-1).detach().numpy() - batch.probabilities).max() < 1e-6


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_a_saved_detector_says_the_same(tmp_path: Path, architecture: Architecture) -> None:
    before = Detector(*pair_model(tmp_path / "base", architecture), "cpu")
    detector = Detector.load(saved(tmp_path, architecture), "cpu")
    verdicts = detector.classify(TEXTS, 2, contexts=CONTEXTS)
    expected = before.classify(TEXTS, 2, contexts=CONTEXTS)
    for verdict, other in zip(verdicts, expected, strict=True):
        assert verdict.probabilities == pytest.approx(other.probabilities, abs=1e-6)
        assert verdict.embedding == pytest.approx(other.embedding, abs=1e-6)
    assert (detector.labels, detector.pooling) == (LABELS, before.pooling)


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_sides_that_were_swapped_are_refused_at_load(
    tmp_path: Path, architecture: Architecture
) -> None:
    folder = saved(tmp_path, architecture)
    assert json.loads((folder / "config.json").read_text())["sides"] == ["context", "text"]
    rewrite(folder, sides=["text", "context"])
    with pytest.raises(ModelUnavailable, match=r"\['text', 'context'\].*each text for the other"):
        Detector.load(folder, "cpu")


def test_no_code_of_a_folder_is_run(tmp_path: Path) -> None:
    folder = saved(tmp_path, "bi-encoder")
    (folder / "bi_encoder.py").write_text("raise SystemExit('run')")
    assert Detector.load(folder, "cpu").takes_pairs


def test_a_bi_encoder_that_lacks_a_part_is_refused(tmp_path: Path) -> None:
    from safetensors.torch import load_file, save_file

    weights = saved(tmp_path, "bi-encoder") / "model.safetensors"
    kept = {name: part for name, part in load_file(weights).items() if "pool.score" not in name}
    save_file(kept, weights, metadata={"format": "pt"})
    with pytest.raises(ModelUnavailable, match=r"lacks weights: pool\.score\.weight"):
        Detector.load(weights.parent, "cpu")


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_the_lines_on_the_card_load_it_without_backquery(
    tmp_path: Path, architecture: Architecture
) -> None:
    folder = saved(tmp_path, architecture)
    found = re.search(r"```python\n(.*?)```", LOADING[architecture], re.DOTALL)
    assert found is not None
    assert len([line for line in found[1].splitlines() if line]) <= 10
    hidden = "import sys\nsys.modules |= dict.fromkeys(('engine', 'tui', 'store'))\n"
    told = subprocess.run(
        [sys.executable, "-c", hidden + found[1]],
        cwd=folder,
        env={**os.environ, "HF_HOME": str(tmp_path / "hub"), "HF_HUB_OFFLINE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 0, told.stderr
    (verdict,) = Detector.load(folder, "cpu").classify(
        ["When does it leave?"], 1, contexts=["You plan journeys."]
    )
    said = re.findall(r"'([\w-]+)': ([\d.e-]+)", told.stdout)
    assert [name for name, _ in said] == list(LABELS)
    assert [float(share) for _, share in said] == pytest.approx(verdict.probabilities, abs=1e-6)
