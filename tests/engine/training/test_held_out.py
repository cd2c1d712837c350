"""Rows held out: whole seeds, in every training stage, the same for the same seed."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import TrainingRefused
from engine.training.held_out import hold_out
from store.sources import TRAINING_ROWS

SEEDS = 20


def rows() -> pl.DataFrame:
    """A real row of each seed in stage 1, and two answers to it in stage 2."""
    found = []
    for number in range(SEEDS):
        sample = f"s{number}"
        found.append((0, "real", "d", sample, sample, None, "text", "advice"))
        found += [
            (1, "synthetic", "d", f"a-{sample}-{copy}", sample, None, "text", "advice")
            for copy in (0, 1)
        ]
    return pl.DataFrame(found, schema=dict(TRAINING_ROWS), orient="row")


@given(st.floats(0.01, 0.9), st.integers(0, 50))
def test_a_seed_is_on_one_side_with_all_that_was_made_from_it(share: float, seed: int) -> None:
    kept, held = hold_out(rows(), share, seed)
    assert not set(kept["sample_id"]) & set(held["sample_id"])
    assert len(kept) + len(held) == 3 * SEEDS
    assert held["sample_id"].n_unique() == max(1, round(share * SEEDS))
    assert held["stage"].to_list().count(1) == 2 * held["sample_id"].n_unique()


def test_the_draw_depends_on_the_seed_alone() -> None:
    first, again, other = (hold_out(rows(), 0.3, seed)[1]["item_id"] for seed in (1, 1, 2))
    assert first.to_list() == again.to_list() != other.to_list()


def test_nothing_is_held_out_unless_asked_for() -> None:
    kept, held = hold_out(rows(), 0.0, 1)
    assert (len(kept), len(held)) == (3 * SEEDS, 0)


def test_a_stage_with_nothing_to_judge_by_is_refused() -> None:
    apart = pl.concat([rows().filter(pl.col("stage") == 0), rows().tail(1)])
    drawn = hold_out(rows(), 0.1, 1)[1]["sample_id"].to_list()
    assert f"s{SEEDS - 1}" not in drawn
    with pytest.raises(TrainingRefused, match=r"No seed of the 2.*stage 2.*validation_share"):
        hold_out(apart, 0.1, 1)
