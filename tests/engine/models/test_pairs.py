"""Baselines for pairs: which rows they are asked about."""

from collections.abc import Sequence

from engine.models.detector import Verdict
from engine.models.pairs import Advance, Pair, PairBaseline


class Counted:
    """Labels each pair by how many it was asked about."""

    def verdicts(self, pairs: Sequence[Pair], batch_size: int, advance: Advance) -> list[Verdict]:
        advance(len(pairs))
        return [Verdict(label=f"{place}: {pair}") for place, pair in enumerate(pairs)]


def test_a_pair_that_lacks_a_text_is_an_error_and_the_others_keep_their_places() -> None:
    told: list[int] = []
    found = PairBaseline(Counted()).classify(
        ["a", None, " ", "b", "d"], 2, told.append, contexts=["c", "c", "c", None, "e"]
    )
    assert [verdict.label for verdict in found] == [
        "0: ('c', 'a')",
        None,
        None,
        None,
        "1: ('e', 'd')",
    ]
    assert [verdict.error for verdict in found[1:4]] == [
        "there is no text to predict on", "there is no text to predict on",
        "there is no context to predict on",
    ]  # fmt: skip
    assert sum(told) == 5


def test_single_texts_have_no_context() -> None:
    (verdict,) = PairBaseline(Counted()).classify(["a"], 2)
    assert verdict.error == "there is no context to predict on"
