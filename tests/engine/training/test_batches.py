"""Batches: every row once, in an order that can be known again, in pieces that fit in memory."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from engine.training.batches import RowsAtOnce, group_steps, plan_batches

lengths = st.lists(st.integers(1, 300), min_size=1, max_size=200)


@given(lengths, st.integers(1, 40))
def test_an_epoch_sees_every_row_once(lengths: list[int], batch_size: int) -> None:
    plan = plan_batches(lengths, batch_size, seed=0, stage=0, epoch=0)
    assert sorted(row for batch in plan for row in batch) == list(range(len(lengths)))
    assert len(plan) == -(-len(lengths) // batch_size)
    assert sum(len(batch) != batch_size for batch in plan) <= 1


def test_the_order_depends_on_seed_stage_and_epoch_alone() -> None:
    lengths = [index % 17 for index in range(100)]
    first = plan_batches(lengths, 8, seed=0, stage=0, epoch=0)
    assert plan_batches(lengths, 8, seed=0, stage=0, epoch=0) == first
    others = [(1, 0, 0), (0, 1, 0), (0, 0, 1)]
    assert all(plan_batches(lengths, 8, *other) != first for other in others)


def test_batches_hold_texts_of_similar_length() -> None:
    lengths = [(index * 7919) % 400 for index in range(2000)]
    plan = plan_batches(lengths, 16, seed=0, stage=0, epoch=0)
    padded = sum(len(batch) * max(lengths[row] for row in batch) for batch in plan)
    assert padded < 1.1 * sum(lengths)


@given(st.integers(1, 60), st.integers(1, 9))
def test_a_step_is_so_many_batches_and_the_last_of_an_epoch_what_is_left(
    count: int, accumulation: int
) -> None:
    batches = [[number] for number in range(count)]
    steps = group_steps(batches, accumulation)
    assert [batch for step in steps for batch in step] == batches
    assert {len(step) for step in steps[:-1]} <= {accumulation}


def test_what_fits_in_memory_is_halved_from_a_step_on_and_known_again(tmp_path: Path) -> None:
    path, step = tmp_path / "rows.json", [[0, 1, 2, 3, 4], [5, 6]]
    rows = RowsAtOnce(path)
    assert rows.cut(step, 0, 3) == step
    assert rows.halve(step, 0, 3)
    again = RowsAtOnce(path)
    for known in (rows, again):
        assert known.cut(step, 0, 3) == known.cut(step, 0, 4) == [[0, 1, 2], [3, 4], [5, 6]]
        assert known.cut(step, 0, 2) == known.cut(step, 1, 3) == step
    assert again.describe() == "at most 3 from step 4 of training stage 1"
    assert again.halve(step, 0, 4)
    assert again.halve(step, 0, 4)
    assert not again.halve(step, 0, 4)  # single rows cannot be halved
