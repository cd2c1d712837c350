"""Stage `cluster`: k-means inside each predicted label (STAR, section 3.2).

The answers are split by predicted label, and with scope "dataset" by seed dataset too. What was
written for a label is split by that one, and rows of production by their guard's verdict. Each
group is clustered by the Euclidean distance of its embeddings, which are the detector's as in the
paper, those of a sentence encoder, or both; a group of no more than k answers gets one cluster an
answer, as the paper labels those one by one.
"""

from collections.abc import Iterator
from typing import ClassVar, Literal

import polars as pl
from pydantic import Field, model_validator

from engine.clustering.kmeans import THREADS, cluster_embeddings
from engine.jobs.draft import PlannedStage
from engine.jobs.due import RunPlan
from engine.jobs.params import StageParams
from engine.jobs.stage import Inputs
from engine.stages.embed import EmbedStage, plan_vectors
from engine.stages.predict import PredictParams, unpredicted_answers
from store.ids import row_id
from store.schema import LIST_OF_FLOATS, MEMBERS
from store.spaces import Embeddings, matrix_of, side_by_side


class ClusterParams(StageParams):
    """`k` clusters in each group; `seed` starts k-means++.

    `encoder` is a model reference; None where the detector's embeddings are enough. With
    `has_meant`, some answers have a label in place of the predicted one.
    """

    k: int = Field(default=20, ge=1)
    scope: Literal["dataset", "all"] = "all"
    seed: int = 0
    embeddings: Embeddings = "detector"
    encoder: str | None = None
    has_meant: bool = False

    @model_validator(mode="after")
    def _encoder_is_named(self) -> "ClusterParams":
        if (self.encoder is None) != (self.embeddings == "detector"):
            raise ValueError("an encoder is named if, and only if, its embeddings are used")
        return self


class ClusterStage:
    """Writes one clustering as a single part: it comes into the store complete or not at all."""

    name: ClassVar[str] = "cluster"
    reads: ClassVar[tuple[str, ...]] = (
        "predictions", "meant_labels", "vectors", "answers", "queries", "samples"
    )  # fmt: skip
    writes: ClassVar[str] = "members"
    Params: ClassVar[type[StageParams]] = ClusterParams

    def plan(self, run: RunPlan) -> Iterator[PlannedStage]:
        """One stage where answers are predicted and in no cluster, or will be.

        The stage that embeds comes before it, where it is needed and not there yet.
        """
        if not run.wants(self.name) or not run.has_detector:
            return
        predictions = run.stored.due_for_clustering(run.detector_id or "")
        comes = any(params.items == "answers" for params in run.draft.params(PredictParams))
        if predictions.is_empty() and not comes:
            return
        chosen = run.settings.clusters
        answer_ids = pl.concat([predictions["item_id"], unpredicted_answers(run)["answer_id"]])
        meant = run.stored.meant_labels(answer_ids)
        tables = {
            "predictions": predictions,
            "meant_labels": meant,
            **run.lineage(answer_ids),
        }
        encoder = run.settings.queries.encoder if chosen.embeddings != "detector" else None
        if encoder is not None:
            if not run.draft.has(EmbedStage.name):
                yield from plan_vectors(run)
            tables["vectors"] = run.stored.stored_vectors(encoder, answer_ids)
        params = ClusterParams(
            k=run.k or chosen.k,
            scope=chosen.scope,
            seed=run.settings.seed,
            embeddings=chosen.embeddings,
            encoder=encoder,
            has_meant=not meant.is_empty(),
        )
        yield PlannedStage(self.name, params, predictions.height, tables)

    def run(self, inputs: Inputs, params: ClusterParams) -> Iterator[pl.DataFrame]:
        """The members of all clusters."""
        if inputs.parts_done:
            return
        items = _placed_answers(inputs, params)
        if items.is_empty():
            return
        inputs.progress.start(total=items.height)
        detector_id = items["detector_id"][0]
        clustering_id = _clustering_id(inputs.job_id, detector_id, params)
        keys = ["dataset", "label"] if params.scope == "dataset" else ["label"]
        found = []
        for _, group in items.sort("item_id").group_by(keys, maintain_order=True):
            found.append(_cluster_group(group, params, clustering_id))
            inputs.progress.computed(group.height)
        members = pl.concat(found).sort("cluster_id", "rank")
        yield members.select(
            clustering_id=pl.lit(clustering_id),
            cluster_id="cluster_id",
            job_id=pl.lit(inputs.job_id),
            detector_id=pl.lit(detector_id),
            scope=pl.lit(params.scope),
            k=pl.lit(params.k, pl.Int32),
            seed=pl.lit(params.seed, pl.Int64),
            threads=pl.lit(THREADS, pl.Int32),
            embeddings=pl.lit(params.embeddings),
            encoder=pl.lit(params.encoder, pl.String),
            dataset="dataset" if params.scope == "dataset" else pl.lit(None, pl.String),
            predicted_label="label",
            answer_id="item_id",
            rank="rank",
            distance="distance",
            confidence="confidence",
        ).cast(MEMBERS)
        inputs.progress.advance(items.height)


