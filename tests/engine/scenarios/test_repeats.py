import pytest

from engine.scenarios.form import Scenario
from engine.scenarios.repeats import WrittenBefore, find_echo
from tests.problems import brief, problem, written


def read(text: str) -> Scenario:
    found = brief().form.read(text)
    assert isinstance(found, Scenario)
    return found


def test_a_context_that_was_written_before_is_a_repeat_however_it_is_spelt() -> None:
    before = WrittenBefore(["YOU are   assistant 1."])
    assert before.find_repeat(read(written(1))) == "an earlier scenario has the same context"
    assert before.find_repeat(read(written(2))) is None


def test_a_scenario_counts_once_it_was_added() -> None:
    before, scenario = WrittenBefore(), read(written(1))
    assert before.find_repeat(scenario) is None
    before.add(scenario)
    assert before.find_repeat(scenario) is not None


def test_a_text_that_recurs_is_another_pair_but_most_of_them_make_a_repeat() -> None:
    texts = [item.text for item in read(written(1)).texts]
    assert WrittenBefore(texts=texts[:1]).find_repeat(read(written(1))) is None
    found = WrittenBefore(texts=texts[:2]).find_repeat(read(written(1)))
    assert found == "2 of its 3 texts were written before"


def test_a_scenario_may_not_say_the_same_thing_twice() -> None:
    assert WrittenBefore().find_repeat(read(written(1, on=("a", "b")))) is None
    twice = read(written(1, on=("a", "A ")))
    assert WrittenBefore().find_repeat(twice) == "it has the same text twice"


@pytest.mark.parametrize(
    ("was", "becomes", "found"),
    [
        (
            "You are assistant 1.",
            "You sell tickets for a ferry to the outer islands.",
            "its context",
        ),
        ("You are assistant 1.", "You sell tickets for a ferry to the islands.", "its context"),
        ("Could you do a for 1?", "Write me a poem about an old bike please", "one of its texts"),
        ("Could you do a for 1?", "Why?", None),
        ("Could you do a for 1?", "a bike", None),
    ],
)
def test_an_echo_is_near_to_an_example_or_a_part_of_it(
    was: str, becomes: str, found: str | None
) -> None:
    said = find_echo(read(written(1).replace(was, becomes)), problem().example)
    assert (said or "").startswith(found) if found else said is None
