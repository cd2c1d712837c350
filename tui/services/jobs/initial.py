"""The initial detector, which predicts and embeds: the stored one, and what makes one."""

from pathlib import Path

from engine.jobs.draft import PlannedStage
from engine.models.references import (
    ModelReference,
    make_absolute,
    parse_reference,
    resolve_checkpoint,
)
from engine.training.params import TrainParams
from store.database.connection import Database
from store.detectors import INITIAL, DetectorRow, initial_detector
from store.errors import RecipeRefused
from store.ids import row_id
from store.training import TrainingSet
from tui.services.errors import DetectorMissing
from tui.services.jobs.training import (
    assemble_recipe,
    fault_of,
    plan_training,
    train_params,
)
from tui.services.task_labels import describe_unknown, unknown_labels
from tui.services.workspace import Workspace


class Initial:
    """The InitialDetector of a workspace; see `engine.jobs.due`."""

    def __init__(self, workspace: Workspace, database: Database) -> None:
        self._workspace, self._database = workspace, database
        self._stored: DetectorRow | None = initial_detector(database)
        self.fault = self._find_fault()

    @property
    def detector_id(self) -> str | None:
        """The newest that is stored; None without one."""
        return self._stored.detector_id if self._stored else None

    def _find_fault(self) -> str | None:
        if self._stored is None:
            return None
        if fault := fault_of(self._database, self._stored):
            return (
                f"The initial detector cannot be loaded: {fault}. `backquery run train predict` "
                "trains it again, `backquery run --initial REF` takes another."
            )
        unknown = unknown_labels(self._workspace.task, self._stored.labels)
        if not unknown:
            return None
        lacking = describe_unknown(self._workspace.task, unknown, "The initial detector gives")
        return f"{lacking} `backquery run train predict` trains one without it."

    def training(self) -> PlannedStage:
        """The training by the initial recipe. Raises DetectorMissing where no row has a label."""
        workspace = self._workspace
        try:
            rows = assemble_recipe(workspace, self._database, workspace.recipe(INITIAL))
        except RecipeRefused as error:
            raise DetectorMissing(
                "An initial detector is needed to predict labels, and no seed or train dataset has "
                "labels to train it on. Import labelled rows (`--role train --label COL`), or "
                "bring a detector along with `backquery run --initial path:FOLDER`."
            ) from error
        params = train_params(workspace, rows, name=INITIAL, seed=workspace.settings.seed)
        return plan_training(params, rows)

    def adoption(self, reference: str) -> PlannedStage | None:
        """The stage that adopts a finished detector; None if it is the stored one, and intact.

        Raises ModelUnavailable where the reference leads to no model that runs here.
        """
        source = make_absolute(parse_reference(reference))
        task, settings = self._workspace.task, self._workspace.settings
        params = TrainParams.adopting(
            settings.detector,
            name=INITIAL,
            labels=task.labels,
            positives=sorted(task.positives),
            seed=settings.seed,
            base=str(source),
            source_digest=_digest_source(source),
            is_pair=task.is_pair,
        )
        if self._is_adopted(params):
            return None
        return plan_training(params, TrainingSet.empty(INITIAL))

    def _is_adopted(self, params: TrainParams) -> bool:
        stored = self._stored
        if stored is None or stored.base != params.base or fault_of(self._database, stored):
            return False
        return stored.params.get("source_digest", "") in ("", params.source_digest)


def _digest_source(reference: ModelReference) -> str:
    """The digest of a model's files by name, size and time. Raises ModelUnavailable.

    Empty for a model of the Hub, which is known by its name alone.
    """
    if reference.kind == "hf":
        return ""
    folder = Path(resolve_checkpoint(reference).location)
    files = sorted((path.name, path.stat()) for path in folder.iterdir() if path.is_file())
    return row_id(*(f"{name} {at.st_size} {at.st_mtime_ns}" for name, at in files))
