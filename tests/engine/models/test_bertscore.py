"""BERTScore beside the bert-score library, on real texts and the embedded model."""

import math
import random
from typing import Any

import polars as pl
import pytest
import torch

from engine.models.bertscore import BertScorer, Precision
from engine.models.references import parse_reference, resolve_checkpoint
from tui.services.settings import samples

ENCODER, LAYER = "bundled:all-minilm-l6-v2", 5
OTHER_SCRIPTS = (
    "喝水对健康有益。多喝水。", "Пейте больше воды каждый день.", "اشرب المزيد من الماء كل يوم",
    "हर दिन अधिक पानी पियें", "물을 더 많이 마시세요 🙂", "ดื่มน้ำให้มากขึ้น", "שתה יותר מים",
    "Ünïcödé 💧", "drink " * 700, "水" * 900,
)  # fmt: skip

Scores = dict[str, list[float]]


@pytest.fixture(scope="module")
def pairs() -> list[tuple[str, str]]:
    """130 pairs of 60 texts: sample texts, other scripts, some longer than is read."""
    english = pl.read_csv(str(samples() / "laypeople.csv"))["text"].to_list()[:50]
    dice = random.Random(1)
    chosen = [(text, dice.choice(english)) for text in OTHER_SCRIPTS]
    return [*chosen, *((dice.choice(english), dice.choice(english)) for _ in range(120))]


@pytest.fixture(scope="module")
def expected(pairs: list[tuple[str, str]]) -> Scores:
    """What the library says, in float32."""
    from bert_score import BERTScorer

    location = resolve_checkpoint(parse_reference(ENCODER)).location
    library: Any = BERTScorer(model_type=location, num_layers=LAYER, device="cpu")
    candidates, references = ([pair[place] for pair in pairs] for place in (0, 1))
    columns = library.score(candidates, references, batch_size=4)  # little padding to the longest
    return {name: column.tolist() for name, column in zip(("precision", "recall", "f1"), columns,
                                                          strict=True)}  # fmt: skip


def differences(precision: Precision, pairs: list[tuple[str, str]], expected: Scores) -> Scores:
    scorer = BertScorer(ENCODER, LAYER, "cpu", precision)
    texts = scorer.embed(text for pair in pairs for text in pair)
    matches = scorer.match([(texts[one], texts[other]) for one, other in pairs])
    return {
        name: [abs(getattr(match, name) - value) for match, value in zip(matches, values,
                                                                          strict=True)]
        for name, values in expected.items()
    }  # fmt: skip


def test_scores_equal_the_librarys_in_any_script(
    pairs: list[tuple[str, str]], expected: Scores
) -> None:
    for found in differences("float32", pairs, expected).values():
        assert max(found) <= 1e-5


def test_bfloat16_changes_scores_by_no_more_than_its_roundings(
    pairs: list[tuple[str, str]], expected: Scores
) -> None:
    # 8 results are rounded in each of 5 layers, and 3 in the matching, each by a relative 2^-8 at
    # most and in a random direction, whatever kernel of whatever processor computes them.
    bound = math.sqrt(8 * LAYER + 3) * 2**-8
    few = slice(0, 50)
    scores = {name: values[few] for name, values in expected.items()}
    for found in differences("bfloat16", pairs[few], scores).values():
        assert max(found) <= bound


def test_vectors_are_of_the_precision_that_was_asked_for() -> None:
    vectors = BertScorer(ENCODER, LAYER, "cpu", "bfloat16").embed(["Drink water."])
    assert vectors["Drink water."].vectors is not None
    assert vectors["Drink water."].vectors.dtype == torch.bfloat16
