"""What is due: how a stage of `run` plans, from stored rows and what its job will write before it.

A stage knows the store and the workspace by the protocols here alone.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol, TypeVar

import polars as pl

from engine.generation.templates import Template
from engine.jobs.draft import JobDraft, PlannedStage, Remark
from engine.jobs.params import StageParams
from engine.jobs.registry import PLANNED_BY_RUN
from engine.jobs.settings import RunSettings
from engine.jobs.stage import Stage, load_stage

P = TypeVar("P", bound=StageParams, contravariant=True)
Made = Mapping[str, str | None]
"""The columns, and their values, by which a stored row counts as made in the way that is asked."""


class StoredRows(Protocol):
    """The rows of a workspace, narrowed to the seeds that a run was asked for."""

    def due_samples(self, made: Made, *, retry: bool) -> pl.DataFrame:
        """Seeds without a query made so; with `retry`, one that has an error is none."""

    def due_queries(self, made: Made, *, retry: bool) -> pl.DataFrame:
        """Usable queries without an answer made so; with `retry`, one with an error is none."""

    def usable_answers(
        self, lacking: str = "", made: Made | None = None, *, only_worded: bool = False
    ) -> pl.DataFrame:
        """Answers without an error; with `lacking`, those without a row of that table made so."""

    def drawn_answers(self, limit: int, seed: int) -> pl.Series:
        """Ids of usable answers drawn at random, one of a seed, at most `limit` of a dataset."""

    def unlabelled_samples(self, detector_id: str | None) -> pl.DataFrame:
        """Seeds that have neither a label nor a prediction of the detector."""

    def due_for_clustering(self, detector_id: str) -> pl.DataFrame:
        """The detector's predictions of answers that are in none of its clusterings."""

    def meant_labels(self, answer_ids: pl.Series) -> pl.DataFrame:
        """What these answers were written for, or a guard says they are; others are left out."""

    def stored_vectors(self, encoder: str, answer_ids: pl.Series) -> pl.DataFrame:
        """The rows of these answers that an encoder has embedded."""

    def production_samples(self) -> pl.DataFrame:
        """Samples of all datasets with the role production."""

    def detectors(self, detector_id: str) -> pl.DataFrame:
        """The row of a detector."""

    def answers_of(self, answer_ids: pl.Series) -> pl.DataFrame:
        """Answers by their ids."""

    def queries_of(self, answer_ids: pl.Series) -> pl.DataFrame:
        """Queries of these answers."""

    def samples_of(self, sample_ids: pl.Series) -> pl.DataFrame:
        """Samples by their ids."""

    def next_attempt(self, table: Literal["queries", "answers"]) -> int:
        """The number of the next attempt at rows that failed."""

    def next_question(self) -> int:
        """The number of the next attempt at seeds that were sent back."""


class TaskKind(Protocol):
    """What stages plan by of a task."""

    @property
    def is_pair(self) -> bool:
        """Whether its texts come with a context."""


class WorkspaceFiles(Protocol):
    """The files of a workspace that stages plan by."""

    @property
    def task(self) -> TaskKind:
        """What task.toml holds."""

    @property
    def settings(self) -> RunSettings:
        """What workspace.toml holds."""

    def template(self, name: str) -> Template:
        """A prompt template by its name."""


class InitialDetector(Protocol):
    """The detector that predicts labels and embeds answers: what is stored, and how to make one."""

    @property
    def detector_id(self) -> str | None:
        """The stored one; None without one."""

    @property
    def fault(self) -> str | None:
        """Why the stored one cannot predict, and the way out; None if it can."""

    def training(self) -> PlannedStage:
        """The stage that trains one."""


@dataclass(frozen=True, slots=True)
class RunPlan:
    """What was asked of a run, what its stages plan from, and the job as far as it is planned.

    `k` takes the place of the workspace's number of clusters.
    """

    named: tuple[str, ...]  # stages; none means all that are due
    retry_errors: bool
    workspace: WorkspaceFiles
    stored: StoredRows
    initial: InitialDetector
    k: int | None = None
    draft: JobDraft = field(default_factory=JobDraft)

    def wants(self, stage: str) -> bool:
        """Whether a stage may be part of the run."""
        return not self.named or stage in self.named

    @property
    def settings(self) -> RunSettings:
        """What workspace.toml holds."""
        return self.workspace.settings

    def attempt(self, table: Literal["queries", "answers"]) -> int:
        """The number of this attempt at rows of a table: another one tries errors again."""
        return self.stored.next_attempt(table) if self.retry_errors else 1

    @property
    def detector_id(self) -> str | None:
        """The stored detector that predicts; None if the job makes one, or there is none."""
        return None if self.draft.writes("detectors") else self.initial.detector_id

    @property
    def fault(self) -> str | None:
        """Why that detector cannot predict; None if it can."""
        return None if self.draft.writes("detectors") else self.initial.fault

    @property
    def has_detector(self) -> bool:
        """Whether there is a detector by the time that later stages begin."""
        return self.draft.writes("detectors") or self.initial.detector_id is not None

    def lineage(self, answer_ids: pl.Series) -> dict[str, pl.DataFrame]:
        """Answers, queries and samples of stored answers, and the seeds of those to come.

        Queries and answers that this job writes reach the stage through their parts.
        """
        planned = self.draft.planned
        answered = [stage.tables["queries"] for stage in planned if stage.name == "answers"]
        queries = self.stored.queries_of(answer_ids)
        known = queries["query_id"].to_list()
        due = [rows.filter(~pl.col("query_id").is_in(known)) for rows in answered]
        return {
            "answers": self.stored.answers_of(answer_ids),
            "queries": pl.concat([queries, *due]).unique("query_id", maintain_order=True),
            "samples": self.seeds_of(queries, *answered),
        }

    def seeds_of(self, *queries: pl.DataFrame) -> pl.DataFrame:
        """The samples that stored queries were asked about, and those that this job asks about."""
        planned = [stage for stage in self.draft.planned if stage.name == "queries"]
        found = [self.stored.samples_of(some["sample_id"]) for some in queries]
        found += [stage.tables["samples"] for stage in planned]
        return pl.concat(found).unique("sample_id", maintain_order=True)


class RunStage(Stage[P], Protocol[P]):
    """A stage that `run` plans, beside what every stage has."""

    def plan(self, run: RunPlan) -> Iterator[PlannedStage | Remark]:
        """The stages that are due; what is yielded is in the draft when this goes on.

        Raises NothingDue where the stage was named and lacks what it needs.
        """


def plan_stages(run: RunPlan) -> None:
    """Add what is due to the draft, in the order in which a job works through it.

    Raises NothingDue where a stage was named and lacks what it needs.
    """
    for name in PLANNED_BY_RUN:
        stage: RunStage[Any] = load_stage(name)
        for item in stage.plan(run):
            run.draft.add(item)
