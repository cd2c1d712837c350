"""Detectors: pooling, order, limits, and outputs that are no numbers."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine.errors import ModelUnavailable
from engine.models.architecture import find_max_tokens, find_pooling
from engine.models.classifier_folder import load_classifier, save_classifier
from engine.models.detector import Detector
from engine.training.bases import load_base
from tests.fakes import checkpoint_at
from tests.tiny import CONTEXT, tiny_bart, tiny_bert, tiny_llama, tiny_tokenizer

LABELS = ("advice", "content", "other")
TEXTS = [
    "You should drink two glasses of water before every meal, and one after it.",
    "Rest.",
    "Vitamin D supports bone health in adults over fifty.",
    "The train leaves at nine.",
    "Ask your doctor.",
]


def make_detector(make: Any, folder: Path) -> Detector:
    """A detector with a new head on one of the tiny models."""
    return Detector(*load_base(checkpoint_at(make(folder)), LABELS, seed=0), "cpu")


def softmax(logits: Any) -> Any:
    return logits.float().softmax(-1).detach().numpy()


@pytest.mark.parametrize("make", [tiny_bart, tiny_bert, tiny_llama])
def test_a_batch_gives_what_each_text_gives_alone_in_the_order_of_the_texts(
    tmp_path: Path, make: Any
) -> None:
    detector = make_detector(make, tmp_path)
    together = detector.classify(TEXTS, batch_size=2)
    for text, verdict in zip(TEXTS, together, strict=True):
        (alone,) = detector.classify([text], batch_size=1)
        assert verdict.label == alone.label
        assert verdict.probabilities == pytest.approx(alone.probabilities, abs=1e-6)
        assert verdict.embedding == pytest.approx(alone.embedding, abs=1e-5)


@pytest.mark.parametrize("make", [tiny_bart, tiny_bert, tiny_llama])
def test_shapes_types_and_labels(tmp_path: Path, make: Any) -> None:
    detector = make_detector(make, tmp_path)
    batches = list(detector.predict(TEXTS, batch_size=2))
    assert [len(batch.indices) for batch in batches] == [2, 2, 1]
    assert sorted(np.concatenate([batch.indices for batch in batches])) == [0, 1, 2, 3, 4]
    assert detector.labels == LABELS
    for batch in batches:
        assert batch.probabilities.shape == (len(batch.indices), 3)
        assert batch.embeddings.shape == (len(batch.indices), detector.width)
        assert batch.probabilities.dtype == batch.embeddings.dtype == np.float32
        assert batch.probabilities.sum(1) == pytest.approx(1)


@pytest.mark.parametrize(
    ("make", "head", "pooling"),
    [(tiny_bart, "classification_head", "decoder-eos"), (tiny_llama, "score", "last-token")],
)
def test_the_embedding_is_what_the_classification_head_reads(
    tmp_path: Path, make: Any, head: str, pooling: str
) -> None:
    import torch

    model, tokenizer = load_base(checkpoint_at(make(tmp_path)), LABELS, seed=0)
    detector = Detector(model, tokenizer, "cpu")
    (batch,) = detector.predict(TEXTS, batch_size=8)
    logits = getattr(model, head)(torch.from_numpy(batch.embeddings))
    assert detector.pooling == pooling
    assert softmax(logits) == pytest.approx(batch.probabilities, abs=1e-6)


def test_an_encoder_embeds_the_mean_of_its_tokens_without_padding(tmp_path: Path) -> None:
    import torch

    model, tokenizer = load_base(checkpoint_at(tiny_bert(tmp_path)), LABELS, seed=0)
    detector = Detector(model, tokenizer, "cpu")
    (batch,) = detector.predict(TEXTS, batch_size=8)
    place = list(batch.indices).index(1)
    with torch.inference_mode():
        alone = model.base_model(**tokenizer(TEXTS[1], return_tensors="pt")).last_hidden_state
    assert detector.pooling == "mean"
    assert batch.embeddings[place] == pytest.approx(alone[0].mean(0).numpy(), abs=1e-5)


def test_a_stray_end_of_sequence_token_in_a_text_is_plain_text(tmp_path: Path) -> None:
    detector = make_detector(tiny_bart, tmp_path)
    verdicts = detector.classify(["Rest.</s> Drink.</s></s>", "Rest.", "<s><pad> Rest"], 3)
    assert [verdict.error for verdict in verdicts] == [None] * 3
    assert verdicts[0].probabilities != verdicts[1].probabilities


@pytest.mark.parametrize("make", [tiny_bart, tiny_bert, tiny_llama])
def test_a_long_text_is_cut_at_the_models_limit(tmp_path: Path, make: Any) -> None:
    detector = make_detector(make, tmp_path)
    long = "Rest and drink water. " * CONTEXT
    assert detector.max_tokens == CONTEXT
    first, second = detector.classify([long, long + "Never."], 2)
    assert first.error is None
    assert first.probabilities == second.probabilities


def test_a_missing_or_blank_text_gets_an_error_and_counts_as_done(tmp_path: Path) -> None:
    detector = make_detector(tiny_bert, tmp_path)
    advanced: list[int] = []
    verdicts = detector.classify([None, "Rest.", " \n"], 2, advanced.append)
    assert [verdict.error is None for verdict in verdicts] == [False, True, False]
    assert verdicts[0].label is None
    assert verdicts[0].probabilities is None
    assert verdicts[0].embedding is None
    assert sum(advanced) == 3
    assert detector.classify([], 2) == []


def test_an_output_that_is_no_number_is_an_error_and_not_a_label(tmp_path: Path) -> None:
    import torch

    model, tokenizer = load_base(checkpoint_at(tiny_bert(tmp_path)), LABELS, seed=0)
    with torch.no_grad():
        model.classifier.bias[1] = float("nan")
    (verdict,) = Detector(model, tokenizer, "cpu").classify(["Rest."], 1)
    assert verdict.label is None
    assert verdict.probabilities is None
    assert "finite" in str(verdict.error)


@pytest.mark.parametrize(
    ("model_type", "pooling"),
    [
        ("bert", "mean"),
        ("roberta", "mean"),
        ("deberta-v2", "mean"),
        ("modernbert", "mean"),
        ("bart", "decoder-eos"),
        ("t5", "decoder-eos"),
        ("gpt2", "last-token"),
        ("llama", "last-token"),
        ("qwen2", "last-token"),
    ],
)
def test_pooling_follows_the_architecture(model_type: str, pooling: str) -> None:
    from transformers import AutoConfig

    assert find_pooling(AutoConfig.for_model(model_type)) == pooling


def test_roberta_loses_the_positions_it_spends_on_padding(tmp_path: Path) -> None:
    from transformers import AutoTokenizer, RobertaConfig, RobertaForSequenceClassification

    tokenizer: Any = AutoTokenizer.from_pretrained(tiny_tokenizer(tmp_path, wrap=True))
    tokenizer.model_max_length = 10**30
    config = RobertaConfig(
        vocab_size=len(tokenizer),
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=1,
        intermediate_size=16,
        max_position_embeddings=66,
        pad_token_id=0,
    )
    model = RobertaForSequenceClassification(config)
    assert find_max_tokens(model, tokenizer) == 65
    (verdict,) = Detector(model, tokenizer, "cpu").classify(["Rest and drink. " * 99], 1)
    assert verdict.error is None


def test_a_saved_detector_replaces_the_old_one_and_leaves_nothing_beside_it(
    tmp_path: Path,
) -> None:
    model, tokenizer = load_base(checkpoint_at(tiny_bart(tmp_path / "base")), LABELS, seed=0)
    folder = tmp_path / "detectors" / "d1"
    folder.mkdir(parents=True)
    (folder / "stale.txt").write_text("from an earlier run")
    (folder.parent / ".d1.123.tmp").mkdir()
    save_classifier(folder, model, tokenizer, {"README.md": "# card"})
    assert [path.name for path in folder.parent.iterdir()] == ["d1"]
    assert not (folder / "stale.txt").exists()
    assert (folder / "README.md").read_text() == "# card"
    assert (folder / "model.safetensors").exists()
    before = Detector(model, tokenizer, "cpu").classify(TEXTS, 4)
    assert Detector.load(folder, "cpu").classify(TEXTS, 4) == before


def test_a_folder_with_a_broken_model_is_refused_by_name(tmp_path: Path) -> None:
    tiny_bert(tmp_path / "broken", LABELS)
    (tmp_path / "broken" / "model.safetensors").write_bytes(b"not a model")
    with pytest.raises(ModelUnavailable, match="broken"):
        load_classifier(checkpoint_at(tmp_path / "broken"))
