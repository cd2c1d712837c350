from pathlib import Path

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from engine.jobs.plan import MOST_TOKENS, Plan

IDS = [f"r{number}" for number in range(7)]


def make(folder: Path, lengths: list[int] | None = None, rows: int = 3, seed: int = 1) -> Plan:
    return Plan.load_or_make(folder, IDS, lengths or list(range(7)), rows, seed)


def chunks(plan: Plan) -> list[tuple[str, ...]]:
    return [plan.chunk(number).row_ids for number in range(len(plan))]


def test_the_longest_rows_come_first_and_like_lengths_share_a_chunk(tmp_path: Path) -> None:
    assert chunks(make(tmp_path)) == [("r6", "r5", "r4"), ("r3", "r2", "r1"), ("r0",)]


def test_few_rows_share_a_chunk_where_they_are_long(tmp_path: Path) -> None:
    lengths = [*range(1, 6), MOST_TOKENS // 2, 3 * MOST_TOKENS]
    assert chunks(make(tmp_path, lengths)) == [("r6",), ("r5", "r4"), ("r3", "r2", "r1"), ("r0",)]


def test_equal_lengths_go_by_id(tmp_path: Path) -> None:
    assert chunks(make(tmp_path, [1] * 7))[0] == ("r0", "r1", "r2")


def test_a_plan_that_is_there_is_obeyed_whatever_is_asked_now(tmp_path: Path) -> None:
    before = make(tmp_path)
    after = Plan.load_or_make(tmp_path, ["other"], [9], 64, 1)
    assert chunks(after) == chunks(before)
    assert after.chunk(1).seed == before.chunk(1).seed


def test_chunks_have_seeds_of_their_own_that_follow_from_the_stages_seed(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    one, other = make(tmp_path / "a", seed=1), make(tmp_path / "b", seed=2)
    seeds = {one.chunk(number).seed for number in range(3)}
    assert len(seeds) == 3
    assert one.chunk(0).seed != other.chunk(0).seed


def test_halving_keeps_what_is_done_and_is_written_down(tmp_path: Path) -> None:
    plan = make(tmp_path)
    plan.halve_from(1)
    expected = [("r6", "r5", "r4"), ("r3", "r2"), ("r1", "r0")]
    assert chunks(plan) == expected
    assert chunks(make(tmp_path)) == expected
    assert plan.rows_before(2) == 5


def test_the_written_plan_names_rows_chunks_and_seeds(tmp_path: Path) -> None:
    plan = make(tmp_path)
    frame = pl.read_parquet(tmp_path / "plan.parquet", glob=False)
    assert frame.columns == ["chunk", "row_id", "seed"]
    assert frame.filter(pl.col("chunk") == 2).rows() == [(2, "r0", plan.chunk(2).seed)]


@given(st.lists(st.integers(0, 5), max_size=6))
def test_however_often_it_is_halved_every_row_is_planned_once(halvings: list[int]) -> None:
    plan = Plan(Path("plan.parquet"), [tuple(IDS)], seed=0)
    plan._write = lambda: None  # type: ignore[method-assign]
    for number in halvings:
        if number < len(plan):
            plan.halve_from(number)
    assert sorted(row for chunk in chunks(plan) for row in chunk) == IDS