def _clustering_id(job_id: str, detector_id: str, params: ClusterParams) -> str:
    own = (job_id, detector_id, params.scope, params.k, params.seed)
    space = () if params.encoder is None else (params.embeddings, params.encoder)
    return row_id("clustering", *own, *space)


def _placed_answers(inputs: Inputs, params: ClusterParams) -> pl.DataFrame:
    """The predictions of answers that have a vector, with it and the dataset of their seed."""
    predictions = inputs.table("predictions").filter(
        (pl.col("item_kind") == "answer") & pl.col("error").is_null()
    )
    if params.has_meant:
        predictions = _as_meant(predictions, inputs.table("meant_labels"))
    vectors = side_by_side(*_vectors(inputs, predictions, params))
    datasets = answer_datasets(inputs)
    return predictions.join(vectors, left_on="item_id", right_on="answer_id").join(
        datasets, left_on="item_id", right_on="answer_id"
    )


def _as_meant(predictions: pl.DataFrame, labels: pl.DataFrame) -> pl.DataFrame:
    """Predictions with the label that an answer is meant to have, and that label's probability.

    Of more than two labels it is at most what the predicted one leaves.
    """
    joined = predictions.join(
        labels.rename({"label": "meant"}),
        left_on="item_id", right_on="answer_id", how="left", maintain_order="left",
    )  # fmt: skip
    meant, surest = pl.col("meant"), pl.col("probabilities").list.max()
    own = pl.when(meant == pl.col("label")).then(surest).otherwise(1 - surest)
    return joined.with_columns(
        label=pl.coalesce(meant, "label"),
        probabilities=pl.when(meant.is_null())
        .then("probabilities")
        .otherwise(pl.concat_list(own).cast(LIST_OF_FLOATS)),
    )


def _vectors(
    inputs: Inputs, predictions: pl.DataFrame, params: ClusterParams
) -> Iterator[pl.DataFrame]:
    """The parts of which the vectors of `params.embeddings` are made."""
    if params.embeddings != "encoder":
        yield predictions.select(answer_id="item_id", vector="embedding")
    if params.embeddings != "detector":
        rows = inputs.table("vectors").filter(
            (pl.col("encoder") == params.encoder) & pl.col("error").is_null()
        )
        yield rows.select("answer_id", "vector").unique("answer_id")


def answer_datasets(inputs: Inputs) -> pl.DataFrame:
    """Every answer that this job can see: answer_id, sample_id, dataset."""
    answers = inputs.table("answers").select("answer_id", "query_id")
    queries = inputs.table("queries").select("query_id", "sample_id")
    samples = inputs.table("samples").select("sample_id", "dataset")
    joined = answers.join(queries, on="query_id").join(samples, on="sample_id")
    return joined.select("answer_id", "sample_id", "dataset").unique("answer_id")


def _cluster_group(group: pl.DataFrame, params: ClusterParams, clustering_id: str) -> pl.DataFrame:
    """The group with cluster_id, distance to the centre, and rank (0 is nearest)."""
    labels, distances = cluster_embeddings(matrix_of(group["vector"]), params.k, params.seed)
    name = (group["dataset"][0] if params.scope == "dataset" else None, group["label"][0])
    return (
        group.select("item_id", "dataset", "label", confidence=pl.col("probabilities").list.max())
        .with_columns(
            cluster_id=pl.Series(
                [row_id("cluster", clustering_id, *name, int(label)) for label in labels]
            ),
            distance=pl.Series(distances, dtype=pl.Float32),
        )
        .sort("distance", "item_id")
        .with_columns(rank=pl.int_range(pl.len(), dtype=pl.Int32).over("cluster_id"))
    )
