"""Stage `scenarios`: for each draw, a context and its prompts, written in one generation.

What is no scenario, or one that was written before, is a row with an error and what was written.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from typing import ClassVar, Final, Self

import polars as pl
from pydantic import Field

from engine.generation.chunks import Written
from engine.generation.early_look import EarlyLook
from engine.generation.flags import flag_generation
from engine.generation.limits import Limits
from engine.generation.params import GenerationParams
from engine.generation.protocol import Generation
from engine.generation.templates import Prompt, Template
from engine.jobs.newest import NewText
from engine.jobs.params import StageParams
from engine.jobs.parts import list_parts, read_parquet
from engine.jobs.settings import ScenarioSettings
from engine.jobs.stage import Inputs
from engine.scenarios.brief import Brief
from engine.scenarios.draws import draw_examples, read_drawn
from engine.scenarios.form import Fault, Scenario
from engine.scenarios.problem import Example, Problem
from engine.scenarios.repeats import WrittenBefore, find_echo
from store.ids import text_digest
from store.schema import DIMENSIONS, SCENARIOS

_CUT: Final = "The scenario was cut at its end: raise max_new_tokens in [scenarios.sampling]."


class ScenarioParams(GenerationParams):
    """How scenarios are asked for.

    `problem` is without its seed words, which the draws have; `definitions` are the task's, of each
    label; `context_name` and `text_name` are what it calls the two sides. The other fields are
    those of ScenarioSettings.
    """

    chat_template: ClassVar[str] = "scenario"

    problem: Problem
    definitions: dict[str, str]
    context_name: str
    text_name: str
    structured: bool = True
    longest_context: int | None = Field(default=None, ge=20)
    longest_text: int | None = Field(default=None, ge=20)

    @classmethod
    def asking(
        cls,
        brief: Brief,
        settings: ScenarioSettings,
        model: str,
        template: Template,
        *,
        seed: int,
        attempt: int,
        limits: Limits,
    ) -> Self:
        """The parameters of a model that is asked as workspace.toml says."""
        shared = GenerationParams.of(
            settings, model, template, seed=seed, attempt=attempt, limits=limits
        )
        return cls(
            **dict(shared),
            problem=brief.problem.model_copy(update={"seed_words": None}),
            definitions=dict(brief.definitions),
            context_name=brief.context,
            text_name=brief.text,
            structured=settings.structured,
            longest_context=settings.longest_context,
            longest_text=settings.longest_text,
        )

    @property
    def brief(self) -> Brief:
        """What the model is told of the problem."""
        return Brief(self.problem, self.definitions, self.context_name, self.text_name)

    @property
    def schema_text(self) -> str | None:
        """The schema of a scenario; servers get it without lengths, which some refuse."""
        if not self.structured:
            return None
        lengths = (self.longest_context, self.longest_text) if self.needs_device else (None, None)
        return self.brief.form.schema(*lengths)

    @property
    def sampling_json(self) -> str:
        """The digests of the schema and of what the model is told, beside the sampling."""
        schema = self.schema_text
        told = json.dumps(
            [self.problem.digest, self.definitions, self.context_name, self.text_name]
        )
        asked = {
            **self.sampling.model_dump(mode="json"),
            "schema": schema and text_digest(schema)[:12],
            "problem": text_digest(told)[:12],
        }
        return json.dumps(asked, separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class _Read:
    """What came of a generation: a scenario with the flags of its context, or an error."""

    scenario: Scenario | None
    flags: list[str]
    error: str | None


class ScenariosStage:
    """Writes one scenario for each draw in its inputs."""

    name: ClassVar[str] = "scenarios"
    reads: ClassVar[tuple[str, ...]] = ("samples", "dimensions", "known")
    writes: ClassVar[str] = "scenarios"
    Params: ClassVar[type[StageParams]] = ScenarioParams

    def run(self, inputs: Inputs, params: ScenarioParams) -> Iterator[pl.DataFrame]:
        """The scenarios, chunk by chunk."""
        samples = inputs.table("samples")
        draws = dict(zip(samples["sample_id"], samples["text"], strict=True))
        shown = {row: draw_examples(params.problem, row) for row in draws}
        reader = _Reader(params, draws, shown)
        prompts = _fill(inputs, params, shown)
        before = _written_before(inputs)
        look = EarlyLook(inputs, params, "scenario", "sample_id", draws, counts_errors=True)
        look.take()
        with closing(params.generate(inputs, prompts, show=reader.show)) as chunks:
            for chunk in chunks:
                rows = [reader.row(inputs.job_id, written, before) for written in chunk]
                yield pl.DataFrame(rows, schema=SCENARIOS)
                look.take()


def _fill(
    inputs: Inputs, params: ScenarioParams, shown: Mapping[str, tuple[Example, ...]]
) -> dict[str, Prompt]:
    """The prompt of each draw."""
    kept = inputs.table("dimensions").partition_by("sample_id", as_dict=True)
    none = pl.DataFrame(schema=DIMENSIONS)
    brief, prompts = params.brief, {}
    for row, examples in shown.items():
        pairs = kept.get((row,), none).select("dimension", "value").rows()
        drawn = read_drawn(pairs, params.problem.dimension)
        prompts[row] = brief.fill(params.template, drawn, examples)
    return prompts


def _written_before(inputs: Inputs) -> WrittenBefore:
    """The scenarios that were stored, and those of this stage's parts."""
    known = inputs.table("known")
    before = WrittenBefore(known["context"].drop_nulls(), known["text"].drop_nulls())
    for part in list_parts(inputs.stage_dir)[: inputs.parts_done]:
        right = read_parquet(part, columns=["text", "prompts"]).drop_nulls("prompts")
        before.add_texts(right["text"], right["prompts"].explode().struct.field("text"))
    return before


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads scenarios out of what was written; `draws` are in words, `shown` their examples."""

    params: ScenarioParams
    draws: Mapping[str, str]
    shown: Mapping[str, tuple[Example, ...]]

    def show(self, row: str, generation: Generation) -> NewText:
        """What is shown of a scenario before it is known whether it repeats another."""
        read = self._read(row, generation)
        texts: dict[str, str | None] = {"draw": self.draws[row]}
        if read.scenario is None:
            failed = replace(generation, error=read.error)
            return NewText.of(row, failed, {**texts, "written": generation.written})
        for label in self.params.problem.labels:
            said = [item.text for item in read.scenario.texts if item.label == label]
            texts[label] = " | ".join(said)
        texts[self.params.context_name] = read.scenario.context
        return NewText.of(row, generation, texts, read.flags)

    def row(self, job_id: str, written: Written, before: WrittenBefore) -> dict[str, object]:
        """The row of a scenario (schema SCENARIOS), which counts as written if it is right."""
        read = self._read(written.row_id, written.generation)
        scenario, error = read.scenario, read.error
        if scenario is not None and (repeat := before.find_repeat(scenario)) is not None:
            scenario, error = None, f"The scenario repeats another: {repeat}."
        if scenario is not None:
            before.add(scenario)
        return {
            **self.params.columns(written),
            "query_id": self.params.row_id("scenario", written.row_id),
            "sample_id": written.row_id,
            "job_id": job_id,
            "raw": written.generation.written,
            "text": scenario and scenario.context,
            "trim_rule": self.params.template.trim,
            "flags": read.flags if scenario else [],
            "error": error,
            "prompts": scenario
            and [{"text": item.text, "label": item.label} for item in scenario.texts],
        }

    def _read(self, row: str, generation: Generation) -> _Read:
        if generation.text is None:
            return _Read(None, [], generation.error)
        if generation.cut:
            return _Read(None, [], _CUT)
        found = self.params.brief.form.read(generation.text)
        if isinstance(found, Fault):
            return _Read(None, [], f"What was written is no scenario: {found.reason}.")
        if (echo := find_echo(found, self.shown[row])) is not None:
            return _Read(None, [], f"The scenario repeats an example: {echo}.")
        flags = flag_generation(
            generation, found.context, self.draws[row], self.params.template, question=False
        )
        return _Read(found, flags, None)
