"""The columns of what compares texts: answers with seeds and questions, and all of them at once."""

from typing import Final

import polars as pl

SCORES: Final = pl.Struct({"precision": pl.Float32(), "recall": pl.Float32(), "f1": pl.Float32()})
# What is compared with what; the floor of each is the same with another answer's partner.
COMPARISONS: Final = ("answer_seed", "query_seed", "answer_query")
DRIFT: Final = pl.Schema(
    {
        "answer_id": pl.String(),
        "sample_id": pl.String(),  # the seed
        "floor_answer_id": pl.String(),  # another of the dataset, whose partners the floors have
        "job_id": pl.String(),
        "config_hash": pl.String(),
        "config": pl.String(),
        **dict.fromkeys(COMPARISONS, SCORES),
        **{f"{name}_floor": SCORES for name in COMPARISONS},
        "answer_cut": pl.Boolean(),  # longer than the model reads
        "query_cut": pl.Boolean(),
        "seed_cut": pl.Boolean(),
        # Words that match worst between answer and seed: start, end, … in characters.
        "unmatched_answer": pl.List(pl.Int32),
        "unmatched_seed": pl.List(pl.Int32),
    }
)

# What is compared with production.
COMPARED: Final = ("seeds", "answers")
TWO_SAMPLE: Final = pl.Schema(
    {
        "result_id": pl.String(),
        "job_id": pl.String(),
        "compared": pl.String(),  # one of COMPARED
        "features": pl.String(),  # "embedding" or "length"
        "matched": pl.Boolean(),  # rows of similar length, their texts cut to one length
        "n_compared": pl.Int64(),
        "n_production": pl.Int64(),
        "groups": pl.Int64(),  # of both: rows that are never apart in cross-validation are one
        "auc": pl.Float64(),  # null if there are too few groups
        "low": pl.Float64(),
        "high": pl.Float64(),
        "config": pl.String(),  # JSON
        "rows_digest": pl.String(),  # of the ids of samples and answers
    }
)

# How the traffic of a period differs from that of the period before, one row for kind of features.
TRAFFIC: Final = pl.Schema(
    {
        "result_id": pl.String(),
        "job_id": pl.String(),
        "dataset": pl.String(),
        "period": pl.String(),  # "hour", "day" or "week"
        "before": pl.Datetime("us"),  # when the period before begins, in UTC
        "begin": pl.Datetime("us"),
        "features": pl.String(),  # "embedding" or "length"
        "n_before": pl.Int64(),
        "n": pl.Int64(),
        "auc": pl.Float64(),  # null if there are too few groups
        "low": pl.Float64(),
        "high": pl.Float64(),
        "config": pl.String(),  # JSON
        "rows_digest": pl.String(),  # of the ids of both periods' samples
    }
)

# A figure with its 95 % interval; null if there were too few pairs.
ESTIMATE: Final = pl.Struct({"value": pl.Float64(), "low": pl.Float64(), "high": pl.Float64()})
# How answers as a whole differ from their seeds, one row for a dataset and a way of counting.
DISTRIBUTIONS: Final = pl.Schema(
    {
        "result_id": pl.String(),
        "job_id": pl.String(),
        "dataset": pl.String(),  # null for all
        "matched": pl.Boolean(),  # the texts of each pair were cut to the words of the shorter
        "pairs": pl.Int64(),
        "mmd2": ESTIMATE,
        "mmd2_p": pl.Float64(),
        "clusters": pl.Int64(),  # of seeds; null if there are too few
        **{
            f"{side}_{figure}": ESTIMATE
            for side in COMPARED
            for figure in ("distinct_2", "near_duplicates", "empty_clusters")
        },
        "config": pl.String(),  # JSON
        "rows_digest": pl.String(),  # of the ids of answers
    }
)
