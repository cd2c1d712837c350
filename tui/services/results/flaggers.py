"""What flags rows of production: the guard that was deployed, or a detector that was run there."""

from dataclasses import dataclass

from store.database.connection import Database
from store.datasets import list_datasets, require_dataset
from store.detectors import find_contestant, list_contestants
from store.errors import UnknownName
from store.evaluations import list_evaluations
from store.flagging import Flagging, count_verdicts
from store.thresholds import find_threshold
from tui.services.errors import NothingToDo
from tui.services.results.flagger_names import GUARD, LOG
from tui.services.task_labels import require_outputs
from tui.services.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Flagger:
    """The guard, or a detector as it was run on a dataset last.

    `scored_by` names what scores its rows: "log", a detector, or None.
    """

    name: str
    detector_id: str | None
    flagging: Flagging
    scored_by: str | None


def require_production(database: Database, dataset: str) -> None:
    """Raise UnknownName for a dataset that is not there, or not of production."""
    if "production" not in require_dataset(database, dataset).roles:
        known = [item.dataset for item in list_datasets(database) if "production" in item.roles]
        raise UnknownName(
            f"{dataset!r} is not of production. Datasets of production: "
            f"{', '.join(known) or 'none yet; `backquery import --role production` brings one'}."
        )


def find_flagger(workspace: Workspace, database: Database, dataset: str, name: str) -> Flagger:
    """The guard by the name GUARD, else a detector that was evaluated on the dataset.

    Raises NothingToDo where the log has no verdicts or the detector was not run there yet,
    UnknownName and LabelUnknown.
    """
    require_production(database, dataset)
    return (
        _find_guard(workspace, database, dataset)
        if name == GUARD
        else _find_detector(workspace, database, dataset, name)
    )


def _find_guard(workspace: Workspace, database: Database, dataset: str) -> Flagger:
    positives = tuple(sorted(workspace.task.positives))
    log = count_verdicts(database, dataset)
    if not log.verdicts:
        raise NothingToDo(
            f"The log of {dataset!r} has no verdicts of a guard. Name a detector: "
            f"`backquery evaluate NAME --on {dataset}` runs one on it."
        )
    if log.scored:
        return Flagger(GUARD, None, Flagging(dataset, None, positives), LOG)
    scorers = {item.detector_id: item for item in list_contestants(database)}
    scores, scored_by = None, None
    for evaluation in list_evaluations(database, dataset):  # that of the newest detector is last
        scorer = scorers[evaluation.detector_id]
        if not scorer.is_baseline and not workspace.task.positives.isdisjoint(scorer.labels):
            scores, scored_by = evaluation.evaluation_id, scorer.name
    return Flagger(GUARD, None, Flagging(dataset, None, positives, scores=scores), scored_by)


def _find_detector(workspace: Workspace, database: Database, dataset: str, name: str) -> Flagger:
    detector = find_contestant(database, name)
    require_outputs(workspace.task, detector)
    newest = [
        item
        for item in list_evaluations(database, dataset)
        if item.detector_id == detector.detector_id
    ]
    if not newest:
        raise NothingToDo(
            f"{detector.name} was not run on {dataset!r} yet: `backquery evaluate "
            f"{detector.name} --on {dataset}` does."
        )
    chosen = find_threshold(database, detector.detector_id)
    flagging = Flagging(
        dataset,
        newest[0].evaluation_id,
        tuple(sorted(workspace.task.positives)),
        chosen.threshold if chosen else None,
    )
    return Flagger(detector.name, detector.detector_id, flagging, detector.name)
