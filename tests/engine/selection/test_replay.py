import numpy as np
import pytest

from engine.selection.replay import KnownRows, replay_learning
from engine.selection.strategy import STRATEGIES, Strategy

POSITIVES = frozenset({"advice"})


def planted(rows: int = 900, share: float = 0.1, seed: int = 0) -> KnownRows:
    """Rows of two labels that a plane parts, few of them positive; a third is held out."""
    rng = np.random.default_rng(seed)
    vectors = rng.normal(size=(rows, 12)).astype(np.float32)
    scores = vectors[:, 0] + 0.7 * vectors[:, 1]
    edge = np.quantile(scores, 1 - share)
    labels = tuple("advice" if score > edge else "content" for score in scores)
    return KnownRows(vectors, labels, np.arange(rows) % 3 == 0)


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_all_strategies_begin_alike_and_reach_every_budget(strategy: Strategy) -> None:
    known = planted()

    points = list(replay_learning(known, POSITIVES, strategy, (20, 40, 90), seed=3))
    first = next(replay_learning(known, POSITIVES, "random", (20,), seed=3))

    assert [point.labelled for point in points] == [20, 40, 90]
    assert points == list(replay_learning(known, POSITIVES, strategy, (20, 40, 90), seed=3))
    assert (points[0].positives, points[0].f1, points[0].roc_auc) == (
        first.positives, first.f1, first.roc_auc
    )  # fmt: skip
    assert all(0 <= value <= 1 for point in points for value in (point.accuracy, point.f1))
    assert points[-1].roc_auc > 0.8


def test_no_row_that_is_held_out_is_learned_from() -> None:
    known = planted()
    free = [label for label, held in zip(known.labels, known.is_held_out, strict=True) if not held]

    *_, last = replay_learning(known, POSITIVES, "margin", (20, len(known.labels)), seed=0)

    assert (last.labelled, last.positives) == (len(free), free.count("advice"))


def test_choosing_by_margin_finds_more_positives_than_chance() -> None:
    found: dict[Strategy, list[int]] = {"random": [], "margin": []}
    for start in range(6):
        for strategy, counts in found.items():
            *_, last = replay_learning(planted(), POSITIVES, strategy, (30, 60, 90), start)
            counts.append(last.positives)

    assert np.mean(found["margin"]) > 1.5 * np.mean(found["random"])


def test_while_one_label_is_known_that_label_is_predicted_and_chance_chooses() -> None:
    known = planted(share=0.02)

    points = list(replay_learning(known, POSITIVES, "margin", (3, 6), seed=1))
    by_chance = list(replay_learning(known, POSITIVES, "mixed", (3, 6), seed=1))

    assert points[0].positives == 0
    assert (points[0].f1, points[0].roc_auc) == (0.0, 0.5)
    assert points[1].positives == by_chance[1].positives
