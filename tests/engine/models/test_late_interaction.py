"""Late interaction, on tokens of two dimensions."""

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import torch

from engine.models.encoder import Encoder
from engine.models.late_interaction import LateInteractionScorer, max_sim
from tests.tiny import tiny_bert

HALF = math.sqrt(0.5)


def tokens(*vectors: tuple[float, float]) -> torch.Tensor:
    return torch.tensor(vectors, dtype=torch.float32).reshape(-1, 2)


def test_each_token_of_the_text_takes_the_nearest_of_the_context_and_the_mean_counts() -> None:
    text = tokens((1, 0), (HALF, HALF))
    context = tokens((0, 1), (-1, 0), (HALF, -HALF))
    # (1, 0) is nearest to the third, at cos 45°; (√½, √½) to the first, at cos 45°.
    assert max_sim(text, context) == pytest.approx(HALF)
    # The other way round: 45°, 135° and 45°.
    assert max_sim(context, text) == pytest.approx((HALF - HALF + HALF) / 3)
    assert max_sim(text, text) == pytest.approx(1)


def test_without_tokens_there_is_no_score() -> None:
    assert math.isnan(max_sim(tokens(), tokens((1, 0))))
    assert math.isnan(max_sim(tokens((1, 0)), tokens()))


class GivenTokens:
    """An encoder whose tokens are given, which remembers what it was asked about."""

    def __init__(self, vectors: dict[str, torch.Tensor]) -> None:
        self._vectors = vectors
        self.asked: list[str] = []

    def embed_tokens(self, texts: Sequence[str], batch_rows: int = 32) -> list[Any]:
        self.asked += texts
        return [self._vectors[text] for text in texts]


def test_pairs_are_scored_in_their_order_and_a_context_is_embedded_once() -> None:
    encoder = GivenTokens({"east": tokens((1, 0)), "north": tokens((0, 1)), "": tokens()})
    scorer, told = LateInteractionScorer(encoder), list[int]()
    pairs = [("north", "east"), ("east", "east"), ("north", "")]
    first = scorer.score(pairs, 2, told.append)
    assert first[:2].tolist() == [0, 1]
    assert math.isnan(first[2])
    assert scorer.score(pairs[:1], 2, told.append).tolist() == [0]
    assert encoder.asked.count("north") == 1
    assert told == [2, 1, 1]


def test_the_tokens_of_an_encoder_are_its_own_but_for_special_ones(tmp_path: Path) -> None:
    encoder = Encoder(f"path:{tiny_bert(tmp_path)}", "cpu")
    texts = ["You should drink two glasses of water before every meal.", "Rest."]
    long, short = encoder.embed_tokens(texts, batch_rows=2)
    counts = encoder.count_tokens(texts)
    assert (len(long), len(short)) == (counts[0] - 2, counts[1] - 2)  # <s> and </s>
    assert long.norm(dim=1).tolist() == pytest.approx([1] * len(long), abs=1e-6)
    (alone,) = encoder.embed_tokens(texts[1:])
    assert torch.allclose(short, alone, atol=1e-5)
    assert encoder.embed_tokens([]) == []
