"""Nearest examples, on angles that can be drawn on paper."""

import pytest

from engine.models.nearest_examples import NearestExamples
from tests.engine.models.pair_rows import LABELS, OFF, ON, GivenVectors, pair_rows

TAXES, TRAINS, ZOO = "taxes", "trains", "a zoo"
ANGLES = {
    TAXES: 0, TRAINS: 90, ZOO: 80,
    "form": 0, "refund": 10, "deadline": 20, "soup": 40, "poem": 50, "joke": 60,
    "delay": 100, "ticket": 110, "chess": 130, "asked": 0,
}  # fmt: skip
ROWS = pair_rows(
    (TAXES, "form", ON), (TAXES, "refund", ON), (TAXES, "deadline", ON),
    (TAXES, "soup", OFF), (TAXES, "poem", OFF), (TAXES, "joke", OFF),
    (TRAINS, "delay", ON), (TRAINS, "ticket", ON), (TRAINS, "chess", OFF),
)  # fmt: skip


def nearest(**angles: float) -> NearestExamples:
    return NearestExamples(GivenVectors({**ANGLES, **angles}), ROWS, LABELS, seed=0)


@pytest.mark.parametrize(
    ("angle", "shares"), [(0, [0, 1]), (29, [1 / 3, 2 / 3]), (34, [2 / 3, 1 / 3]), (60, [1, 0])]
)
def test_the_three_nearest_examples_of_the_context_vote(angle: float, shares: list[float]) -> None:
    model = nearest(asked=angle)
    (verdict,) = model.verdicts([(TAXES, "asked")], 8, lambda rows: None)
    assert verdict.probabilities == pytest.approx(shares)
    assert verdict.label == LABELS[shares.index(max(shares))]


def test_a_context_without_examples_takes_those_of_the_nearest_and_then_of_the_next() -> None:
    model = nearest()
    assert sorted(model.examples(TAXES)) == sorted(
        [("soup", OFF), ("poem", OFF), ("joke", OFF), ("form", ON), ("refund", ON),
         ("deadline", ON)]
    )  # fmt: skip
    found = model.examples(ZOO)  # 10 degrees from the trains, which have three examples in all
    assert [label for _, label in found] == [OFF] * 3 + [ON] * 3
    assert {"chess", "delay", "ticket"} < {text for text, _ in found}
    assert model.examples(TRAINS) == found


def test_a_context_has_at_most_three_examples_of_each_label_and_always_the_same() -> None:
    rows = pair_rows(*((TAXES, f"t{place}", LABELS[place % 2]) for place in range(20)))
    angles = {TAXES: 0, **{f"t{place}": place for place in range(20)}}
    first, second, other = (
        NearestExamples(GivenVectors(angles), given, LABELS, seed).examples(TAXES)
        for given, seed in ((rows, 0), (rows.reverse(), 0), (rows, 1))
    )
    assert first == second != other
    assert [label for _, label in first] == [OFF] * 3 + [ON] * 3
    assert len(set(first)) == 6


def test_each_text_that_comes_again_is_embedded_once() -> None:
    encoder = GivenVectors(ANGLES)
    model, told = NearestExamples(encoder, ROWS, LABELS, seed=0), list[int]()
    for _ in range(2):
        model.verdicts([(TAXES, "asked"), (ZOO, "asked")], 8, told.append)
    assert max(encoder.asked.count(text) for text in ANGLES if text != "asked") == 1
    assert told == [2, 2]
    assert model.verdicts([], 8, told.append) == []
