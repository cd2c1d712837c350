"""Stage `try`: the same seeds asked about in several ways, for people to compare.

Its rows are read from the job's folder, and never stored with the others.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from time import perf_counter
from typing import ClassVar

import polars as pl
from pydantic import Field

from engine.errors import ModelUnavailable, ServerRefused
from engine.generation.protocol import Generator
from engine.jobs.params import StageParams
from engine.jobs.stage import Inputs
from engine.jobs.tables import TRIALS
from engine.models.encoder import Encoder
from engine.stages.queries import QueryParams, show_questions, write_queries
from store.schema import QUERIES


class WayParams(QueryParams):
    """A way of asking; `template_file` is the name by which workspace.toml knows its template."""

    template_file: str


class TrialParams(StageParams):
    """The ways, those of one model in a row, and the encoder that compares questions with seeds."""

    ways: tuple[WayParams, ...] = Field(min_length=1)
    encoder: str


class TrialStage:
    """Writes a part for each way: a row for each seed."""

    name: ClassVar[str] = "try"
    reads: ClassVar[tuple[str, ...]] = ("samples",)
    writes: ClassVar[str] = "trials"
    Params: ClassVar[type[StageParams]] = TrialParams

    def run(self, inputs: Inputs, params: TrialParams) -> Iterator[pl.DataFrame]:
        """The ways in their order; one whose model refuses has an error in each of its rows."""
        samples = inputs.table("samples")
        seeds = dict(zip(samples["sample_id"], samples["text"], strict=True))
        encoder = Encoder(params.encoder, inputs.device)
        model = _Model(inputs)
        for number in range(inputs.parts_done, len(params.ways)):
            own = replace(inputs, stage_dir=inputs.stage_dir / f"way-{number + 1}", parts_done=0)
            yield _try_way(own, number, params, seeds, encoder, model)


def _try_way(
    inputs: Inputs,
    number: int,
    params: TrialParams,
    seeds: dict[str, str],
    encoder: Encoder,
    model: "_Model",
) -> pl.DataFrame:
    """The rows of one way (schema TRIALS), timed once its model is loaded."""
    way, is_resumed = params.ways[number], inputs.stage_dir.exists()
    inputs.stage_dir.mkdir(exist_ok=True)
    try:
        generator = model.of(way)
        inputs.progress.note(f"way {number + 1} of {len(params.ways)}")
        begun = perf_counter()
        show = show_questions(way, seeds)
        prompts = way.prompts(seeds)
        asked = way.generate(inputs, prompts, way.candidates, show=show, generator=generator)
        written = list(asked)
        seconds = perf_counter() - begun
    except (ModelUnavailable, ServerRefused) as error:
        return _refused(inputs.job_id, number, seeds, str(error))
    frames = [write_queries(inputs.job_id, way, chunk, seeds, encoder) for chunk in written]
    queries = pl.concat(frames) if frames else pl.DataFrame(schema=QUERIES)
    return queries.select(
        pl.lit(number, pl.Int32).alias("way"),
        "sample_id",
        "job_id",
        "text",
        "flags",
        _similarities(queries, seeds, encoder),
        "new_tokens",
        pl.lit(None if is_resumed else seconds, pl.Float64).alias("seconds"),
        "error",
    )


def _similarities(queries: pl.DataFrame, seeds: Mapping[str, str], encoder: Encoder) -> pl.Series:
    """The cosine between each question and its seed; null for a question without words."""
    pairs = [
        (place, seeds[sample_id], text)
        for place, (sample_id, text) in enumerate(queries.select("sample_id", "text").rows())
        if text and text.split()
    ]
    found: list[float | None] = [None] * queries.height
    ours = encoder.embed([text for _, _, text in pairs])
    theirs = encoder.embed([seed for _, seed, _ in pairs])
    for (place, _, _), cosine in zip(pairs, (ours * theirs).sum(axis=1), strict=True):
        found[place] = float(cosine)
    return pl.Series("similarity", found, pl.Float32)


def _refused(job_id: str, number: int, seeds: Mapping[str, str], error: str) -> pl.DataFrame:
    shared = {"way": number, "job_id": job_id, "flags": [], "new_tokens": 0, "error": error}
    return pl.DataFrame([{"sample_id": name, **shared} for name in seeds], schema=TRIALS)


class _Model:
    """The model of a way, kept for the next way that asks the same one."""

    def __init__(self, inputs: Inputs) -> None:
        self._inputs = inputs
        self._name = ""
        self._generator: Generator | None = None

    def of(self, way: WayParams) -> Generator:
        """Its model, loaded. Raises ModelUnavailable."""
        if self._generator is None or self._name != way.model_name:
            self._generator = None  # gives its memory back before the next one takes its own
            self._generator = way.load(self._inputs)
            self._name = way.model_name
        return self._generator
