"""The child process that learns: its labels are those of a plain fit, and its death is told."""

import os
import signal
from collections.abc import Iterator

import numpy as np
import pytest

from engine.errors import EngineError
from engine.spreading.learner import DIED, Basis, Foreseen, Learned, Learner
from engine.spreading.learner_process import Fits
from engine.spreading.model import Decided, Matrix, fit
from engine.spreading.order import choose_next, find_margins
from engine.spreading.spread import NOTHING, find_disagreements, spread

ADVICE, CONTENT = "health-advice", "health-content"


def clouds(count: int = 30) -> Matrix:
    """Rows around two directions, one after the other, of which each third is in between."""
    dice = np.random.default_rng(0)
    rows = dice.normal(0, 0.1, (count, 4))
    rows[::2, 0] += 1
    rows[1::2, 1] += 1
    rows[::3, :2] = 0.5
    return rows.astype(np.float32)


@pytest.fixture
def learner() -> Iterator[Learner]:
    made = Learner()
    yield made
    made.close()


def decide(*places: int, kept_out: tuple[int, ...] = ()) -> Basis:
    """Decisions on rows, each with the label of its direction."""
    labels = tuple(CONTENT if place % 2 else ADVICE for place in places)
    groups = tuple(f"c{place}" for place in places)
    return Basis(places, labels, groups, tuple(sorted({*places, *kept_out})))


def learn_plainly(matrix: Matrix, basis: Basis, confidence: float) -> Learned:
    model = fit(Decided(matrix[list(basis.places)], basis.labels, basis.groups))
    if model is None:
        return Learned.nothing()
    found = spread(model, matrix, confidence)
    codes = found.codes.astype(np.int16)
    codes[list(basis.kept_out)] = NOTHING
    return Learned(found.classes, codes, found.probabilities)


def assert_same(one: Learned, other: Learned) -> None:
    assert one.classes == other.classes
    assert one.codes.tolist() == other.codes.tolist()
    assert one.probabilities.tolist() == other.probabilities.tolist()


def test_labels_are_those_of_a_plain_fit_after_each_decision(learner: Learner) -> None:
    matrix = clouds()
    learner.add(matrix[:7])
    learner.add(matrix[7:])
    for basis in (decide(), decide(1), decide(1, 2), decide(1, 2, 5, kept_out=(8, 9)), decide(1)):
        found = learner.fit(basis, 0.6)
        assert_same(found, learn_plainly(matrix, basis, 0.6))
        assert all(found.codes[place] == NOTHING for place in basis.kept_out if found.classes)


def test_one_label_alone_is_spread_to_nobody(learner: Learner) -> None:
    learner.add(clouds())
    assert learner.fit(decide(2, 4), 0.0).classes == ()


def test_what_is_foreseen_comes_to_be(learner: Learner) -> None:
    matrix = clouds()
    learner.add(matrix)
    before = learner.fit(decide(1, 2), 0.7)
    members = (4, 5, 6, 7, 8)
    found = learner.foresee(4, "c4", members, (ADVICE, CONTENT))
    after = learner.fit(decide(1, 2, 4), 0.7)
    advice = after.classes.index(ADVICE)
    here = sum(after.codes[place] == advice for place in members)
    others = [place for place in range(len(matrix)) if place not in members]
    elsewhere = sum(
        after.codes[place] == advice and before.codes[place] != advice for place in others
    )
    assert found[ADVICE] == Foreseen(1 + here, elsewhere)
    assert found[CONTENT] != found[ADVICE]


def test_nothing_is_foreseen_before_anything_was_fitted(learner: Learner) -> None:
    learner.add(clouds())
    assert learner.foresee(0, "c0", (0, 1), (ADVICE,)) == {}


def test_with_one_label_a_second_one_is_foreseen(learner: Learner) -> None:
    learner.add(clouds())
    learner.fit(decide(2), 0.0)
    found = learner.foresee(1, "c1", (1, 3, 4), (ADVICE, CONTENT))
    assert found[ADVICE] == Foreseen(1, 0)
    assert found[CONTENT].here == 2
    assert found[CONTENT].elsewhere > 0


def test_of_many_answers_it_is_estimated_from_a_sample(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.spreading.learner_process.SAMPLE", 10)
    fits = Fits(clouds())
    fits.fit(decide(2), 0.0)
    found = fits.foresee(1, "c1", (1, 3, 4), (CONTENT,))[CONTENT]
    assert found.here == 2
    assert found.elsewhere % 3 == 0  # each of ten stands for three
    assert 0 < found.elsewhere < 30
    assert found.is_estimate


def test_a_killed_child_is_told_of(learner: Learner) -> None:
    learner.add(clouds())
    learner.fit(decide(1, 2), 0.0)
    os.kill(learner._process.pid, signal.SIGKILL)
    for _ in range(2):
        with pytest.raises(EngineError, match="died"):
            learner.fit(decide(1, 2), 0.0)
    assert "starts again" in DIED


def test_nothing_of_the_vectors_has_a_name(learner: Learner) -> None:
    learner.add(clouds())
    assert os.fstat(learner._file.fileno()).st_nlink == 0


def test_what_to_decide_next_is_what_the_model_chooses_and_then_what_it_is_least_sure_of(
    learner: Learner,
) -> None:
    matrix, basis = clouds(), decide(1, 2, 5, 8, kept_out=(3,))
    learner.add(matrix)
    learner.fit(basis, 0.0)
    decided = matrix[list(basis.places)]
    model = fit(Decided(decided, basis.labels, basis.groups))
    assert model is not None
    candidates = [0, 4, 6, 9, 11, 20, 21]
    found = learner.choose(candidates, 3, seed=1)
    first = [candidates[place] for place in choose_next(model, matrix[candidates], decided, 3, 1)]
    assert list(found.places[:3]) == first
    assert sorted(found.places) == candidates
    assert found.margins is not None
    assert list(found.margins[3:]) == sorted(found.margins[3:])
    assert found.margins == pytest.approx(find_margins(model, matrix[list(found.places)]))
    among_all = learner.choose(None, 5, seed=1)
    assert len(among_all.places) == 5
    assert not {*among_all.places} & {*basis.kept_out}


def test_before_a_model_can_be_fitted_what_to_decide_next_is_far_apart_and_has_no_margin(
    learner: Learner,
) -> None:
    matrix = clouds()
    learner.add(matrix)
    candidates = [1, 2, 5, 8]
    unasked = learner.choose(candidates, 2, seed=0)
    assert unasked.margins is None
    assert sorted(unasked.places) == candidates
    learner.fit(decide(7), 0.0)
    found = learner.choose(candidates, 2, seed=0)
    expected = choose_next(None, matrix[candidates], matrix[[7]], 2, 0)
    assert list(found.places[:2]) == [candidates[place] for place in expected]


def test_clusters_are_doubted_as_by_a_plain_fit_and_none_without_a_model(learner: Learner) -> None:
    matrix, places = clouds(), list(range(10, 20))
    clusters = ["mixed"] * 6 + ["pure"] * 4
    labels = [ADVICE] * 10
    learner.add(matrix)
    assert learner.find_doubts(places, clusters, labels) == []
    basis = decide(1, 2, 5, 8)
    learner.fit(basis, 0.0)
    model = fit(Decided(matrix[list(basis.places)], basis.labels, basis.groups))
    assert model is not None
    expected = find_disagreements(model, matrix[places], clusters, labels)
    assert learner.find_doubts(places, clusters, labels) == expected
    assert expected[0].other == CONTENT
