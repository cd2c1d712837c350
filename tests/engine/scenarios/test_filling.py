from itertools import islice

from engine.scenarios.draws import draw
from engine.scenarios.filling import all_cells, count_cells, fill
from tests.problems import problem


def test_cells_are_all_values_and_all_pairs_of_values() -> None:
    cells = list(all_cells(problem()))
    assert len(cells) == len(set(cells)) == (3 + 2 + 2) + (3 * 2 + 3 * 2 + 2 * 2)


def test_counts_have_every_cell_and_ignore_values_that_the_problem_lost() -> None:
    counts = count_cells([{"industry": "banking", "tone": "rude"}], problem())
    assert set(counts) == set(all_cells(problem()))
    assert counts[("industry", "banking"),] == 1
    assert counts.total() == 1


def test_values_are_counted_in_whatever_order_they_are() -> None:
    values = {"kind": "adjacent", "tone": "curt", "industry": "banking"}
    counts = count_cells([values], problem())
    assert counts == count_cells([dict(reversed(values.items()))], problem())
    assert counts.total() == 3 + 3


def test_filling_goes_to_the_value_that_nothing_has() -> None:
    plenty = [draw(problem(), 0, number).values for number in range(60)]
    without = [values for values in plenty if values["industry"] != "farming"]
    (first,) = fill(problem(), count_cells(without, problem()), 0, [60])
    assert first.values["industry"] == "farming"


def test_filling_reaches_every_pair_in_far_fewer_draws_than_chance() -> None:
    wide = problem(
        dimension=[
            {"name": name, "values": [f"{name}{place}" for place in range(6)]}
            for name in ("a", "b", "c", "d")
        ]
    )
    numbers = range(60)
    filled = [item.values for item in fill(wide, count_cells([], wide), 0, numbers)]
    chance = [draw(wide, 0, number).values for number in numbers]
    empty = [sum(not n for n in count_cells(found, wide).values()) for found in (filled, chance)]
    assert empty[0] == 0  # 36 pairs of each two dimensions: no fewer than 36 draws reach them all
    assert empty[1] > 20


def test_filling_follows_from_the_seed() -> None:
    counts = count_cells([], problem())
    one, same, other = (
        [item.in_words() for item in islice(fill(problem(), counts, seed, range(9)), 9)]
        for seed in (0, 0, 1)
    )
    assert one == same != other
