"""Stage `cluster`: k-means inside each predicted label (STAR, section 3.2).

The answers are split by predicted label, and with scope "dataset" by seed dataset too. Each
group is clustered by the Euclidean distance of its embeddings; a group of no more than k
answers gets one cluster an answer, as the paper labels those one by one.
"""

from collections.abc import Iterator
from typing import ClassVar, Literal

import numpy as np
import polars as pl
from pydantic import Field

from engine.clustering.kmeans import THREADS, cluster_embeddings
from engine.jobs.draft import PlannedStage
from engine.jobs.due import RunPlan
from engine.jobs.params import StageParams
from engine.jobs.stage import Inputs
from engine.stages.predict import PredictParams, unpredicted_answers
from store.ids import row_id
from store.schema import MEMBERS


class ClusterParams(StageParams):
    """`k` clusters in each group; `seed` starts k-means++."""

    k: int = Field(default=20, ge=1)
    scope: Literal["dataset", "all"] = "all"
    seed: int = 0


class ClusterStage:
    """Writes one clustering as a single part: it comes into the store complete or not at all."""

    name: ClassVar[str] = "cluster"
    reads: ClassVar[tuple[str, ...]] = ("predictions", "answers", "queries", "samples")
    writes: ClassVar[str] = "members"
    Params: ClassVar[type[StageParams]] = ClusterParams

    def plan(self, run: RunPlan) -> Iterator[PlannedStage]:
        """One stage where answers are predicted and in no cluster, or will be."""
        if not run.wants(self.name) or not run.has_detector:
            return
        predictions = run.stored.due_for_clustering(run.detector_id or "")
        comes = any(params.items == "answers" for params in run.draft.params(PredictParams))
        if predictions.is_empty() and not comes:
            return
        chosen = run.settings.clusters
        params = ClusterParams(k=chosen.k, scope=chosen.scope, seed=run.settings.seed)
        answer_ids = pl.concat([predictions["item_id"], unpredicted_answers(run)["answer_id"]])
        tables = {"predictions": predictions, **run.lineage(answer_ids)}
        yield PlannedStage(self.name, params, predictions.height, tables)

    def run(self, inputs: Inputs, params: ClusterParams) -> Iterator[pl.DataFrame]:
        """The members of all clusters."""
        if inputs.parts_done:
            return
        items = _embedded_answers(inputs)
        if items.is_empty():
            return
        inputs.progress.start(total=items.height)
        detector_id = items["detector_id"][0]
        clustering_id = row_id(
            "clustering", inputs.job_id, detector_id, params.scope, params.k, params.seed
        )
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
            dataset="dataset" if params.scope == "dataset" else pl.lit(None, pl.String),
            predicted_label="label",
            answer_id="item_id",
            rank="rank",
            distance="distance",
            confidence="confidence",
        ).cast(MEMBERS)
        inputs.progress.advance(items.height)


def _embedded_answers(inputs: Inputs) -> pl.DataFrame:
    """The answers that have an embedding, with the dataset of their seed."""
    predictions = inputs.table("predictions").filter(
        (pl.col("item_kind") == "answer") & pl.col("error").is_null()
    )
    datasets = answer_datasets(inputs)
    return predictions.join(datasets, left_on="item_id", right_on="answer_id")


def answer_datasets(inputs: Inputs) -> pl.DataFrame:
    """Every answer that this job can see: answer_id, sample_id, dataset."""
    answers = inputs.table("answers").select("answer_id", "query_id")
    queries = inputs.table("queries").select("query_id", "sample_id")
    samples = inputs.table("samples").select("sample_id", "dataset")
    joined = answers.join(queries, on="query_id").join(samples, on="sample_id")
    return joined.select("answer_id", "sample_id", "dataset").unique("answer_id")


def _cluster_group(group: pl.DataFrame, params: ClusterParams, clustering_id: str) -> pl.DataFrame:
    """The group with cluster_id, distance to the centre, and rank (0 is nearest)."""
    embeddings = group["embedding"].to_numpy()
    matrix = np.stack(list(embeddings)).astype(np.float32)
    labels, distances = cluster_embeddings(matrix, params.k, params.seed)
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
