from engine.training.halving import Tried, choose_best, choose_next, count_trials


def play(losses: dict[tuple[int, int], float], settings: int, rounds: int) -> list[Tried]:
    """Try until there is nothing more to try; losses that are not named are 1."""
    tried: list[Tried] = []
    while (due := choose_next(tried, settings, rounds)) is not None:
        tried.append(Tried(*due, losses.get(due, 1.0)))
    return tried


def test_each_round_keeps_the_better_half_and_tries_it_with_another_seed() -> None:
    losses = {(setting, number): 5.0 - setting for setting in range(5) for number in range(3)}
    order = [(item.setting, item.round) for item in play(losses, 5, 3)]
    assert order == [*[(n, 0) for n in range(5)], (2, 1), (3, 1), (4, 1), (3, 2), (4, 2)]
    assert len(order) == count_trials(5, 3)


def test_the_half_is_that_of_the_mean_over_all_rounds_so_far() -> None:
    lucky_once = {(0, 0): 0.1, (0, 1): 3.0, (1, 0): 0.2, (1, 1): 0.2, (2, 0): 0.9, (3, 0): 0.9}
    last = [item.setting for item in play(lucky_once, 4, 3) if item.round == 2]
    assert last == [1]


def test_the_best_is_among_those_that_were_tried_most() -> None:
    tried = [Tried(0, 0, 0.1), Tried(1, 0, 0.5), Tried(2, 0, 0.3), Tried(2, 1, 0.3)]
    assert choose_best(tried) == 2
    assert choose_best(tried[:3]) == 0
    assert choose_best([]) is None


def test_of_equal_settings_the_first_is_kept() -> None:
    assert choose_best(play({}, 4, 3)) == 0
