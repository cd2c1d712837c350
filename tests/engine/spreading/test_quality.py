import numpy as np
import pytest

from engine.spreading.model import Decided, fit
from engine.spreading.order import find_margins
from engine.spreading.quality import hold_out, include_decided, measure_quality
from engine.spreading.spread import spread
from engine.statistics.estimate import Estimate
from engine.statistics.label_noise import weighted_share
from tests.engine.spreading.planted import decide, plant


def sizes_of(decided: Decided, size: int = 10) -> dict[str, int]:
    return dict.fromkeys(decided.groups, size)


def test_the_estimate_is_near_to_the_share_that_is_right_of_random_decisions() -> None:
    vectors, labels = plant(2000, noise=0.5)
    decided = decide(vectors, labels, 150)
    model = fit(decided)
    assert model is not None
    found = spread(model, vectors[150:]).labels()
    truth = float(np.mean([a == b for a, b in zip(found, labels[150:], strict=True)]))

    last = measure_quality(hold_out(decided, sizes_of(decided))[-1])

    assert last.decisions == 150
    assert last.right is not None
    assert last.right.low < truth < last.right.high


def test_decisions_at_the_border_count_for_the_few_answers_that_are_there() -> None:
    vectors, labels = plant(1500, noise=0.45)
    start = decide(vectors, labels, 20)
    model = fit(start)
    assert model is not None
    hard = 20 + np.argsort(find_margins(model, vectors[20:]))[:60]
    rows = [*range(20), *hard.tolist()]
    decided = Decided(
        vectors[rows], tuple(labels[row] for row in rows), tuple(str(row) for row in rows)
    )
    left = np.setdiff1d(np.arange(1500), rows)
    after = fit(decided)
    assert after is not None
    found = spread(after, vectors[left]).labels()
    truth = float(np.mean([a == labels[b] for a, b in zip(found, left, strict=True)]))
    ones = dict.fromkeys(decided.groups, 1)

    plain = measure_quality(hold_out(decided, ones)[-1]).right
    strata = measure_quality(hold_out(decided, ones, undecided=vectors[left])[-1]).right

    assert plain is not None
    assert strata is not None
    assert plain.value < truth - 0.1
    assert abs(strata.value - truth) < 0.6 * abs(plain.value - truth)
    assert strata.low < truth < strata.high


def test_without_an_undecided_answer_there_are_no_strata() -> None:
    vectors, labels = plant(40, noise=0.5)
    decided = decide(vectors, labels, 40)
    plain, none = (
        hold_out(decided, sizes_of(decided), undecided=rows)[-1] for rows in (None, vectors[:0])
    )

    assert plain.weights.tolist() == none.weights.tolist()


def test_there_is_a_point_for_every_ten_decisions_and_the_last_one() -> None:
    vectors, labels = plant(60)
    points = hold_out(decide(vectors, labels, 34), dict.fromkeys((f"c{i}" for i in range(34)), 1))

    assert [point.decisions for point in points] == [10, 20, 30, 34]
    assert [point.learned_from for point in points] == pytest.approx([9, 18, 27, 30.6])
    assert hold_out(decide(vectors, labels, 9), {}) == []


def test_beginnings_with_one_label_have_no_point() -> None:
    vectors, labels = plant(90)
    order = [*range(0, 45, 3), *range(1, 45, 3)]  # fifteen of one label, then of the other
    decided = Decided(
        vectors[order], tuple(labels[row] for row in order), tuple(str(row) for row in order)
    )

    assert [point.decisions for point in hold_out(decided, sizes_of(decided))] == [20, 30]


def test_decisions_count_for_the_answers_of_their_cluster() -> None:
    vectors, labels = plant(40, noise=0.6)
    decided = Decided(vectors, labels, tuple(f"c{row // 2}" for row in range(40)))
    sizes = {f"c{number}": 2 + number for number in range(20)}

    (*_, last) = hold_out(decided, sizes)
    point = measure_quality(last)

    assert last.weights.sum() == sum(sizes.values())
    assert last.weights[:4].tolist() == [1.0, 1.0, 1.5, 1.5]
    assert point.right == weighted_share(last.hits.tolist(), last.weights.tolist())


def test_only_counted_decisions_are_in_the_share_and_all_are_learned_from() -> None:
    vectors, labels = plant(60, noise=0.5)
    decided = decide(vectors, labels, 60)
    counted = [row % 2 == 1 for row in range(60)]

    some = hold_out(decided, sizes_of(decided), counted)[-1]
    all_ = hold_out(decided, sizes_of(decided))[-1]

    assert some.counted.tolist() == list(range(1, 60, 2))
    assert some.hits.tolist() == all_.hits[1::2].tolist()
    right = measure_quality(some).right
    assert right is not None
    assert right.n == 30


def test_labels_below_the_confidence_are_not_in_the_share_of_right_ones() -> None:
    vectors, labels = plant(60, noise=0.7)
    decided = decide(vectors, labels, 60)
    held = hold_out(decided, sizes_of(decided))[-1]

    everything, sure = measure_quality(held), measure_quality(held, confidence=0.8)
    none = measure_quality(held, confidence=1.1)

    assert everything.labelled is not None
    assert sure.labelled is not None
    assert sure.right is not None
    assert everything.labelled.value == 1
    assert sure.labelled.value == pytest.approx((held.probabilities >= 0.8).mean())
    assert sure.right.n == (held.probabilities >= 0.8).sum()
    assert none.right is None


def test_decided_answers_are_right_in_the_share_of_all() -> None:
    found = include_decided(Estimate(0.5, (0.4, 0.6), 30), answers=200, decided=50)

    assert found.value == pytest.approx(0.625)
    assert found.interval == pytest.approx((0.55, 0.7))
    assert found.n == 30
