"""Stage `baseline`: enters a baseline among the detectors, to be evaluated beside them.

A baseline is compared like a detector but cannot be used as one. The rows that it is fitted on are
kept in its folder, and `evaluate` fits it; a language model has no folder, and `judge` asks it.
"""

import json
from collections.abc import Iterator
from typing import ClassVar, Final, Self

import polars as pl
from pydantic import Field

from engine.jobs.params import StageParams
from engine.jobs.records import installed_versions
from engine.jobs.stage import Inputs
from engine.models.baseline import keep_rows
from engine.models.detector import detector_folder
from engine.stages.classify import ClassifyParams
from engine.training.row_checks import check_rows
from store.bases import LLM, PROMPT
from store.ids import row_id
from store.schema import DETECTORS

# In place of the recipe of a language model, how it is asked.
ZERO_SHOT: Final = "zero-shot"
PROMPTED: Final = "prompt"


class BaselineParams(StageParams):
    """Which baseline, of the training rows of which recipe; `base` is what it is called by.

    One for pairs may have a shorter `name`, and has the task's `positives`. A language model has
    `judge`, how it is asked, and no training rows.
    """

    detector_id: str = Field(pattern=r"^[A-Za-z0-9][\w.-]*$")  # becomes a folder
    base: str
    recipe: str
    labels: tuple[str, ...]
    training_digest: str
    seed: int
    judge: ClassifyParams | None = None
    name: str = ""
    positives: tuple[str, ...] = ()

    @classmethod
    def fitted(
        cls,
        base: str,
        recipe: str,
        labels: tuple[str, ...],
        training_digest: str,
        seed: int,
        *,
        name: str = "",
        positives: tuple[str, ...] = (),
    ) -> Self:
        """A baseline that is fitted on training rows; its id follows from all but the names."""
        sides = ("positive", *positives) if positives else ()
        return cls(
            detector_id=row_id(base, training_digest, seed, *labels, *sides),
            base=base,
            recipe=recipe,
            labels=labels,
            training_digest=training_digest,
            seed=seed,
            name=name,
            positives=positives,
        )

    @classmethod
    def language_model(cls, asked: ClassifyParams) -> Self:
        """A language model that is asked so."""
        is_prompted = asked.refusal_means is not None
        return cls(
            detector_id=asked.detector_id,
            base=f"{PROMPT if is_prompted else LLM}{asked.model}",
            recipe=PROMPTED if is_prompted else ZERO_SHOT,
            labels=asked.labels,
            training_digest="",
            seed=asked.seed,
            judge=asked,
        )

    @property
    def shown_name(self) -> str:
        """What it is called by in tables."""
        return self.name or self.base


class BaselineStage:
    """Writes the row of one baseline, and keeps its training rows."""

    name: ClassVar[str] = "baseline"
    reads: ClassVar[tuple[str, ...]] = ("training_rows",)
    writes: ClassVar[str] = "detectors"
    Params: ClassVar[type[StageParams]] = BaselineParams

    def run(self, inputs: Inputs, params: BaselineParams) -> Iterator[pl.DataFrame]:
        """The one row of the baseline once its rows are kept.

        Raises TrainingRefused for rows that nothing can be learned from.
        """
        if inputs.parts_done:
            return
        rows = inputs.table("training_rows").sort("stage", "dataset", "item_id", "label", "text")
        inputs.progress.start(len(rows))
        if params.judge is None:
            check_rows(rows, params.labels, is_pair=rows["context"].count() > 0)
            folder = detector_folder(inputs.workspace, params.detector_id)
            keep_rows(folder, rows, params.positives)
        yield _row(inputs.job_id, params, len(rows))
        inputs.progress.advance(len(rows))


def _row(job_id: str, params: BaselineParams, training_rows: int) -> pl.DataFrame:
    row = {
        "detector_id": params.detector_id,
        "name": params.shown_name,
        "recipe": params.recipe,
        "job_id": job_id,
        "base": params.base,
        "labels": list(params.labels),
        "pooling": "none",
        "width": 0,  # it embeds nothing
        "seed": params.seed,
        "training_digest": params.training_digest,
        "training_rows": training_rows,
        "params": params.model_dump_json(
            exclude=None if params.positives else {"name", "positives"}
        ),
        "versions": json.dumps(installed_versions()),
        "losses": [],
    }
    return pl.DataFrame([row], schema=dict(DETECTORS))
