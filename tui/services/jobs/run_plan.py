"""What is due: turns the state of the store into a job of the stages that have rows to do.

The stages of one job hand their rows on through parts, so a run goes from seeds to clusters
without the database. It stops there: clusters are for a person to label.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import polars as pl

from engine.jobs.job import JobFolder, StageSpec
from engine.stages.cluster import ClusterParams
from engine.stages.drift import DriftParams, config_hash, drift_config
from engine.stages.predict import PredictParams
from engine.stages.production import ProductionParams
from engine.stages.queries import GenerationParams, QueryParams
from store.counting import counted
from store.database.connection import Database
from store.datasets import list_datasets, require_dataset
from store.detectors import DetectorRow, detector_frame, initial_detector
from store.errors import UnknownName
from store.pairs import (
    Draw,
    Way,
    answers_of,
    count_failed,
    due_for_clustering,
    due_for_drift,
    due_predictions,
    due_queries,
    due_samples,
    next_attempt,
    next_question,
    queries_of,
    samples_of,
    unlabelled_samples,
)
from store.schema import SAMPLES
from store.two_sample import production_samples
from tui.services.errors import DetectorMissing, NothingToDo
from tui.services.jobs.training import adopt_initial, fault_of, initial_stage, is_adopted
from tui.services.settings import AnswerSettings, QuerySettings
from tui.services.task_labels import describe_unknown, unknown_labels
from tui.services.workspace import Workspace


@dataclass(frozen=True, slots=True)
class RunRequest:
    """What a run is asked for. No `stages` means all; `initial` brings a detector along."""

    stages: tuple[str, ...] = ()
    draw: Draw = field(default_factory=Draw)
    initial: str | None = None
    retry_errors: bool = False

    def wants(self, stage: str) -> bool:
        """Whether a stage may be part of the run."""
        return not self.stages or stage in self.stages


@dataclass(slots=True)
class JobDraft:
    """The stages of a job to be, each with its tables and the rows that it starts from."""

    stages: list[StageSpec] = field(default_factory=list)
    inputs: list[Mapping[str, pl.DataFrame]] = field(default_factory=list)
    rows: list[int] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)  # what it cannot do, and why

    def add(self, stage: StageSpec, rows: int, **tables: pl.DataFrame) -> None:
        """Append a stage; `rows` is how many it starts from, before those of earlier stages."""
        self.stages.append(stage)
        self.inputs.append(tables)
        self.rows.append(rows)

    def has(self, name: str) -> bool:
        """Whether a stage of that name is in the job."""
        return any(stage.name == name for stage in self.stages)


def start_job(workspace: Workspace, draft: JobDraft) -> JobFolder:
    """Make the job and start its worker."""
    job = workspace.supervisor.create(draft.stages, draft.inputs, workspace.settings.device)
    workspace.supervisor.start(job)
    return job


def draft_run(workspace: Workspace, database: Database, request: RunRequest) -> JobDraft:
    """Collect every stage that has something to do. Raises NothingToDo where none has."""
    _require_seeds(database, request.draw.datasets)
    planner = _Planner(workspace, database, request)
    planner.adopt_detector()
    planner.add_queries()
    planner.add_answers()
    planner.train_detector()
    planner.add_predictions()
    planner.add_clustering()
    planner.add_drift()
    planner.add_production()
    if not planner.draft.stages:
        if planner.draft.remarks:
            raise DetectorMissing(" ".join(planner.draft.remarks))
        raise NothingToDo(_nothing_due(database))
    return planner.draft


def _nothing_due(database: Database) -> str:
    seeds, questions = count_failed(database)
    lacking = [
        f"{counted(seeds, 'seed')} without a question" if seeds else "",
        f"{counted(questions, 'question')} without an answer" if questions else "",
    ]
    if any(lacking):
        return (
            f"Nothing is due but what failed: {' and '.join(filter(None, lacking))}. "
            "`backquery run --retry-errors` asks again."
        )
    return (
        "Nothing is due: every seed drawn has its question and answer, every answer its "
        "prediction, cluster and drift score. `backquery import` brings more seeds; "
        "`backquery label` is where a person goes on."
    )


def _require_seeds(database: Database, datasets: Sequence[str]) -> None:
    """Raise UnknownName for a dataset that is not there, or has no seeds."""
    for name in datasets:
        if "seed" not in require_dataset(database, name).roles:
            seeds = [item.dataset for item in list_datasets(database) if "seed" in item.roles]
            raise UnknownName(
                f"{name!r} has no seeds. Datasets of seeds: {', '.join(seeds) or 'none yet'}."
            )


class _Planner:
    """Adds the stages in their order; later ones look at what earlier ones will write."""

    def __init__(self, workspace: Workspace, database: Database, request: RunRequest) -> None:
        self.draft = JobDraft()
        self._workspace, self._database, self._request = workspace, database, request
        self._settings = workspace.settings
        self._seeds = pl.DataFrame(schema=SAMPLES)  # of the rows that the job will write
        self._initial: DetectorRow | None = initial_detector(database)
        self._fault = self._find_fault()  # why the initial detector cannot predict, unless it can

    def add_queries(self) -> None:
        if not self._request.wants("queries"):
            return
        chosen, retry = self._settings.queries, self._request.retry_errors
        params = QueryParams(
            **dict(self._generation("queries", chosen, chosen.model)),
            candidates=chosen.candidates,
            encoder=chosen.encoder,
        )
        samples = due_samples(self._database, self._request.draw, _way(params), retry=retry)
        if not samples.is_empty():
            stage = StageSpec(name="queries", params=params.model_dump(mode="json"))
            self.draft.add(stage, samples.height, samples=samples)
            self._seeds = samples.cast(SAMPLES)

    def add_answers(self) -> None:
        if not self._request.wants("answers"):
            return
        chosen, retry = self._settings.answers, self._request.retry_errors
        for model in chosen.models:
            params = self._generation("answers", chosen, model)
            queries = due_queries(self._database, self._request.draw, _way(params), retry=retry)
            if queries.is_empty() and not self.draft.has("queries"):
                continue
            stage = StageSpec(name="answers", params=params.model_dump(mode="json"))
            self.draft.add(stage, queries.height, queries=queries)
            seeds = samples_of(self._database, queries["sample_id"])
            self._seeds = pl.concat([self._seeds, seeds])

    def _generation(
        self,
        table: Literal["queries", "answers"],
        chosen: QuerySettings | AnswerSettings,
        model: str,
    ) -> GenerationParams:
        return GenerationParams(
            model=model,
            template=self._workspace.template(chosen.template),
            sampling=chosen.sampling,
            quantization=chosen.quantization,
            batch_rows=chosen.batch_rows,
            seed=self._settings.seed,
            attempt=self._attempt(table),
        )

    def _attempt(self, table: Literal["queries", "answers"]) -> int:
        """Return the number that tells rows from those that failed or were sent back."""
        failed = next_attempt(self._database, table) if self._request.retry_errors else 1
        return max(failed, next_question(self._database) if table == "queries" else 1)

    def _find_fault(self) -> str | None:
        if self._initial is None:
            return None
        if fault := fault_of(self._database, self._initial):
            return (
                f"The initial detector cannot be loaded: {fault}. `backquery run train predict` "
                "trains it again, `backquery run --initial REF` takes another."
            )
        unknown = unknown_labels(self._workspace.task, self._initial.labels)
        if not unknown:
            return None
        said = describe_unknown(self._workspace.task, unknown, "The initial detector gives")
        return f"{said} `backquery run train predict` trains one without it."

    def adopt_detector(self) -> None:
        """Adopt the detector that was brought along, before anything that takes hours."""
        reference = self._request.initial
        if reference is None:
            return
        stage, rows = adopt_initial(self._workspace, reference)
        if not is_adopted(self._database, self._initial, stage):
            self._add_detector(stage, rows)

    def train_detector(self) -> None:
        """Train it where predictions need one; a broken one only where that is asked for."""
        if self._fault and "train" not in self._request.stages:
            self._say_fault()
        elif self._fault or (not self._has_detector() and self._needs_detector()):
            self._add_detector(*initial_stage(self._workspace, self._database))

    def _say_fault(self) -> None:
        if self._request.wants("predict") and self._needs_detector():
            self.draft.remarks.append(f"Nothing is predicted. {self._fault}")

    def _add_detector(self, stage: StageSpec, rows: pl.DataFrame) -> None:
        self._initial = self._fault = None
        self.draft.add(stage, rows.height, training_rows=rows)

    def _needs_detector(self) -> bool:
        if not (self._request.wants("train") or self._request.wants("predict")):
            return False
        detector_id = self._initial.detector_id if self._initial else None
        has_answers = not due_predictions(self._database, detector_id).is_empty()
        unlabelled = not unlabelled_samples(self._database, detector_id).is_empty()
        return has_answers or unlabelled or self.draft.has("answers")

    def add_predictions(self) -> None:
        if self._fault or not self._request.wants("predict") or not self._has_detector():
            return
        detector_id = self._initial.detector_id if self._initial else None
        tables = {}
        if self._initial is not None:
            tables["detectors"] = detector_frame(self._database, [self._initial.detector_id])
        answers = due_predictions(self._database, detector_id)
        if not answers.is_empty() or self.draft.has("answers"):
            params = PredictParams(detector_id=detector_id, items="answers")
            stage = StageSpec(name="predict", params=params.model_dump(mode="json"))
            self.draft.add(stage, answers.height, answers=answers, **tables)
        samples = unlabelled_samples(self._database, detector_id)
        if not samples.is_empty():
            params = PredictParams(detector_id=detector_id, items="samples")
            stage = StageSpec(name="predict", params=params.model_dump(mode="json"))
            self.draft.add(stage, samples.height, samples=samples, **tables)

    def _has_detector(self) -> bool:
        return self._initial is not None or self.draft.has("train")

    def add_clustering(self) -> None:
        if not self._request.wants("cluster") or not self._has_detector():
            return
        detector_id = self._initial.detector_id if self._initial else ""
        predictions = due_for_clustering(self._database, detector_id)
        if predictions.is_empty() and not self._predicts_answers():
            return
        chosen = self._settings.clusters
        params = ClusterParams(k=chosen.k, scope=chosen.scope, seed=self._settings.seed)
        answer_ids = pl.concat(
            [predictions["item_id"], due_predictions(self._database, detector_id)["answer_id"]]
        )
        self.draft.add(
            StageSpec(name="cluster", params=params.model_dump(mode="json")),
            predictions.height,
            predictions=predictions,
            **self._lineage(answer_ids),
        )

    def _predicts_answers(self) -> bool:
        return any(
            stage.name == "predict" and stage.params["items"] == "answers"
            for stage in self.draft.stages
        )

    def add_drift(self) -> None:
        if not self._request.wants("drift"):
            return
        chosen = self._settings.drift
        params = DriftParams(
            model=chosen.model,
            layer=chosen.layer,
            precision=chosen.precision,
            seed=self._settings.seed,
        )
        answers = due_for_drift(self._database, config_hash(drift_config(params)))
        if not answers.is_empty() or self.draft.has("answers"):
            stage = StageSpec(name="drift", params=params.model_dump(mode="json"))
            lineage = self._lineage(answers["answer_id"])
            self.draft.add(stage, answers.height, **lineage)

    def add_production(self) -> None:
        """Compare all answers and their seeds with production, only where that is asked for."""
        if "production" not in self._request.stages:
            return
        production = production_samples(self._database)
        if production.is_empty():
            raise NothingToDo(
                "No dataset has the role production. Bring texts of a real product in with "
                "`backquery import FILE --dataset NAME --role production`."
            )
        answers = due_predictions(self._database, None)
        if answers.is_empty() and not self.draft.has("answers"):
            raise NothingToDo(
                "There is no answer yet to compare with production; `backquery run` makes them."
            )
        params = ProductionParams(
            datasets=tuple(sorted(set(production["dataset"]))),
            encoder=self._settings.queries.encoder,
            seed=self._settings.seed,
        )
        tables = self._lineage(answers["answer_id"])
        samples = pl.concat([tables["samples"], production]).unique("sample_id")
        self.draft.add(
            StageSpec(name="production", params=params.model_dump(mode="json")),
            answers.height,
            **{**tables, "samples": samples},
        )

    def _lineage(self, answer_ids: pl.Series) -> dict[str, pl.DataFrame]:
        """Return answers, queries and samples of stored answers, and the seeds of those to come.

        Queries and answers that this job writes reach the stage through their parts.
        """
        queries = queries_of(self._database, answer_ids)
        due = [
            tables["queries"].filter(~pl.col("query_id").is_in(queries["query_id"].to_list()))
            for stage, tables in zip(self.draft.stages, self.draft.inputs, strict=True)
            if stage.name == "answers"
        ]
        samples = samples_of(self._database, queries["sample_id"])
        return {
            "answers": answers_of(self._database, answer_ids),
            "queries": pl.concat([queries, *due]).unique("query_id", maintain_order=True),
            "samples": pl.concat([samples, self._seeds]).unique("sample_id", maintain_order=True),
        }


def _way(params: GenerationParams) -> Way:
    return Way(params.model_name, params.template.digest, params.sampling_json)
