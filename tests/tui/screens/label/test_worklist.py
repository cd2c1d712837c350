"""The clusters that are shown: orders, filters, and what comes next."""

import pytest

from store.cluster_states import ClusterState
from tests.tui.screens.label.made import cluster, decisions, state
from tui.screens.label.decisions import Decisions
from tui.screens.label.filters import Filter, Order
from tui.screens.label.worklist import Worklist
from tui.services.suggestions import ProposedSplit, Suggestions


def work(*kinds: str | None, index: int = 0) -> Worklist:
    made = Worklist(decisions(*kinds))
    made.move_to(index)
    return made


@pytest.mark.parametrize(
    ("begun", "next_index"),
    [
        (work(None, "label", "skip", None), 3),
        (work(None, "label", "skip", None, index=3), 0),
        (work("label", "label", "skip", index=1), 1),
        (work(None), 0),
        (work(), 0),
    ],
)
def test_the_next_undecided_cluster_comes_after_this_one_and_around_the_end(
    begun: Worklist, next_index: int
) -> None:
    begun.go_on()
    assert begun.index == next_index


def test_the_first_undecided_cluster_may_be_this_one() -> None:
    begun = work(None, None)
    begun.go_on(from_here=True)
    assert begun.index == 0


@pytest.mark.parametrize(
    ("chosen", "next_index"),
    [
        (Filter("skipped"), 2),
        (Filter("unsure"), 3),
        (Filter("labelled"), 1),
        (Filter(label="advice"), 1),
        (Filter(not_by_me=True), 1),
        (Filter(marked="flagged"), 1),
        (Filter(text="words"), 1),
    ],
)
def test_what_is_filtered_for_is_what_comes_next(chosen: Filter, next_index: int) -> None:
    begun = work("label", None, "skip", "unsure")
    begun.filter = chosen
    begun.go_on()
    assert begun.index == next_index


def test_an_empty_list_has_no_current_cluster() -> None:
    begun = work()
    begun.move(1)
    begun.move_to(-1)
    assert begun.current is None
    assert begun.upcoming() is None


@pytest.mark.parametrize(("wanted", "index"), [(-1, 2), (0, 0), (1, 1), (99, 2)])
def test_moving_stays_within_what_is_shown(wanted: int, index: int) -> None:
    begun = work(None, None, None, index=1)
    begun.move_to(wanted)
    assert begun.index == index


CLUSTERS = [
    cluster("a", 5, 0.5, seed_labels={"advice": 5}, predicted_label="content"),
    cluster("b", 9, 0.9, seed_labels={"advice": 9}, datasets={"x": 9}),
    cluster("c", 7, 0.7, seed_labels={"advice": 1, "content": 3}, datasets={"x": 4, "y": 3}),
]


@pytest.mark.parametrize(
    ("order", "names"),
    [
        ("largest", "bca"),
        ("least certain", "acb"),
        ("most at odds", "acb"),
        ("as clustered", "bca"),
    ],
)
def test_orders(order: Order, names: str) -> None:
    begun = Worklist(Decisions(CLUSTERS))
    begun.sort(order)
    assert "".join(begun.shown) == names


def suggest(*names: str, splits: tuple[str, ...] = ()) -> Suggestions:
    margins = {name: place / 10 for place, name in enumerate(names)}
    return Suggestions(margins, splits=dict.fromkeys(splits, ProposedSplit(4, 2, "content")))


def test_the_most_useful_of_what_waits_comes_first_and_what_is_decided_last() -> None:
    begun = work(None, "label", None, "skip", None)
    begun.suggest(suggest("4", "0"))
    assert begun.shown == ["0", "1", "2", "3", "4"]  # in another order nothing is moved
    begun.sort("most useful")
    assert begun.shown == ["4", "0", "2", "1", "3"]
    assert begun.current is not None
    assert begun.current.cluster_id == "0"


def test_before_anything_is_suggested_the_largest_comes_first() -> None:
    begun = work("label", None, None)
    begun.sort("most useful")
    assert begun.shown == ["1", "2", "0"]


