"""The job that runs two detectors on the same rows of production, as far as they did not yet."""

from engine.jobs.draft import JobDraft
from store.database.connection import Database
from store.datasets import require_dataset
from store.detectors import find_contestant, list_contestants
from store.evaluations import list_evaluations
from tui.services.errors import NothingToDo
from tui.services.jobs.evaluation import Contest, evaluate_all
from tui.services.results.flagger_names import GUARD
from tui.services.results.flaggers import require_production
from tui.services.task_labels import require_outputs
from tui.services.workspace import Workspace


def draft_shadow(
    workspace: Workspace, database: Database, dataset: str, new: str, old: str
) -> Contest:
    """The evaluations that are missing; those of the guard are the verdicts in its log.

    Raises UnknownName for what is not there or not of production, NothingToDo where nothing is
    compared, LabelUnknown, and ModelUnavailable where a detector cannot be loaded.
    """
    require_production(database, dataset)
    if new in (GUARD, old):
        raise NothingToDo(
            "Name a new detector, and as the old one another, or guard for the verdicts in the log."
        )
    names = [name for name in (new, old) if name != GUARD]
    chosen = [find_contestant(database, name).detector_id for name in names]
    if len(set(chosen)) < len(names):
        raise NothingToDo(f"{new} and {old} are the same detector.")
    known = {item.detector_id: item for item in list_contestants(database)}
    for item in chosen:
        require_outputs(workspace.task, known[item])
    rows = require_dataset(database, dataset).rows
    done = {item.detector_id: item.n for item in list_evaluations(database, dataset)}
    if all(done.get(item) == rows for item in chosen):  # so that a million texts are not read
        return Contest(tuple(chosen), JobDraft())
    contest = evaluate_all(database, chosen, dataset, is_timed=False)
    if contest.left_out:
        raise NothingToDo(" ".join(contest.left_out))
    return contest
