"""Cosines of pairs."""

import pytest

from engine.models.cosine import CosineScorer
from tests.engine.models.pair_rows import GivenVectors


def test_a_score_is_the_cosine_of_both_texts_and_a_context_is_embedded_once() -> None:
    encoder = GivenVectors({"taxes": 0, "trains": 90, "a form": 60, "a platform": 90, "soup": 180})
    scorer, told = CosineScorer(encoder), list[int]()
    pairs = [("taxes", "a form"), ("trains", "a platform"), ("taxes", "soup"), ("taxes", "a form")]
    found = scorer.score(pairs, 2, told.append)
    assert found == pytest.approx([0.5, 1, -1, 0.5], abs=1e-6)
    assert told == [4]
    assert scorer.score([("trains", "soup")], 2, told.append) == pytest.approx([0], abs=1e-6)
    assert encoder.asked.count("taxes") == encoder.asked.count("trains") == 1
    assert scorer.score([], 2, told.append).tolist() == []
