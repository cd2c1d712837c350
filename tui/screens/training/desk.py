"""What the training screen asks for: to be called in threads, over an owned workspace."""

import threading
from collections.abc import Collection, Sequence

from engine.errors import EngineError
from engine.models.detector import detector_folder
from engine.training.curve import read_kept_curve
from store.database.connection import Database
from store.detectors import DetectorRow, list_detectors
from store.errors import StoreError
from tui.frame.snapshot import JobLine
from tui.screens.training.curves import Curve, thin_curve
from tui.screens.training.live import LiveTraining
from tui.screens.training.plans import plan_of, seeds_key
from tui.screens.training.views import RecipePreview, RecipeView, TrainingRow, TrainingView
from tui.services.errors import ServiceError
from tui.services.jobs.run_plan import start_job
from tui.services.jobs.training_draft import TrainingDraft, draft_recipe
from tui.services.results.against_initial import compare_with_initial
from tui.services.results.training_doubts import warn_of_losses
from tui.services.workspace import Workspace


class TrainingDesk:
    """Reads trainings and their curves, previews recipes, starts trainings. Methods block."""

    def __init__(self, workspace: Workspace, database: Database) -> None:
        self._workspace, self._database = workspace, database
        self._lock = threading.Lock()  # a newer read may begin before an older one has ended
        self._jobs: dict[str, list[LiveTraining]] = {}  # those that were not done when first seen
        self._kept: dict[str, Curve] = {}  # by detector_id
        self._outcomes: dict[tuple[str, ...], str] = {}  # of detectors that differ in their seed

    def view(self, jobs: Sequence[JobLine], curves_of: Collection[str]) -> TrainingView:
        """All trainings as they are now, and the curves of some by detector_id."""
        with self._lock:
            known = list_detectors(self._database)
            detectors = {item.detector_id: _finished(item) for item in reversed(known)}
            rows = dict(detectors)
            live: dict[str, Curve] = {}
            for job in reversed(jobs):  # the newest training of a detector is the one to show
                for training in self._trainings(job):
                    row = training.row(job)
                    if row.is_under_way or row.detector_id not in detectors:
                        rows[row.detector_id] = row
                        live[row.detector_id] = training.curve
            by_time = sorted(rows.values(), key=lambda row: row.when, reverse=True)
            return TrainingView(
                tuple(sorted(by_time, key=lambda row: not row.is_under_way)),
                {
                    name: live[name] if name in live else self._kept_curve(name)
                    for name in curves_of
                    if name in rows
                },
                {
                    name: self._outcome(known, detectors[name])
                    for name in curves_of
                    if name in detectors
                },
            )

    def _trainings(self, job: JobLine) -> list[LiveTraining]:
        if job.job_id not in self._jobs:
            if job.state == "done" or all(stage.name != "train" for stage in job.stages):
                return []
            folder = self._workspace.supervisor.job(job.job_id)
            self._jobs[job.job_id] = [
                LiveTraining(folder, number, stage.params)
                for number, stage in enumerate(folder.spec().stages)
                if stage.name == "train"
            ]
        return self._jobs[job.job_id]

    def _outcome(self, known: Sequence[DetectorRow], row: TrainingRow) -> str:
        """What came of a detector's training, with those that differ from it in their seed."""
        together = tuple(
            item
            for item in known
            if item.detector_id == row.detector_id or seeds_key(item.params) == row.seeds != ""
        )
        ids = tuple(item.detector_id for item in together)
        if not self._outcomes.get(ids):  # the evaluation comes after the detector
            found = compare_with_initial(self._workspace, self._database, ids)
            warnings = warn_of_losses(self._workspace.path, together)
            sentences = ([found.sentence] if found else []) + [f"⚠ {item}" for item in warnings]
            self._outcomes[ids] = " ".join(sentences)
        return self._outcomes[ids]

    def _kept_curve(self, detector_id: str) -> Curve:
        if detector_id not in self._kept:
            folder = detector_folder(self._workspace.path, detector_id)
            self._kept[detector_id] = thin_curve(read_kept_curve(folder / "curve.json"))
        return self._kept[detector_id]

    def recipes(self) -> tuple[RecipeView, ...]:
        """The workspace's recipes, by the names of their files."""
        return tuple(self._view_recipe(name) for name in self._workspace.recipe_names())

    def _view_recipe(self, name: str) -> RecipeView:
        try:
            recipe = self._workspace.recipe(name)
        except StoreError as error:
            return RecipeView(name, None, str(error))
        return RecipeView(name, len(recipe.stage), recipe.description)

    def preview(self, name: str) -> RecipePreview:
        """What a recipe would train on, or why it can't be trained."""
        try:
            return RecipePreview(name, draft_recipe(self._workspace, self._database, name))
        except (ServiceError, EngineError, StoreError) as error:
            return RecipePreview(name, refusal=str(error))

    def start(self, draft: TrainingDraft) -> str:
        """Train on the rows that were previewed; the job's id."""
        self._database.require_writable()
        return start_job(self._workspace, draft.job).job_id


def _finished(detector: DetectorRow) -> TrainingRow:
    losses = detector.losses
    return TrainingRow(
        detector_id=detector.detector_id,
        name=detector.name,
        recipe=detector.recipe,
        rows=detector.training_rows,
        epochs=len(losses),
        planned=None,
        loss=losses[-1] if losses else None,
        state="trained" if losses else "adopted",
        share=1.0,
        rows_per_s=None,
        when=f"{detector.created_at:%Y-%m-%d %H:%M:%S}",
        plan=plan_of(detector.params),
        seeds=seeds_key(detector.params),
    )
