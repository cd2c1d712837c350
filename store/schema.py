"""The columns of everything that stages write and the owner takes in.

Of the store, the engine imports this module, `drift_schema`, `bases`, `flags`, `ids`, `counting`,
`spaces`, `validation` and `words` alone. The tables of DuckDB are made in `database.migrations`; a
test keeps the two in step.
"""

from collections.abc import Mapping
from typing import Final

import polars as pl

from store.drift_schema import DISTRIBUTIONS, DRIFT, TRAFFIC, TWO_SAMPLE

LIST_OF_FLOATS: Final = pl.List(pl.Float32)
LIST_OF_TEXTS: Final = pl.List(pl.String)
LIST_OF_SCORED_TEXTS: Final = pl.List(pl.Struct({"text": pl.String, "score": pl.Float32}))

SAMPLES: Final = pl.Schema(
    {
        "sample_id": pl.String(),
        "dataset": pl.String(),
        "text": pl.String(),
        "label": pl.String(),
        "context": pl.String(),  # of a pair; null for a single text
    }
)

QUERIES: Final = pl.Schema(
    {
        "query_id": pl.String(),
        "sample_id": pl.String(),
        "job_id": pl.String(),
        "attempt": pl.Int32(),
        "model": pl.String(),
        "template": pl.String(),
        "template_digest": pl.String(),
        "prompt_digest": pl.String(),
        "sampling": pl.String(),
        "raw": pl.String(),
        "text": pl.String(),
        "trim_rule": pl.String(),
        "flags": LIST_OF_TEXTS,
        "new_tokens": pl.Int32(),  # of all candidates
        "error": pl.String(),
        "candidates": LIST_OF_SCORED_TEXTS,  # as written, with cosines; null for only one
    }
)

PROMPTS: Final = pl.List(pl.Struct({"text": pl.String, "label": pl.String}))
# A scenario is a query whose text is a context, with the prompts that were written with it.
SCENARIOS: Final = pl.Schema(
    {
        **{name: kind for name, kind in QUERIES.items() if name != "candidates"},
        "prompts": PROMPTS,  # in the order in which they were written; null where there is an error
    }
)

# What a draw is made of: a value of each dimension of its problem, and seed words.
DIMENSIONS: Final = pl.Schema(
    {
        "sample_id": pl.String(),
        "dimension": pl.String(),
        "value": pl.String(),
    }
)

# What an answer was written for, or what a guard's verdict says of it.
MEANT_LABELS: Final = pl.Schema({"answer_id": pl.String(), "label": pl.String()})

ANSWERS: Final = pl.Schema(
    {
        "answer_id": pl.String(),
        "query_id": pl.String(),
        "job_id": pl.String(),
        "attempt": pl.Int32(),
        "model": pl.String(),
        "template": pl.String(),
        "template_digest": pl.String(),
        "prompt_digest": pl.String(),
        "sampling": pl.String(),
        "text": pl.String(),
        "flags": LIST_OF_TEXTS,
        "new_tokens": pl.Int32(),
        "error": pl.String(),
    }
)

PREDICTIONS: Final = pl.Schema(
    {
        "detector_id": pl.String(),
        "item_kind": pl.String(),  # "answer" or "sample"
        "item_id": pl.String(),
        "job_id": pl.String(),
        "label": pl.String(),
        "probabilities": LIST_OF_FLOATS,  # in the order of the detector's labels
        "embedding": LIST_OF_FLOATS,  # null for samples, which are never clustered
        "error": pl.String(),
    }
)

VECTORS: Final = pl.Schema(
    {
        "encoder": pl.String(),  # a model reference
        "answer_id": pl.String(),
        "job_id": pl.String(),
        "vector": LIST_OF_FLOATS,  # of length 1
        "error": pl.String(),
    }
)

MEMBERS: Final = pl.Schema(
    {
        "clustering_id": pl.String(),
        "cluster_id": pl.String(),
        "job_id": pl.String(),
        "detector_id": pl.String(),
        "scope": pl.String(),  # "dataset" or "all"
        "k": pl.Int32(),
        "seed": pl.Int64(),
        "threads": pl.Int32(),
        "embeddings": pl.String(),  # the space, as in store.spaces
        "encoder": pl.String(),  # null if that is "detector"
        "dataset": pl.String(),  # null if the scope is "all"
        "predicted_label": pl.String(),
        "answer_id": pl.String(),
        "rank": pl.Int32(),  # 0 is the representative
        "distance": pl.Float32(),  # Euclidean, to the k-means centre
        "confidence": pl.Float32(),  # probability of the predicted label
    }
)

