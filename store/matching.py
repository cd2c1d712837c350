"""Finds the rows of an import among those that a dataset has, so that none is there twice.

A row keeps its id for good, also where its label changes later, because questions, answers and
evaluations hang on it. So rows are matched by what they say, and only then by the id they got when
they came.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

# The columns of rows that a dataset has: what `match_rows` needs of them.
EXISTING: Final = ("sample_id", "text_hash", "label", "external_id", "group_key", "source", "line")


@dataclass(frozen=True, slots=True)
class Matches:
    """What an import means for a dataset.

    `new` are rows of the import that the dataset lacks, with its columns. `found` are those it
    has, under the id there (sample_id): `old_label`, and the import's other columns. `gone` are
    the ids of rows that the import lacks.
    """

    new: pl.DataFrame
    found: pl.DataFrame
    gone: pl.DataFrame


def match_rows(
    incoming: pl.DataFrame, existing: pl.DataFrame, *, again: Collection[str], replace: bool
) -> Matches:
    """Match rows of an import (PREPARED and `is_again`) with those of its dataset (EXISTING).

    A row is found by text and label, else by its id, else by its text alone: where one of both has
    no label; where the file was imported before (`is_again`), among rows of the files named in
    `again`; and where the import replaces the dataset. Equal rows are matched one by one, in their
    order.
    """
    left = incoming.with_row_index("place")
    right = existing.sort("line", "sample_id")
    has_label = pl.col("label").is_not_null()
    anything = pl.lit(value=True)
    passes: Sequence[tuple[list[str], pl.Expr, pl.Expr]] = (
        (["text_hash", "label"], anything, anything),
        (["sample_id"], anything, anything),
        (["text_hash"], has_label, ~has_label),
        (["text_hash"], ~has_label, has_label),
        (
            ["text_hash"],
            pl.col("is_again") | replace,
            pl.col("source").is_in(list(again)) | replace,
        ),
    )
    pairs = []
    for keys, of_left, of_right in passes:
        pairs.append(_pair(left.filter(of_left), right.filter(of_right), keys))
        left = left.join(pairs[-1], on="place", how="anti", maintain_order="left")
        right = right.join(
            pairs[-1], left_on="sample_id", right_on="found_id", how="anti", maintain_order="left"
        )
    found = (
        incoming.with_row_index("place")
        .drop("sample_id")
        .join(pl.concat(pairs), on="place", how="inner", maintain_order="left")
        .rename({"found_id": "sample_id"})
        .drop("place")
    )
    return Matches(left.drop("place", "is_again"), found, right.select("sample_id"))


def _pair(left: pl.DataFrame, right: pl.DataFrame, keys: list[str]) -> pl.DataFrame:
    """Place, found_id and old_label of rows that are equal in the keys, nth with nth."""
    nth = pl.int_range(pl.len()).over(keys).alias("nth")
    ours = left.with_columns(nth).select("place", *keys, "nth")
    theirs = right.with_columns(nth, found_id="sample_id", old_label="label")
    return ours.join(
        theirs.select(*dict.fromkeys([*keys, "nth", "found_id", "old_label"])),
        on=[*keys, "nth"], how="inner", nulls_equal=True, maintain_order="left",
    ).select("place", "found_id", "old_label")  # fmt: skip
