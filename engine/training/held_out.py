"""Which training rows are held out, to evaluate a training on after each epoch.

Rows are held out by seed, never one by one: answers to the same seed say the same thing in other
words, and a model that has seen one of them knows the others.
"""

from collections.abc import Sequence

import polars as pl

from engine.errors import TrainingRefused
from store.ids import row_id


def hold_out(rows: pl.DataFrame, share: float, seed: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    """(rows to train on, rows held out) of TRAINING_ROWS, both in the order given.

    `share` of the seeds, at least one unless it is 0, are drawn by a hash of `seed` and their id;
    a seed is held out of every training stage. Raises TrainingRefused if a stage is left with
    no row held out.
    """
    drawn = _draw(rows["sample_id"].unique().to_list(), share, seed)
    is_held = pl.col("sample_id").is_in(drawn)
    kept, held = rows.filter(~is_held), rows.filter(is_held)
    for stage in rows["stage"].unique().sort() if drawn else ():
        if held.filter(pl.col("stage") == stage).is_empty():
            raise TrainingRefused(
                f"No seed of the {len(drawn):,} held out has rows in training stage {stage + 1}. "
                "Raise validation_share, or set it to 0 and train without stopping early."
            )
    return kept, held


def _draw(seeds: Sequence[str], share: float, seed: int) -> list[str]:
    count = max(1, round(share * len(seeds))) if share else 0
    return sorted(seeds, key=lambda sample: row_id("held out", seed, sample))[:count]
