"""Stage `speed`: how quickly detectors and language models classify texts on this device."""

import gc
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import partial
from typing import ClassVar, NamedTuple

import polars as pl
from pydantic import Field

from engine.errors import ModelUnavailable, TrainingRefused
from engine.generation.protocol import OutOfMemory
from engine.jobs.params import StageParams
from engine.jobs.stage import Inputs
from engine.models.inputs import contexts_of
from engine.models.word_baseline import WordBaseline
from engine.stages.classify import ClassifyParams
from engine.stages.evaluate import load_contestant, say_left_out
from engine.stages.predict import choose_detector
from engine.timing import BATCHES_TOGETHER, measure_speed
from engine.versions import describe_device
from store.ids import row_id
from store.schema import SPEEDS


class SpeedParams(StageParams):
    """Who is timed, on at most `limit` rows: detectors and baselines, then language models.

    `batch_size` is that of `evaluate`; a language model is asked about as many rows at once as in
    `judge`, or fewer where they do not fit in memory. With `may_leave_out`, one that cannot be
    loaded does not stop the others.
    """

    detector_ids: tuple[str, ...] = ()
    judges: tuple[ClassifyParams, ...] = ()
    batch_size: int = Field(default=32, ge=1)
    limit: int = Field(default=1024, ge=1)
    may_leave_out: bool = False


class SpeedStage:
    """Writes a part for each of them: a row for each dataset that it is timed on."""

    name: ClassVar[str] = "speed"
    reads: ClassVar[tuple[str, ...]] = ("detectors", "samples")
    writes: ClassVar[str] = "speeds"
    Params: ClassVar[type[StageParams]] = SpeedParams

    def run(self, inputs: Inputs, params: SpeedParams) -> Iterator[pl.DataFrame]:
        """A part for each in turn; it is empty for one that is left out.

        Raises ModelUnavailable and TrainingRefused.
        """
        texts = draw_texts(inputs.table("samples"), params.limit)
        rows_each = sum(len(some) for some in texts.values())
        timed = dict.fromkeys(params.detector_ids)  # each once, in the order given
        loads = [partial(_load_detector, inputs, item, params.batch_size) for item in timed]
        loads += [partial(_load_language_model, inputs, model) for model in params.judges]
        names = [*timed, *(model.detector_id for model in params.judges)]
        inputs.progress.start(rows_each * len(loads), rows_each * inputs.parts_done)
        for name, load in list(zip(names, loads, strict=True))[inputs.parts_done :]:
            try:
                speeds = _time(load, inputs.job_id, texts)
            except (ModelUnavailable, TrainingRefused) as error:
                if not params.may_leave_out:
                    raise
                say_left_out(name, error)
                speeds = pl.DataFrame(schema=SPEEDS)
            yield speeds
            inputs.progress.advance(rows_each)


class Drawn(NamedTuple):
    """A text, with its context if it has one."""

    text: str
    context: str | None


@dataclass(frozen=True, slots=True)
class _Contestant:
    """Who classifies texts, where, how many rows at once, and of how many batches it chooses them.

    `refused` are texts that it was given and cannot read; it fills as texts are asked about.
    """

    detector_id: str
    classify: Callable[[Sequence[Drawn], int], object]
    device: str  # as people know it
    batch_size: int
    batches_together: int
    refused: set[Drawn] = field(default_factory=set)


def _load_detector(inputs: Inputs, name: str, batch_size: int) -> _Contestant:
    known = inputs.table("detectors")
    detector_id = choose_detector(known, name)
    detector = load_contestant(inputs, known, detector_id)

    def classify(rows: Sequence[Drawn], batch_size: int) -> None:
        contexts = [row.context for row in rows]
        detector.classify([row.text for row in rows], batch_size, contexts=contexts)

    # A baseline of words takes one thread, and no torch, whose import takes longer than the timing.
    device = "cpu" if isinstance(detector, WordBaseline) else describe_device(inputs.device)
    return _Contestant(detector_id, classify, device, batch_size, BATCHES_TOGETHER)


def _load_language_model(inputs: Inputs, asked: ClassifyParams) -> _Contestant:
    generator, refused = asked.load(inputs), set[Drawn]()

    def classify(rows: Sequence[Drawn], batch_size: int) -> None:
        for start in range(0, len(rows), batch_size):
            batch = rows[start : start + batch_size]
            prompts = [asked.prompt(row.text, row.context) for row in batch]
            replies = generator.generate(prompts, asked.template.stop, asked.sampling, asked.seed)
            refused.update(batch[index] for index, reply in replies if reply.text is None)

    device = describe_device(inputs.device)
    return _Contestant(asked.detector_id, classify, device, asked.batch_rows, 1, refused)


def _time(
    load: Callable[[], _Contestant], job_id: str, texts: Mapping[str, Sequence[Drawn]]
) -> pl.DataFrame:
    """The speeds of one contestant; it is gone before the next is loaded."""
    gc.collect()  # a model may refer to itself
    contestant = load()
    rows = [
        {
            "detector_id": contestant.detector_id,
            "job_id": job_id,
            "dataset": dataset,
            "device": contestant.device,
            **speed,
        }
        for dataset, some in texts.items()
        if (speed := _measure(contestant, some))
    ]
    return pl.DataFrame(rows, schema=SPEEDS)


def _measure(contestant: _Contestant, texts: Sequence[Drawn]) -> dict[str, object]:
    """The speed in batches that fit in memory, as columns; nothing if no text can be read."""
    batch_size, readable = contestant.batch_size, texts
    while readable:
        try:
            speed = measure_speed(
                contestant.classify, readable, batch_size, contestant.batches_together
            )
        except OutOfMemory as error:
            if batch_size == 1:
                raise ModelUnavailable(
                    "The model was not timed: not even one text fits into memory."
                ) from error
            batch_size = (batch_size + 1) // 2
            continue
        if contestant.refused.isdisjoint(readable):
            return {"batch_size": batch_size, **asdict(speed)}
        # Refusing takes no time worth measuring.
        readable = [text for text in readable if text not in contestant.refused]
    return {}


def draw_texts(samples: pl.DataFrame, limit: int) -> dict[str, list[Drawn]]:
    """At most so many texts of each dataset, drawn by hash, so always the same."""
    rows = samples.unique("sample_id").filter(pl.col("text").str.strip_chars() != "")
    lots = pl.Series("lot", [row_id("speed", item) for item in rows["sample_id"]], pl.String)
    drawn = rows.with_columns(lots).sort("dataset", "lot")
    parts = {
        str(dataset): part.head(limit)
        for (dataset,), part in drawn.group_by("dataset", maintain_order=True)
    }
    return {
        dataset: [Drawn(*row) for row in zip(part["text"], contexts_of(part), strict=True)]
        for dataset, part in parts.items()
    }
