"""Stage `speed`: how quickly texts of a dataset are judged on this device, and by whom."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from typing import ClassVar

import polars as pl
from pydantic import Field

from engine.errors import ModelUnavailable
from engine.models.baseline import Baseline
from engine.models.generator import OutOfMemory
from engine.params import StageParams
from engine.speed import BATCHES_TOGETHER, measure_speed
from engine.stage import Inputs
from engine.stages.evaluate import load_contestant
from engine.stages.judge import JudgeParams
from engine.stages.predict import choose_detector
from engine.versions import describe_device
from store.schema import SPEEDS, row_id


class SpeedParams(StageParams):
    """Who is timed, on at most `limit` rows: detectors and baselines, then language models.

    `batch_size` is that of `evaluate`; a language model is asked about as many rows at once as when
    it judges, or fewer where they do not fit in memory.
    """

    detector_ids: tuple[str, ...] = ()
    judges: tuple[JudgeParams, ...] = ()
    batch_size: int = Field(default=32, ge=1)
    limit: int = Field(default=1024, ge=1)


class SpeedStage:
    """Writes a part for each of them: a row for each dataset that it is timed on."""

    name: ClassVar[str] = "speed"
    reads: ClassVar[tuple[str, ...]] = ("detectors", "samples")
    writes: ClassVar[str] = "speeds"
    Params: ClassVar[type[StageParams]] = SpeedParams

    def run(self, inputs: Inputs, params: SpeedParams) -> Iterator[pl.DataFrame]:
        """Yield a part for each in turn. Raises ModelUnavailable and TrainingRefused."""
        texts = draw_texts(inputs.table("samples"), params.limit)
        rows_each = sum(len(some) for some in texts.values())
        timed = dict.fromkeys(params.detector_ids)  # each once, in the order given
        loads = [partial(_load_detector, inputs, item, params.batch_size) for item in timed]
        loads += [partial(_load_judge, inputs, judge) for judge in params.judges]
        inputs.progress.start(rows_each * len(loads), rows_each * inputs.parts_done)
        for load in loads[inputs.parts_done :]:
            contestant = load()
            rows = [
                {
                    "detector_id": contestant.detector_id,
                    "job_id": inputs.job_id,
                    "dataset": dataset,
                    "device": contestant.device,
                    **_measure(contestant, some),
                }
                for dataset, some in texts.items()
            ]
            yield pl.DataFrame(rows, schema=SPEEDS)
            inputs.progress.advance(rows_each)


@dataclass(frozen=True, slots=True)
class _Contestant:
    """Who judges texts, where, how many rows at once, and of how many batches it chooses them."""

    detector_id: str
    judge: Callable[[Sequence[str], int], object]
    device: str  # as people know it
    batch_size: int
    batches_together: int


def _load_detector(inputs: Inputs, name: str, batch_size: int) -> _Contestant:
    known = inputs.table("detectors")
    detector_id = choose_detector(known, name)
    detector = load_contestant(inputs, known, detector_id)
    # A baseline takes one thread, and no torch, whose import takes longer than the timing.
    device = "cpu" if isinstance(detector, Baseline) else describe_device(inputs.device)
    return _Contestant(detector_id, detector.judge, device, batch_size, BATCHES_TOGETHER)


def _load_judge(inputs: Inputs, asked: JudgeParams) -> _Contestant:
    generator = asked.load(inputs)

    def judge(texts: Sequence[str], batch_size: int) -> None:
        for start in range(0, len(texts), batch_size):
            batch = texts[start : start + batch_size]
            prompts = [asked.template.fill(text, whole=True) for text in batch]
            for _ in generator.generate(prompts, asked.template.stop, asked.sampling, asked.seed):
                pass

    device = describe_device(inputs.device)
    return _Contestant(asked.detector_id, judge, device, asked.batch_rows, 1)


def _measure(contestant: _Contestant, texts: Sequence[str]) -> dict[str, object]:
    """Return how quickly texts are judged, in batches that fit in memory."""
    batch_size = contestant.batch_size
    while True:
        try:
            speed = measure_speed(contestant.judge, texts, batch_size, contestant.batches_together)
        except OutOfMemory as error:
            if batch_size == 1:
                raise ModelUnavailable(
                    "The model was not timed: not even one text fits into memory."
                ) from error
            batch_size = (batch_size + 1) // 2
        else:
            return {"batch_size": batch_size, **asdict(speed)}


def draw_texts(samples: pl.DataFrame, limit: int) -> dict[str, list[str]]:
    """Return at most so many texts of each dataset, drawn by hash, so always the same."""
    rows = samples.unique("sample_id").filter(pl.col("text").str.strip_chars() != "")
    lots = pl.Series("lot", [row_id("speed", item) for item in rows["sample_id"]], pl.String)
    drawn = rows.with_columns(lots).sort("dataset", "lot")
    return {
        str(dataset): part["text"].head(limit).to_list()
        for (dataset,), part in drawn.group_by("dataset", maintain_order=True)
    }
