from collections import Counter

from engine.scenarios.draws import draw, draw_examples, draw_id, read_drawn
from tests.problems import problem


def test_a_draw_follows_from_problem_seed_and_number() -> None:
    assert draw(problem(), 1, 7) == draw(problem(), 1, 7)
    many = [draw(problem(), seed, number).in_words() for seed in (1, 2) for number in range(20)]
    assert len(set(many)) > 20
    ids = {draw_id("d", problem(), seed, number) for seed in (1, 2) for number in range(20)}
    assert len(ids) == 40
    assert draw_id("d", problem(name="x"), 1, 0) != draw_id("d", problem(), 1, 0)
    assert draw_id("e", problem(), 1, 0) != draw_id("d", problem(), 1, 0)


def test_every_value_is_as_likely_as_any_other() -> None:
    found = Counter(draw(problem(), 0, number).values["industry"] for number in range(3000))
    # The chance that any of three is further from 1,000 than this is below 1 in 10,000.
    assert all(abs(count - 1000) < 110 for count in found.values())


def test_a_draw_in_words_names_all_of_it() -> None:
    drawn = draw(problem(), 0, 0)
    said = drawn.in_words()
    assert all(f"{name}: {value}" in said for name, value in drawn.values.items())
    assert said.endswith(f"seed words: {', '.join(drawn.words)}")
    assert len(set(drawn.words)) == 2


def test_a_problem_without_seed_words_draws_none() -> None:
    assert draw(problem(seed_words=None), 0, 0).words == ()


def test_a_draw_is_read_back_from_its_rows_in_any_order() -> None:
    drawn = draw(problem(), 0, 3)
    found = read_drawn(drawn.rows[::-1], problem().dimension)
    assert found == drawn
    assert list(found.values) == list(drawn.values)


def test_examples_follow_from_the_draw_and_are_no_more_than_there_are() -> None:
    assert draw_examples(problem(), "d1") == problem().example
    assert draw_examples(problem(examples_per_scenario=0), "d1") == ()
    several = [{"context": f"c{n}", "texts": {"on-topic": ["t"]}} for n in range(9)]
    shown = [draw_examples(problem(example=several), f"d{n}")[0].context for n in range(50)]
    assert len(set(shown)) > 4
