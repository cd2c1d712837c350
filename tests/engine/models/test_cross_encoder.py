"""Cross-encoders as they come, against the model asked directly."""

from pathlib import Path
from typing import Any

import pytest

from engine.errors import ModelUnavailable
from engine.models.cross_encoder import CrossEncoderScorer
from tests.tiny import tiny_bert

PAIRS = [
    ("You plan journeys by train.", "When does the next one leave, and from which platform?"),
    ("You answer questions about medicines, and nothing else.", "Rest."),
    ("You plan journeys by train.", "Write a poem on vitamin D."),
]


def test_a_score_is_the_one_output_on_both_texts_the_context_first(tmp_path: Path) -> None:
    import torch
    from transformers import AutoModelForSequenceClassification, AutoTokenizer

    folder, told = tiny_bert(tmp_path, ["similarity"]), list[int]()
    found = CrossEncoderScorer(f"path:{folder}", "cpu").score(PAIRS, 2, told.append)
    model: Any = AutoModelForSequenceClassification.from_pretrained(folder).eval()
    tokenizer: Any = AutoTokenizer.from_pretrained(folder)
    with torch.inference_mode():
        alone = [float(model(**tokenizer(*pair, return_tensors="pt")).logits) for pair in PAIRS]
    assert found.tolist() == pytest.approx(alone, abs=1e-5)
    assert len(set(alone)) == 3
    assert told == [2, 1]


def test_no_pairs_have_no_scores_and_a_pair_beyond_the_limit_has_one(tmp_path: Path) -> None:
    scorer = CrossEncoderScorer(f"path:{tiny_bert(tmp_path, ['similarity'])}", "cpu")
    assert scorer.score([], 2, lambda rows: None).tolist() == []
    (long, longer) = scorer.score(
        [("Trains. " * 400, "Rest."), ("Trains. " * 500, "Rest.")], 2, lambda rows: None
    )
    assert long == pytest.approx(longer, abs=1e-6)


def test_a_model_of_several_outputs_or_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable, match="has 2 outputs; a cross-encoder"):
        CrossEncoderScorer(f"path:{tiny_bert(tmp_path / 'a', ['no', 'yes'])}", "cpu")
    with pytest.raises(ModelUnavailable, match="lacks weights"):
        CrossEncoderScorer(f"path:{tiny_bert(tmp_path / 'b')}", "cpu")
