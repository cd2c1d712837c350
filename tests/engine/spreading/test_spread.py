import numpy as np
import pytest

from engine.spreading import spread as module
from engine.spreading.model import SpreadingModel, fit
from engine.spreading.spread import NOTHING, find_disagreements, spread
from tests.engine.spreading.planted import LABELS, decide, plant


def planted_model() -> SpreadingModel:
    vectors, labels = plant(60)
    model = fit(decide(vectors, labels, 60))
    assert model is not None
    return model


def test_answers_get_the_label_of_their_direction() -> None:
    vectors, labels = plant(300, seed=1)

    found = spread(planted_model(), vectors)

    right = [ours == theirs for ours, theirs in zip(found.labels(), labels, strict=True)]
    assert np.mean(right) > 0.9


def test_an_answer_below_the_confidence_leans_but_has_no_label() -> None:
    vectors, _ = plant(300, noise=0.8, seed=1)

    found = spread(planted_model(), vectors, confidence=0.7)

    unsure = found.probabilities < 0.7
    assert 0 < unsure.sum() < len(vectors)
    assert (found.codes[unsure] == NOTHING).all()
    assert (found.codes[~unsure] == found.leanings[~unsure]).all()
    assert [label is None for label in found.labels()] == unsure.tolist()


def test_pieces_make_no_difference(monkeypatch: pytest.MonkeyPatch) -> None:
    vectors, _ = plant(50)
    model = planted_model()
    at_once = spread(model, vectors), find_disagreements(model, vectors, ["c"] * 50, ["other"] * 50)
    monkeypatch.setattr(module, "PIECE_ROWS", 7)

    pieces = spread(model, vectors), find_disagreements(model, vectors, ["c"] * 50, ["other"] * 50)

    np.testing.assert_allclose(pieces[0].probabilities, at_once[0].probabilities, rtol=1e-5)
    assert pieces[0].labels() == at_once[0].labels()
    assert pieces[1][0].against == at_once[1][0].against


def test_nothing_to_spread_to_is_nothing() -> None:
    assert spread(planted_model(), np.empty((0, 16), np.float32)).labels() == []


def test_mixed_clusters_come_first_and_pure_ones_not_at_all() -> None:
    vectors, labels = plant(90, noise=0.1, seed=2)
    order = np.argsort(labels, kind="stable")  # 30 of each label in a row
    vectors = vectors[order]
    clusters = ["pure"] * 25 + ["mixed"] * 15 + ["worse"] * 50
    named = ["advice"] * 40 + ["content"] * 50

    found = find_disagreements(planted_model(), vectors, clusters, named)

    assert [item.cluster for item in found] == ["worse", "mixed"]
    worse, mixed = found
    assert (mixed.label, mixed.other, mixed.against, mixed.members) == ("advice", "content", 10, 15)
    assert (worse.label, worse.other, worse.against, worse.members) == ("content", "other", 30, 50)
    assert worse.expected_wrong == pytest.approx(30, abs=3)


def test_a_label_that_the_model_does_not_know_is_wrong_everywhere() -> None:
    vectors, _ = plant(6, noise=0.1)

    (found,) = find_disagreements(planted_model(), vectors, ["c"] * 6, ["unheard"] * 6)

    assert found.against == found.members == 6
    assert found.expected_wrong == pytest.approx(6)
    assert found.other in LABELS
