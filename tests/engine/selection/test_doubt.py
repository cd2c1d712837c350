import numpy as np
import pytest
from scipy.spatial.distance import jensenshannon
from scipy.stats import entropy

from engine.selection.doubt import measure_disagreement, measure_entropy, measure_margin

PROBABILITIES = np.array(
    [[0.9, 0.05, 0.05], [0.5, 0.5, 0.0], [0.5, 0.25, 0.25], [1 / 3, 1 / 3, 1 / 3]], np.float32
)


def test_a_margin_is_of_the_two_largest_and_entropy_of_all() -> None:
    margins, entropies = measure_margin(PROBABILITIES), measure_entropy(PROBABILITIES)

    assert margins.tolist() == pytest.approx([0.15, 1.0, 0.75, 1.0])
    assert entropies.tolist() == pytest.approx(
        [entropy(row) / np.log(3) for row in PROBABILITIES], abs=1e-6
    )
    assert entropies.argmax() == 3


def test_of_two_labels_entropy_and_margin_give_one_order() -> None:
    positive = np.random.default_rng(0).random(200)
    rows = np.stack([positive, 1 - positive], axis=1)

    assert np.argsort(measure_margin(rows)).tolist() == np.argsort(measure_entropy(rows)).tolist()


def test_disagreement_of_two_is_the_jensen_shannon_divergence() -> None:
    rng = np.random.default_rng(1)
    first, second = rng.dirichlet(np.ones(3), size=20), rng.dirichlet(np.ones(3), size=20)

    found = measure_disagreement(np.stack([first, second]))

    expected = [jensenshannon(*pair, base=2) ** 2 for pair in zip(first, second, strict=True)]
    assert found.tolist() == pytest.approx(expected, abs=1e-6)


def test_members_that_are_all_unsure_do_not_disagree() -> None:
    unsure = np.full((3, 1, 2), 0.5)
    apart = np.array([[[1.0, 0.0]], [[0.0, 1.0]]])

    assert measure_disagreement(unsure).tolist() == [0.0]
    assert measure_disagreement(apart).tolist() == [1.0]


def test_probabilities_need_not_add_up_to_one() -> None:
    halves = 0.5 * PROBABILITIES

    assert measure_margin(halves).tolist() == pytest.approx(measure_margin(PROBABILITIES).tolist())
