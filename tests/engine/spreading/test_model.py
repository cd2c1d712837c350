import numpy as np
import pytest

from engine.spreading.model import (
    DEFAULT_STRENGTH,
    STRENGTHS,
    Decided,
    assign_folds,
    choose_strength,
    compress,
    fit,
    held_out_probabilities,
    scale_rows,
)
from tests.engine.spreading.planted import LABELS, decide, plant


def fitted(decided: Decided, strength: float | None = None):  # type: ignore[no-untyped-def]
    model = fit(decided, strength)
    assert model is not None
    return model


@pytest.mark.parametrize("labels", [2, 3])
@pytest.mark.parametrize("count", [12, 60])
def test_probabilities_are_those_of_scikit_learn_over_all_coordinates(
    labels: int, count: int
) -> None:
    from sklearn.linear_model import LogisticRegression

    vectors, known = plant(200)
    kept = [row for row, label in enumerate(known) if label in LABELS[:labels]]
    vectors, known = vectors[kept], tuple(known[row] for row in kept)
    reference = LogisticRegression(C=10.0, max_iter=5000, tol=1e-8)
    reference.fit(scale_rows(vectors[:count]), known[:count])

    found = fitted(decide(vectors, known, count), 10.0).probabilities(vectors)

    np.testing.assert_allclose(found, reference.predict_proba(scale_rows(vectors)), atol=2e-3)


def test_few_rows_are_fitted_in_their_own_span_and_give_the_same_dot_products() -> None:
    vectors, _ = plant(5)
    rows, basis = compress(vectors)

    assert rows.shape == (5, 5)
    np.testing.assert_allclose(rows @ basis, scale_rows(vectors), atol=1e-6)
    np.testing.assert_allclose(basis @ basis.T, np.eye(5), atol=1e-9)


def test_rows_of_any_length_get_the_same_probabilities_and_zeros_get_some() -> None:
    vectors, labels = plant(60)
    model = fitted(decide(vectors, labels, 30))
    longer = vectors * np.linspace(0.5, 40, len(vectors), dtype=np.float32)[:, None]

    np.testing.assert_allclose(model.probabilities(longer), model.probabilities(vectors), atol=1e-5)
    nothing = model.probabilities(np.zeros((1, vectors.shape[1]), np.float32))
    assert nothing.sum() == pytest.approx(1)


def test_a_single_label_or_no_decision_is_no_model() -> None:
    vectors, labels = plant(30)
    same = Decided(vectors[::3], labels[::3], tuple(str(row) for row in range(10)))

    assert fit(same) is None
    assert fit(decide(vectors, labels, 0)) is None
    assert choose_strength(same) is None


def test_few_clusters_take_the_default_strength_and_say_so() -> None:
    vectors, labels = plant(60)
    few, many = fitted(decide(vectors, labels, 9)), fitted(decide(vectors, labels, 60))

    assert (few.strength, few.is_strength_chosen) == (DEFAULT_STRENGTH, False)
    assert many.is_strength_chosen
    assert many.strength in STRENGTHS
    one_cluster = Decided(vectors, labels, ("c",) * 60)
    assert not fitted(one_cluster).is_strength_chosen


def test_labels_without_a_pattern_get_the_strongest_penalty() -> None:
    rng = np.random.default_rng(3)
    vectors = rng.normal(size=(90, 16)).astype(np.float32)
    labels = tuple(LABELS[code] for code in rng.integers(3, size=90))

    assert choose_strength(decide(vectors, labels, 90)) == STRENGTHS[0]


def test_a_held_out_answer_is_predicted_without_its_cluster() -> None:
    vectors, labels = plant(30, noise=0.1)
    # Cluster c0 has two equal answers that nobody labels as their direction suggests.
    vectors[3] = vectors[0]
    wrong = ("other", *labels[1:3], "other", *labels[4:])
    groups = tuple("c0" if row in (0, 3) else f"c{row}" for row in range(30))

    together = held_out_probabilities(Decided(vectors, wrong, groups), 300.0, 5)

    assert together[0].argmax() == LABELS.index("advice")
    assert together[3].argmax() == LABELS.index("advice")


def test_a_label_that_no_other_fold_has_gets_no_probability() -> None:
    vectors, labels = plant(30)
    once = (*("advice" if label == "other" else label for label in labels[:-1]), "other")
    decided = decide(vectors, once, 30)

    held = held_out_probabilities(decided, 10.0, 5)

    assert held[-1, LABELS.index("other")] == 0
    np.testing.assert_allclose(held.sum(axis=1), 1)


def test_folds_are_of_whole_clusters_and_about_equal_whatever_their_names() -> None:
    groups = ["big"] * 4 + ["b", "a", "c", "d", "b", "e"]
    folds = assign_folds(groups, 3)

    assert len(set(folds[:4])) == 1
    assert folds[4] == folds[8]
    assert sorted(np.bincount(folds)) == [3, 3, 4]
    renamed = [{"a": "z", "b": "y"}.get(name, name) for name in groups]
    assert assign_folds(renamed, 3).tolist() == folds.tolist()


def test_the_same_decisions_give_the_same_bytes() -> None:
    vectors, labels = plant(90)
    first, second = (fitted(decide(vectors, labels, 90)) for _ in range(2))

    assert first.coefficients.tobytes() == second.coefficients.tobytes()
    assert first.intercepts.tobytes() == second.intercepts.tobytes()