@pytest.mark.parametrize("index", range(5))
def test_other_suggestions_move_neither_the_current_cluster_nor_decided_ones(index: int) -> None:
    begun = work(None, None, None, None, None)
    begun.suggest(suggest("0", "1", "2", "3", "4"))
    begun.sort("most useful")
    begun.decisions.take_states({"1": state("label")})
    begun.move_to(index)
    here = begun.shown[index]
    begun.suggest(suggest("4", "3", "2", "0"))
    assert begun.index == index
    assert begun.shown[index] == here
    assert begun.shown[1] == "1"
    waiting = [name for name in begun.shown if name not in ("1", here)]
    assert waiting == [name for name in "4320" if name != here]


@pytest.mark.parametrize("index", [0, 3])
def test_what_comes_next_is_the_most_useful_one_wherever_one_is(index: int) -> None:
    begun = work(None, None, None, None)
    begun.suggest(suggest("2", "0", "3", "1"))
    begun.sort("most useful")
    begun.move_to(index)
    begun.decisions.take_states({begun.shown[index]: state("label")})
    upcoming = begun.upcoming()
    assert upcoming is not None
    begun.go_on()
    assert begun.current == upcoming
    assert upcoming.cluster_id == ("0" if index == 0 else "2")


def test_the_current_cluster_is_not_gone_away_from_if_none_else_waits() -> None:
    begun = work("label", None)
    begun.sort("most useful")
    begun.go_to("1")
    begun.go_on()
    assert begun.current is not None
    assert begun.current.cluster_id == "1"


def test_clusters_to_split_can_be_filtered_for_also_once_they_were_read_again() -> None:
    begun = work("label", "label", None)
    begun.suggest(suggest("2", splits=("1",)))
    begun.narrow(Filter(marked="to split"))
    assert begun.shown == ["1"]
    begun.replace(decisions("label", "label", None))
    assert begun.shown == ["1"]
    assert Filter(marked="to split").without_predictions() == Filter()


@pytest.mark.parametrize(
    ("chosen", "matching", "names"),
    [
        (Filter(), None, "bca"),
        (Filter(dataset="x"), None, "bc"),
        (Filter(predicted="content"), None, "a"),
        (Filter("undecided"), None, "ca"),
        (Filter("labelled"), None, "b"),
        (Filter(label="advice"), None, "b"),
        (Filter(label="content"), None, ""),
        (Filter(marked="flagged"), None, "c"),
        (Filter(marked="has note"), None, "a"),
        (Filter(marked="has override"), None, "b"),
        (Filter(not_by_me=True), None, "ca"),
        (Filter("undecided", marked="flagged", dataset="y"), None, "c"),
        (Filter(text="words"), {"a", "b"}, "ba"),
        (Filter("skipped"), None, ""),
    ],
)
def test_filters(chosen: Filter, matching: set[str] | None, names: str) -> None:
    states = {
        "a": ClusterState(note="odd"), "b": state("label"), "c": ClusterState(is_flagged=True)
    }  # fmt: skip
    overrides = {"b": {"a-1": (1, "content")}, "c": {}}
    begun = Worklist(Decisions(CLUSTERS, states, overrides, annotator="ada"))
    begun.go_to("c")
    begun.sort("largest")
    begun.narrow(chosen, matching)
    assert "".join(begun.shown) == names
    if "c" in names:
        assert begun.current == CLUSTERS[2]


def test_a_hit_is_looked_for_in_both_directions_around_the_end() -> None:
    begun = work(None, None, None, None)
    assert begun.move_to_hit({"2", "3"}, -1)
    assert begun.index == 3
    assert begun.move_to_hit({"0", "2"}, 1)
    assert begun.index == 0
    assert not begun.move_to_hit({"gone"}, 1)


def test_the_current_cluster_stays_when_clusters_are_read_again() -> None:
    begun = work(None, None, None, index=2)
    begun.replace(decisions(None, "label", None, None))
    assert begun.current is not None
    assert begun.current.cluster_id == "2"


@pytest.mark.parametrize(("wanted", "is_there"), [("0", True), ("1", True), ("gone", False)])
def test_a_cluster_is_revealed_from_behind_a_filter(wanted: str, is_there: bool) -> None:
    begun = work("skip", None)
    begun.narrow(Filter("skipped"))
    assert begun.reveal(wanted) == is_there
    assert begun.filter.is_empty == (wanted == "1")
    assert begun.current is not None
    assert begun.current.cluster_id == (wanted if is_there else "0")
