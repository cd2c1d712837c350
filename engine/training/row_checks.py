"""Which training rows nothing can be learned from, found before a model is loaded."""

from collections.abc import Sequence

import polars as pl

from engine.errors import TrainingRefused
from engine.training.hyperparameters import Hyperparameters
from store.counting import counted

SHOWN_ITEMS = 5  # in a message about rows that cannot be used


def check_rows(rows: pl.DataFrame, labels: Sequence[str], *, is_pair: bool = False) -> None:
    """Raise TrainingRefused for rows that cannot be learned from; no row at all is fine.

    Pairs need a context beside the text.
    """
    if len(set(labels)) < 2:
        raise TrainingRefused(
            f"A detector tells two labels or more apart, and the task has {list(labels)}."
        )
    for side in ("context", "text") if is_pair else ("text",):
        _refuse(rows, pl.col(side).fill_null("").str.strip_chars() == "", f"no {side}")
    known = pl.col("label").is_in(list(labels)).fill_null(False)
    _refuse(rows, ~known, f"a label that is not one of {list(labels)}")
    for stage in rows["stage"].unique().sort():
        part = rows.filter(pl.col("stage") == stage)
        if part["label"].n_unique() < 2:
            raise TrainingRefused(
                f"Training stage {stage + 1} has {counted(len(part), 'row')}, all labelled "
                f"{part['label'][0]!r}: a detector would learn to say only that. Label rows of "
                "another label, or change the recipe."
            )


def check_stages(rows: pl.DataFrame, settings: Hyperparameters) -> None:
    """Raise TrainingRefused for settings of training stages that the rows do not have."""
    stages = rows["stage"].n_unique()
    if len(settings.stages) > max(stages, 1):
        raise TrainingRefused(
            f"There are settings for {len(settings.stages)} training stages, and the rows have "
            f"{stages}. Remove the settings of the others from the recipe."
        )


def _refuse(rows: pl.DataFrame, wrong: pl.Expr, what: str) -> None:
    found = rows.filter(wrong)["item_id"]
    if len(found):
        shown = ", ".join(str(item) for item in found[:SHOWN_ITEMS])
        raise TrainingRefused(
            f"{len(found)} of {len(rows)} training rows have {what}; the first: {shown}. "
            "Correct or remove them, and make the training rows again."
        )
