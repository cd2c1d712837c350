"""Which rows a detector was trained on, among those it is evaluated on."""

from dataclasses import dataclass

import polars as pl


@dataclass(frozen=True, slots=True)
class Overlap:
    """How many `rows` a detector was trained on, and on answers to how many others.

    It learned near copies of so many rows that are `near`; None before these were searched for.
    """

    rows: int
    answered: int
    near: int | None = None


def with_keys(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows with a column `key`, equal for texts that differ in case, width or white space only.

    Of pairs, both texts are.
    """
    context, text = (
        pl.col(name)
        .str.normalize("NFKC")
        .str.to_lowercase()
        .str.replace_all(r"\s+", " ")
        .str.strip_chars()
        for name in ("context", "text")
    )
    return rows.with_columns(key=pl.concat_str(context, text, separator="\n", ignore_nulls=True))


def count_overlap(rows: pl.DataFrame, training: pl.DataFrame) -> Overlap:
    """How much of `rows`, with sample_id and key, is in rows of TRAINING_ROWS with their keys.

    A row is the same by its id or by its text. Answers to it tell much of it in other words, also
    where it was held out after it had been asked about.
    """
    is_known, is_answered = _known(training)
    found = rows.select(is_known.sum().alias("rows"), is_answered.sum().alias("answered"))
    return Overlap(*found.row(0))


def find_unknown(rows: pl.DataFrame, training: pl.DataFrame) -> pl.Series:
    """Whether each of `rows` is none that `count_overlap` counts."""
    is_known, is_answered = _known(training)
    return rows.select(unknown=~(is_known | is_answered))["unknown"]


def _known(training: pl.DataFrame) -> tuple[pl.Expr, pl.Expr]:
    """Whether a row was trained on, and whether only answers to it were."""
    is_real = pl.col("source") == "real"
    known, answered = training.filter(is_real)["item_id"], training.filter(~is_real)["sample_id"]
    is_known = pl.col("sample_id").is_in(known.implode()) | pl.col("key").is_in(
        training["key"].implode()
    )
    return is_known, ~is_known & pl.col("sample_id").is_in(answered.implode())
