"""What is decided on clusters, and what is counted of it."""

from hypothesis import given
from hypothesis import strategies as st

from tests.tui.screens.label.made import decisions, state
from tui.screens.label.decisions import Decisions

KINDS = st.sampled_from([None, "label", "skip", "unsure"])


@given(st.lists(st.tuples(st.integers(0, 3), KINDS, st.none() | st.integers(1, 12)), max_size=12))
def test_counting_by_differences_is_counting_again(
    changes: list[tuple[int, str | None, int | None]],
) -> None:
    overrides = {"1": {"x": (0, "advice"), "y": (7, "content")}}
    begun = decisions(None, None, None, None)
    begun.take_overrides(overrides)
    for place, kind, reach in changes:
        begun.take_states({str(place): state(kind, reach) if kind else None})
    states = {str(n): found for n in range(4) if (found := begun.state(str(n)))}
    again = Decisions(list(begun.clusters), states, overrides)
    assert begun.tally == again.tally


def test_rows_labelled_are_those_in_reach_and_the_overridden_beyond() -> None:
    begun = decisions("label", None)
    begun.take_states({"0": state("label", 4)})
    begun.take_overrides({"0": {"near": (1, "x"), "far": (8, "x")}, "1": {"one": (0, "x")}})
    assert begun.tally.rows_labelled == 4 + 1 + 1
    begun.take_overrides({})
    assert begun.tally.rows_labelled == 4
