"""Stage `speed`: how quickly detectors and baselines judge texts of a dataset, on this device."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import ClassVar

import polars as pl
from pydantic import Field

from engine.models.baseline import Baseline
from engine.params import StageParams
from engine.speed import measure_speed
from engine.stage import Inputs
from engine.stages.evaluate import load_contestant
from engine.stages.predict import choose_detector
from engine.versions import describe_device
from store.schema import SPEEDS, row_id


class SpeedParams(StageParams):
    """Which detectors are timed, on at most `limit` rows; `batch_size` is that of `evaluate`."""

    detector_ids: tuple[str, ...] = Field(min_length=1)
    batch_size: int = Field(default=32, ge=1)
    limit: int = Field(default=1024, ge=1)


class SpeedStage:
    """Writes a part for each detector: a row for each dataset that it is timed on."""

    name: ClassVar[str] = "speed"
    reads: ClassVar[tuple[str, ...]] = ("detectors", "samples")
    writes: ClassVar[str] = "speeds"
    Params: ClassVar[type[StageParams]] = SpeedParams

    def run(self, inputs: Inputs, params: SpeedParams) -> Iterator[pl.DataFrame]:
        """Yield a part for each detector in turn. Raises as stage `evaluate` does."""
        known = inputs.table("detectors")
        chosen = [choose_detector(known, name) for name in dict.fromkeys(params.detector_ids)]
        texts = draw_texts(inputs.table("samples"), params.limit)
        rows_each = sum(len(some) for some in texts.values())
        inputs.progress.start(rows_each * len(chosen), rows_each * inputs.parts_done)
        for detector_id in chosen[inputs.parts_done :]:
            detector = load_contestant(inputs, known, detector_id)
            runs_on = "cpu" if isinstance(detector, Baseline) else inputs.device
            rows = [
                {
                    "detector_id": detector_id,
                    "job_id": inputs.job_id,
                    "dataset": dataset,
                    "device": describe_device(runs_on),
                    "batch_size": params.batch_size,
                    **asdict(measure_speed(detector.judge, some, params.batch_size)),
                }
                for dataset, some in texts.items()
            ]
            yield pl.DataFrame(rows, schema=SPEEDS)
            inputs.progress.advance(rows_each)


def draw_texts(samples: pl.DataFrame, limit: int) -> dict[str, list[str]]:
    """Return at most so many texts of each dataset, drawn by hash, so always the same."""
    rows = samples.unique("sample_id").filter(pl.col("text").str.strip_chars() != "")
    lots = pl.Series("lot", [row_id("speed", item) for item in rows["sample_id"]], pl.String)
    drawn = rows.with_columns(lots).sort("dataset", "lot")
    return {
        str(dataset): part["text"].head(limit).to_list()
        for (dataset,), part in drawn.group_by("dataset", maintain_order=True)
    }
