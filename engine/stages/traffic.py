"""Stage `traffic`: how the texts that guards saw differ from one period to the next.

By embeddings, and beside that by length alone. A rate may change because a guard did, or because
people write something else; this says whether they do.
"""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import ClassVar, Literal

import polars as pl
from pydantic import Field

from engine.jobs.params import StageParams
from engine.jobs.records import installed_versions
from engine.jobs.stage import Inputs
from engine.models.bundled import MINILM
from engine.models.encoder import Encoder
from engine.models.text_sets import TextSet, normalised, separate
from engine.statistics.two_sample import FOLDS, ROUNDS
from store.drift_schema import TRAFFIC
from store.ids import row_id


class TrafficParams(StageParams):
    """`pairs` are the beginnings of neighbouring periods, in UTC, the earlier one first."""

    dataset: str
    period: Literal["hour", "day", "week"]
    pairs: tuple[tuple[datetime, datetime], ...] = Field(min_length=1)
    encoder: str = f"bundled:{MINILM}"
    seed: int = 0

    @property
    def config(self) -> str:
        """All that a figure depends on but the rows, as JSON."""
        versions = installed_versions()
        return json.dumps(
            {
                "encoder": self.encoder, "folds": FOLDS, "bootstrap_rounds": ROUNDS,
                "seed": self.seed, "versions": versions,
            },
            sort_keys=True,
        )  # fmt: skip


class TrafficStage:
    """Writes a part for each pair of periods: two figures, by two kinds of features."""

    name: ClassVar[str] = "traffic"
    reads: ClassVar[tuple[str, ...]] = ("traffic_texts",)
    writes: ClassVar[str] = "traffic"
    Params: ClassVar[type[StageParams]] = TrafficParams

    def run(self, inputs: Inputs, params: TrafficParams) -> Iterator[pl.DataFrame]:
        """The figures of each pair; a period's texts are embedded once for both of its pairs."""
        texts = inputs.table("traffic_texts").with_columns(group=normalised("text"))
        left = params.pairs[inputs.parts_done :]
        counts = dict(texts["begin"].value_counts().iter_rows())
        total, waiting = (sum(counts[begin] for _, begin in some) for some in (params.pairs, left))
        inputs.progress.start(total=total, done=total - waiting)
        if not left:
            return
        encoder = Encoder(params.encoder, inputs.device)
        known: dict[datetime, TextSet] = {}
        for pair in left:
            known = {begin: known.get(begin) or _read(texts, begin, encoder) for begin in pair}
            yield _compare(*pair, known, inputs.job_id, params)
            inputs.progress.advance(counts[pair[1]])


def _read(texts: pl.DataFrame, begin: datetime, encoder: Encoder) -> TextSet:
    own = texts.filter(pl.col("begin") == begin).sort("sample_id")
    return TextSet.read(own.rename({"sample_id": "item_id"}), encoder)


def _compare(
    before: datetime,
    begin: datetime,
    known: dict[datetime, TextSet],
    job_id: str,
    params: TrafficParams,
) -> pl.DataFrame:
    first, second = known[before], known[begin]
    digest = digest_rows(first.item_ids, second.item_ids)
    found = [
        {
            "result_id": row_id(
                "traffic", params.period, begin.isoformat(), features, params.config, digest
            ),
            "job_id": job_id,
            "dataset": params.dataset,
            "period": params.period,
            "before": before,
            "begin": begin,
            "features": features,
            "n_before": len(first.item_ids),
            "n": len(second.item_ids),
            "auc": separation and separation.auc,
            "low": separation and separation.low,
            "high": separation and separation.high,
            "config": params.config,
            "rows_digest": digest,
        }
        for features, separation in separate(first, second, params.seed)
    ]
    return pl.DataFrame(found, schema=TRAFFIC)


def digest_rows(before: list[str], sample_ids: list[str]) -> str:
    """The digest of the rows of two periods."""
    return row_id(*sorted(before), None, *sorted(sample_ids))
