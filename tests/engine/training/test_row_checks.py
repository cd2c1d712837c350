"""Rows that nothing can be learned from are refused, with the reason and the first of them."""

from collections.abc import Sequence

import polars as pl
import pytest

from engine.errors import TrainingRefused
from engine.training.row_checks import check_rows
from tests.engine.stages.test_train import LABELS, toy_rows


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (pl.lit("advice").alias("label"), r"stage 1 has 6 rows, all labelled 'advice'"),
        (pl.lit("spam").alias("label"), r"6 of 6 training rows have a label.*0-000.*0-004"),
        (pl.lit(None, pl.String).alias("label"), r"6 of 6 training rows have a label"),
        (pl.lit(" ").alias("text"), r"6 of 6 training rows have no text"),
    ],
)
def test_rows_that_teach_nothing_are_refused_with_the_reason(change: pl.Expr, message: str) -> None:
    with pytest.raises(TrainingRefused, match=message):
        check_rows(toy_rows(6).with_columns(change), LABELS)


def test_a_second_stage_with_one_label_is_refused() -> None:
    rows = pl.concat([toy_rows(6), toy_rows(6, stage=1).filter(pl.col("label") == "content")])
    with pytest.raises(TrainingRefused, match="stage 2 has 3 rows"):
        check_rows(rows, LABELS)


@pytest.mark.parametrize("labels", [(), ("advice",), ("advice", "advice")])
def test_fewer_than_two_labels_are_refused(labels: Sequence[str]) -> None:
    with pytest.raises(TrainingRefused, match="two labels"):
        check_rows(toy_rows(0), labels)
