import numpy as np

from engine.spreading.model import fit
from engine.spreading.order import choose_next, find_margins, spread_out
from tests.engine.spreading.planted import WIDTH, decide, plant

NONE = np.empty((0, WIDTH), np.float32)


def test_the_first_choices_reach_every_direction() -> None:
    vectors, labels = plant(300, noise=0.1)

    chosen = choose_next(None, vectors, NONE, 3, seed=0)

    assert {labels[row] for row in chosen} == set(labels)


def test_further_first_choices_stay_away_from_what_is_decided() -> None:
    vectors, labels = plant(300, noise=0.02)
    decided = vectors[[0, 1]]

    assert {labels[spread_out(vectors[2:], decided, 1, seed)[0] + 2] for seed in range(20)} == {
        labels[2]
    }


def test_the_length_of_a_row_makes_no_difference() -> None:
    vectors, _ = plant(60)
    longer = vectors * np.linspace(0.5, 40, 60, dtype=np.float32)[:, None]

    first, second = (spread_out(rows, rows[:2], 8, seed=2) for rows in (vectors, longer))

    assert first.tolist() == second.tolist()


def test_rows_of_zeros_are_candidates_too() -> None:
    rows = np.zeros((3, WIDTH), np.float32)
    rows[1, 0] = 1.0

    assert sorted(spread_out(rows, NONE, 3, seed=0)) == [0, 1, 2]


def test_choices_are_all_different_even_where_rows_are_equal() -> None:
    same = np.ones((7, WIDTH), np.float32)

    assert sorted(spread_out(same, NONE, 20, seed=1)) == list(range(7))
    assert spread_out(same, same[:1], 3, seed=1).tolist() == [0, 1, 2]


def test_answers_between_two_labels_are_chosen_first() -> None:
    vectors, labels = plant(90, noise=0.1)
    model = fit(decide(vectors, labels, 60))
    assert model is not None
    candidates = vectors[60:].copy()
    candidates[[4, 17]] = (np.eye(WIDTH)[0] + np.eye(WIDTH)[1]) + 0.01

    chosen = choose_next(model, candidates, vectors[:60], 1, seed=0)

    assert chosen[0] in (4, 17)
    assert find_margins(model, candidates)[4] < 0.3


def test_a_batch_does_not_ask_about_copies_of_one_answer() -> None:
    vectors, labels = plant(90, noise=0.1)
    model = fit(decide(vectors, labels, 60))
    assert model is not None
    between = [(np.eye(WIDTH)[a] + np.eye(WIDTH)[b]) for a, b in ((0, 1), (1, 2), (0, 2))]
    candidates = np.array([between[0]] * 5 + between[1:], np.float32)

    chosen = choose_next(model, candidates, vectors[:60], 3, seed=0)

    assert {5, 6} < set(chosen.tolist())


def test_the_same_decisions_give_the_same_choices() -> None:
    vectors, labels = plant(300)
    for decided in (0, 30):
        model = fit(decide(vectors, labels, decided))
        first, second = (
            choose_next(model, vectors[decided:], vectors[:decided], 12, seed=4) for _ in range(2)
        )
        assert first.tolist() == second.tolist()
        assert len(set(first.tolist())) == 12
