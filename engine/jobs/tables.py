"""The columns of every table that a stage may write.

Those of rows that the owner takes in are in `store.schema`; those of the others are here.
"""

from collections.abc import Mapping
from typing import Final

import polars as pl

from store.schema import LIST_OF_FLOATS, LIST_OF_TEXTS, PARTS

# Questions that were asked for to compare ways of asking: they stay in the folder of their job.
TRIALS: Final = pl.Schema(
    {
        "way": pl.Int32(),  # its 0-based place
        "sample_id": pl.String(),
        "job_id": pl.String(),
        "text": pl.String(),
        "flags": LIST_OF_TEXTS,
        "similarity": pl.Float32(),  # cosine between seed and question; null without words
        "new_tokens": pl.Int32(),
        "seconds": pl.Float64(),  # that the way took for all its rows; null if not in one go
        "error": pl.String(),
    }
)

# Labelling that was replayed on known labels: nobody gave these, so they stay in their job too.
SIMULATIONS: Final = pl.Schema(
    {
        "start": pl.Int32(),  # its 0-based place
        "job_id": pl.String(),
        "embeddings": pl.String(),  # "detector", "encoder" or "both"
        "spread": pl.String(),  # "cluster" or "learned"
        "order": pl.String(),  # "clusters", "useful-clusters" or "useful-answers"
        "keys": pl.Int32(),
        "decided": pl.Int32(),  # fewer than keys if there are fewer clusters
        "right": pl.Float64(),  # share of the rows whose label came out right
        "rows": pl.Int64(),
        "detector_right": pl.Float64(),  # share of the rows that the detector predicts right
    }
)

# Where samples lie, for a later stage of the same job.
SAMPLE_VECTORS: Final = pl.Schema(
    {
        "sample_id": pl.String(),
        "job_id": pl.String(),
        "vector": LIST_OF_FLOATS,
        "error": pl.String(),  # why there is no vector
    }
)

# Active learning that was replayed on known labels: nobody gave these either.
LEARNING_CURVES: Final = pl.Schema(
    {
        "start": pl.Int32(),  # its 0-based place
        "job_id": pl.String(),
        "strategy": pl.String(),
        "labelled": pl.Int32(),  # rows that the model learned from
        "positives": pl.Int32(),  # of these
        "accuracy": pl.Float64(),
        "f1": pl.Float64(),
        "roc_auc": pl.Float64(),
        "pool": pl.Int64(),  # rows that could be labelled
        "held_out": pl.Int64(),  # rows that the model was tested on
    }
)

# What trainings were tried to tune a recipe, a row for each: they stay in the folder of their job.
TUNING_TRIALS: Final = pl.Schema(
    {
        "setting": pl.Int32(),  # its 0-based place among the trainings to be tried
        "round": pl.Int32(),  # 0-based; each has a training seed of its own
        "job_id": pl.String(),
        "recipe": pl.String(),
        "seed": pl.Int64(),
        "learning_rate": pl.Float64(),  # of the last training stage, as the next two
        "epochs": pl.Int32(),
        "class_weights": pl.String(),
        "n": pl.Int64(),  # rows of the development set
        "log_loss": pl.Float64(),  # of positive against negative, their mean
        "accuracy": pl.Float64(),  # of positive against negative
        "losses": LIST_OF_FLOATS,  # mean training loss of each epoch of the last stage
        "seconds": pl.Float64(),
    }
)

KEPT_IN_JOBS: Final[Mapping[str, pl.Schema]] = {
    "trials": TRIALS,
    "simulations": SIMULATIONS,
    "sample_vectors": SAMPLE_VECTORS,
    "learning_curves": LEARNING_CURVES,
    "tuning_trials": TUNING_TRIALS,
}
WRITTEN: Final[Mapping[str, pl.Schema]] = {**PARTS, **KEPT_IN_JOBS}
