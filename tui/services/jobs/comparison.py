"""Chooses what is compared on a dataset, and drafts the job of what is missing for it."""

from collections.abc import Sequence

from engine.jobs.draft import JobDraft
from engine.stages.baseline import BaselineParams
from engine.training.params import TrainParams
from store.database.connection import Database
from store.detectors import (
    INITIAL,
    DetectorRow,
    find_contestant,
    list_contestants,
    list_detectors,
)
from store.errors import RecipeRefused
from store.evaluations import list_evaluations
from store.recipes import Recipe
from tui.services.errors import NothingToDo
from tui.services.jobs.baselines import add_fitted, names_at_hand
from tui.services.jobs.evaluation import Contest, evaluate_all, require_truth
from tui.services.jobs.training import (
    assemble_recipe,
    check_name,
    fault_of,
    plan_training,
    train_params,
)
from tui.services.task_labels import describe_unknown, require_outputs, unknown_labels
from tui.services.workspace import Workspace

ALL = "all"


def compare_all(
    workspace: Workspace,
    database: Database,
    dataset: str,
    *,
    baselines: bool = False,
    reference: str | None = None,
) -> Contest:
    """The contest of every detector, beside baselines that were evaluated on the dataset.

    With `baselines`, all that are fitted are entered and evaluated, and so is a `reference` that is
    a baseline. No language model is asked: that takes long or costs money. Raises NothingToDo where
    nothing is there, and UnknownName where there is no such reference.
    """
    require_truth(workspace, database, dataset)
    evaluated = {item.detector_id for item in list_evaluations(database, dataset)}
    everybody = [
        item
        for item in list_contestants(database)
        if not item.is_baseline or item.detector_id in evaluated
    ]
    known = [item for item in everybody if not unknown_labels(workspace.task, item.labels)]
    if everybody and not known:
        require_outputs(workspace.task, everybody[0])
    left_out = [
        describe_unknown(workspace.task, unknown, f"The detector {item.name!r} gives")
        for item in everybody
        if (unknown := unknown_labels(workspace.task, item.labels))
    ]
    chosen = [item.detector_id for item in known if not item.is_language_model]
    asked = [item.detector_id for item in known if item.is_language_model]
    draft = JobDraft()
    if baselines:
        chosen += _add_baselines(workspace, database, draft)
    if not chosen and not asked:
        raise NothingToDo("There is no detector yet; `backquery train RECIPE` makes one.")
    if reference is not None:
        chosen += _enter_reference(database, draft, [*chosen, *asked], dataset, reference)
    contest = evaluate_all(database, list(dict.fromkeys(chosen)), dataset, draft)
    return Contest((*contest.detector_ids, *asked), contest.draft, (*left_out, *contest.left_out))


def _enter_reference(
    database: Database, draft: JobDraft, chosen: Sequence[str], dataset: str, name: str
) -> list[str]:
    """The id of a reference that is a detector beside those chosen; nothing if it is among them.

    It is if a name or a recipe is called so. Raises UnknownName where it is no detector at all,
    and NothingToDo if it is a language model that would have to be asked.
    """
    entered = [item for item in list_contestants(database) if item.detector_id in chosen]
    names = {name for item in entered for name in (item.name, item.recipe)}
    names |= {item.shown_name for item in draft.params(BaselineParams)}
    names |= {item.recipe for item in draft.params(TrainParams)}
    names |= {item.name for item in draft.params(TrainParams)}
    if name in names:
        return []
    found = find_contestant(database, name)
    if found.is_language_model and unevaluated(database, dataset, [found.detector_id]):
        raise NothingToDo(
            f"{found.name} was not evaluated on {dataset!r} yet: `backquery evaluate {found.name} "
            f"--on {dataset}` asks it."
        )
    return [found.detector_id]


def unevaluated(database: Database, dataset: str, detector_ids: Sequence[str]) -> list[str]:
    """The names of those that have no evaluation on a dataset."""
    evaluated = {item.detector_id for item in list_evaluations(database, dataset)}
    missing = set(detector_ids) - evaluated
    return [item.name for item in list_contestants(database) if item.detector_id in missing]


def _add_baselines(workspace: Workspace, database: Database, draft: JobDraft) -> list[str]:
    names = names_at_hand(workspace.task)
    return [add_fitted(workspace, database, draft, name) for name in names]


def compare_recipes(
    workspace: Workspace,
    database: Database,
    dataset: str,
    names: str,
    seeds: int,
    *,
    baselines: bool = False,
    reference: str | None = None,
) -> Contest:
    """The contest of recipes; each is trained with each seed that has no detector.

    `names` are separated by commas; "all" is every recipe but the initial one, those that select
    no rows left out. A detector is there where recipe, rows, base and seed are the same. With
    `baselines`, they are evaluated beside them, and so is a `reference` that is a detector. Raises
    RecipeRefused, NameUnfit, and UnknownName where there is no such reference.
    """
    require_truth(workspace, database, dataset)
    draft, chosen, left_out = JobDraft(), list[str](), list[str]()
    known = list_detectors(database)
    for recipe in _recipes(workspace, names):
        check_name(recipe.name)
        try:
            chosen += _add_trainings(workspace, database, draft, recipe, seeds, known)
        except RecipeRefused as refusal:
            if names != ALL:
                raise
            left_out.append(str(refusal))
    if not chosen:
        raise NothingToDo(f"No recipe selects any rows. {' '.join(left_out)}")
    if baselines:
        chosen += _add_baselines(workspace, database, draft)
    if reference is not None:
        chosen += _enter_reference(database, draft, chosen, dataset, reference)
    contest = evaluate_all(database, list(dict.fromkeys(chosen)), dataset, draft)
    return Contest(contest.detector_ids, contest.draft, (*left_out, *contest.left_out))


def _recipes(workspace: Workspace, names: str) -> list[Recipe]:
    if names == ALL:
        return [recipe for recipe in workspace.recipes() if recipe.name != INITIAL]
    wanted = dict.fromkeys(name.strip() for name in names.split(",") if name.strip())
    return [workspace.recipe(name) for name in wanted]


def _add_trainings(
    workspace: Workspace,
    database: Database,
    draft: JobDraft,
    recipe: Recipe,
    seeds: int,
    known: Sequence[DetectorRow],
) -> list[str]:
    """The ids of a recipe's detectors, one for each seed; trainings of those not there are added.

    Raises RecipeRefused before anything is added.
    """
    rows, chosen = assemble_recipe(workspace, database, recipe), []
    for number in range(seeds):
        name = recipe.name if seeds == 1 else f"{recipe.name}-{number + 1}"
        seed = workspace.settings.seed + number
        params = train_params(workspace, rows, name=name, seed=seed)
        found = _find_trained(known, params)
        if found is None or fault_of(database, found):
            draft.add(plan_training(params, rows))
        chosen.append(found.detector_id if found else params.detector_id)
    return chosen


def _find_trained(known: Sequence[DetectorRow], params: TrainParams) -> DetectorRow | None:
    """The newest detector that such a training would make again."""
    return next(
        (
            item
            for item in reversed(known)
            if TrainParams.model_validate(item.params).makes_same_detector(params)
        ),
        None,
    )
