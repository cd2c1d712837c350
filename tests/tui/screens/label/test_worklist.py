"""The clusters a person works through: orders, filters, what comes next, what is counted."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.clusters import Cluster
from store.decisions import ClusterState
from tui.screens.label.pace import Pace
from tui.screens.label.worklist import Filter, Order, Standing, Worklist, odds

KINDS = st.sampled_from([None, "label", "skip", "unsure"])


def cluster(name: str, size: int = 1, confidence: float = 0.9, **columns: object) -> Cluster:
    values = {
        "dataset": None, "predicted_label": "advice", "seed_labels": {}, "datasets": {},
        "parent_id": None, **columns,
    }  # fmt: skip
    return Cluster(
        cluster_id=name, size=size, spread=0.1, confidence=confidence,
        representative_id=f"a-{name}", representative=name, **values,  # type: ignore[arg-type]
    )  # fmt: skip


def state(kind: str | None, reach: int | None = None) -> ClusterState:
    label = "advice" if kind == "label" else None
    return ClusterState(kind, label, reach, "ada", annotators=("ada",) if kind else ())


def work(*kinds: str | None, index: int = 0) -> Worklist:
    clusters = [cluster(str(n), 10 - n) for n in range(len(kinds))]
    states = {str(n): state(kind) for n, kind in enumerate(kinds) if kind}
    made = Worklist(clusters, states, annotator="ada")
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
    ("standing", "next_index"), [("skipped", 2), ("unsure", 3), ("not by me", 1), ("flagged", 1)]
)
def test_what_is_filtered_for_is_what_comes_next(standing: Standing, next_index: int) -> None:
    begun = work("label", None, "skip", "unsure")
    begun.filter = Filter(standing)
    begun.go_on()
    assert begun.index == next_index


def test_an_empty_list_looks_at_no_cluster() -> None:
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
    begun = Worklist(CLUSTERS)
    begun.arrange(order, Filter())
    assert "".join(begun.shown) == names


def test_odds_are_the_share_of_seeds_with_another_label() -> None:
    assert [odds(item) for item in CLUSTERS] == [1.0, 0.0, 0.75]
    assert odds(cluster("d")) == 0.0


@pytest.mark.parametrize(
    ("chosen", "matching", "names"),
    [
        (Filter(), None, "bca"),
        (Filter(dataset="x"), None, "bc"),
        (Filter(predicted="content"), None, "a"),
        (Filter("undecided"), None, "ca"),
        (Filter("flagged"), None, "c"),
        (Filter("not by me"), None, "ca"),
        (Filter(text="words"), {"a", "b"}, "ba"),
        (Filter("skipped"), None, ""),
    ],
)
def test_filters(chosen: Filter, matching: set[str] | None, names: str) -> None:
    states = {"b": state("label"), "c": ClusterState(is_flagged=True)}
    begun = Worklist(CLUSTERS, states, annotator="ada")
    begun.look_at("c")
    begun.arrange("largest", chosen, matching)
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


@given(st.lists(st.tuples(st.integers(0, 3), KINDS, st.none() | st.integers(1, 12)), max_size=12))
def test_counting_by_differences_is_counting_anew(
    changes: list[tuple[int, str | None, int | None]],
) -> None:
    overrides = {"1": {"x": (0, "advice"), "y": (7, "content")}}
    begun = work(None, None, None, None)
    begun.take_overrides(overrides)
    for place, kind, reach in changes:
        begun.take_states({str(place): state(kind, reach) if kind else None})
    states = {str(n): found for n in range(4) if (found := begun.state(str(n)))}
    anew = Worklist(begun.clusters(), states, overrides)
    assert begun.tally == anew.tally


def test_rows_labelled_are_those_in_reach_and_the_overridden_beyond() -> None:
    begun = work("label", None)
    begun.take_states({"0": state("label", 4)})
    begun.take_overrides({"0": {"near": (1, "x"), "far": (8, "x")}, "1": {"one": (0, "x")}})
    assert begun.tally.rows_labelled == 4 + 1 + 1
    begun.take_overrides({})
    assert begun.tally.rows_labelled == 4


def test_the_pace_is_the_median_gap_without_breaks() -> None:
    noon = datetime(2026, 1, 1, 12)
    pace = Pace([noon + timedelta(seconds=second) for second in (0, 2, 6, 4000, 4003)])
    assert (pace.keys, pace.median_s) == (5, 3.0)
    assert Pace([noon]).median_s is None
