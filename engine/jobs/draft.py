"""A job to be: its stages with their parameters and tables, before it has a folder."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeVar

import polars as pl

from engine.jobs.params import StageParams
from engine.jobs.records import StageSpec
from engine.jobs.stage import make_stage

P = TypeVar("P", bound=StageParams)


@dataclass(frozen=True, slots=True)
class PlannedStage:
    """A stage with the tables it is given.

    `rows` is how many rows it starts from, without those that earlier stages of the job will write.
    """

    name: str
    params: StageParams
    rows: int
    tables: Mapping[str, pl.DataFrame] = field(default_factory=dict)

    @property
    def spec(self) -> StageSpec:
        """The stage as spec.json holds it."""
        return StageSpec(name=self.name, params=self.params.model_dump(mode="json"))


@dataclass(frozen=True, slots=True)
class Remark:
    """A sentence on what a job cannot do, and why."""

    text: str


@dataclass(slots=True)
class JobDraft:
    """The stages of a job to be, in order, and what is to be told about it."""

    planned: list[PlannedStage] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    def add(self, item: PlannedStage | Remark) -> None:
        """Append a stage or a remark."""
        if isinstance(item, Remark):
            self.remarks.append(item.text)
        else:
            self.planned.append(item)

    def has(self, name: str) -> bool:
        """Whether a stage of that name is in the job."""
        return any(stage.name == name for stage in self.planned)

    def writes(self, table: str) -> bool:
        """Whether a stage of the job writes rows of a table, which later stages read."""
        return any(make_stage(stage.name).writes == table for stage in self.planned)

    def params(self, kind: type[P]) -> list[P]:
        """The parameters of one kind, in the order of their stages."""
        return [stage.params for stage in self.planned if isinstance(stage.params, kind)]

    @property
    def stages(self) -> tuple[StageSpec, ...]:
        """The stages as spec.json holds them."""
        return tuple(stage.spec for stage in self.planned)

    @property
    def inputs(self) -> tuple[Mapping[str, pl.DataFrame], ...]:
        """The tables of each stage."""
        return tuple(stage.tables for stage in self.planned)

    @property
    def rows(self) -> tuple[int, ...]:
        """The rows that each stage starts from."""
        return tuple(stage.rows for stage in self.planned)