# What a cluster is called: its most telling terms, the first first.
CLUSTER_TERMS: Final = pl.Schema(
    {
        "cluster_id": pl.String(),
        "job_id": pl.String(),
        "terms": LIST_OF_TEXTS,
    }
)

CLUSTER_TITLES: Final = pl.Schema(
    {
        "cluster_id": pl.String(),
        "job_id": pl.String(),
        "model": pl.String(),
        "template": pl.String(),
        "template_digest": pl.String(),
        "sampling": pl.String(),
        "title": pl.String(),  # as a language model wrote it
        "error": pl.String(),  # why there is none
    }
)

DETECTORS: Final = pl.Schema(
    {
        "detector_id": pl.String(),
        "name": pl.String(),
        "recipe": pl.String(),  # "initial" for the papers' M
        "job_id": pl.String(),
        "base": pl.String(),
        "labels": LIST_OF_TEXTS,  # in the order of the classifier's outputs
        "pooling": pl.String(),
        "width": pl.Int32(),
        "seed": pl.Int64(),
        "training_digest": pl.String(),
        "training_rows": pl.Int64(),
        "params": pl.String(),  # JSON
        "versions": pl.String(),  # JSON
        "losses": LIST_OF_FLOATS,  # mean training loss of each epoch, over all stages
    }
)

EVALUATION_ROWS: Final = pl.Schema(
    {
        "evaluation_id": pl.String(),
        "detector_id": pl.String(),
        "job_id": pl.String(),
        "dataset": pl.String(),
        "sample_id": pl.String(),
        "label": pl.String(),  # null for rows of production that have none
        "predicted_label": pl.String(),
        "probabilities": LIST_OF_FLOATS,  # null for language models
        "reply": pl.String(),  # what a language model wrote; null for detectors
        "error": pl.String(),  # why there is no prediction
    }
)

CLASSIFICATIONS: Final = pl.Schema(
    {
        "way_id": pl.String(),  # of model, prompt, labels and seed
        "answer_id": pl.String(),
        "annotator": pl.String(),  # LLM and the model
        "job_id": pl.String(),
        "label": pl.String(),
        "reply": pl.String(),  # what the model wrote; null if nothing came
        "error": pl.String(),  # why there is no label
    }
)

# What an LLM would rather have answered: a row for each candidate.
CORRECTIONS: Final = pl.Schema(
    {
        "correction_id": pl.String(),
        "answer_id": pl.String(),  # the flagged answer, which production wrote
        "job_id": pl.String(),
        "candidate": pl.Int32(),  # its 0-based place
        "attempt": pl.Int32(),
        "model": pl.String(),
        "template": pl.String(),
        "template_digest": pl.String(),
        "prompt_digest": pl.String(),
        "sampling": pl.String(),
        "text": pl.String(),
        "flags": LIST_OF_TEXTS,
        "new_tokens": pl.Int32(),
        "detector_id": pl.String(),  # the one that looked at it
        "label": pl.String(),  # what that predicts; null where it was not asked
        "probability": pl.Float32(),  # of all positive labels together
        "f1": pl.Float32(),  # BERTScore against the prompt
        "floor": pl.Float32(),  # the highest against prompts of other rows
        "error": pl.String(),  # why it cannot be used
    }
)

SPEEDS: Final = pl.Schema(
    {
        "detector_id": pl.String(),
        "job_id": pl.String(),
        "dataset": pl.String(),
        "device": pl.String(),
        "batch_size": pl.Int32(),
        "rows": pl.Int64(),
        "rows_per_second": pl.Float64(),
        "latency_rows": pl.Int64(),
        "latency_ms": pl.Float64(),  # of one text, the median
        "latency_p95_ms": pl.Float64(),
    }
)

PARTS: Final[Mapping[str, pl.Schema]] = {
    "queries": QUERIES,
    "scenarios": SCENARIOS,
    "answers": ANSWERS,
    "predictions": PREDICTIONS,
    "vectors": VECTORS,
    "members": MEMBERS,
    "cluster_terms": CLUSTER_TERMS,
    "cluster_titles": CLUSTER_TITLES,
    "drift": DRIFT,
    "two_sample": TWO_SAMPLE,
    "traffic": TRAFFIC,
    "distributions": DISTRIBUTIONS,
    "detectors": DETECTORS,
    "evaluation_rows": EVALUATION_ROWS,
    "classifications": CLASSIFICATIONS,
    "corrections": CORRECTIONS,
    "speeds": SPEEDS,
}
