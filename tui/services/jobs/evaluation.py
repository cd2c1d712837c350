"""Turns detectors and a dataset into the job that judges them, and trains what is missing."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from engine.errors import ModelUnavailable
from engine.jobs.job import StageSpec
from engine.jobs.params import StageParams
from engine.models.detector import REPLACE_IT
from engine.stages.evaluate import EvaluateParams
from engine.stages.judge import JudgeParams
from engine.stages.speed import SpeedParams
from store.database.connection import Database
from store.datasets import judged_samples, require_dataset
from store.detectors import (
    INITIAL,
    DetectorRow,
    detector_frame,
    find_contestant,
    list_contestants,
    list_detectors,
)
from store.errors import RecipeRefused
from store.evaluations import judged_sample_ids, list_evaluations
from store.recipes import Recipe
from store.schema import FITTED, LLM, benchmark_digest, evaluation_id
from tui.services.errors import NothingToDo
from tui.services.jobs.baselines import BASES, RECIPE, add_fitted, add_judge
from tui.services.jobs.run_plan import JobDraft
from tui.services.jobs.training import (
    assemble_recipe,
    check_name,
    fault_of,
    is_same_training,
    train_stage,
)
from tui.services.task_labels import (
    describe_unknown,
    require_labels,
    require_outputs,
    unknown_labels,
)
from tui.services.workspace import Workspace

ALL = "all"


@dataclass(frozen=True, slots=True)
class Contest:
    """What is compared: the detectors, the job that trains and judges them, what was left out."""

    detector_ids: tuple[str, ...]
    draft: JobDraft  # without stages where nothing is missing
    left_out: tuple[str, ...] = ()  # why recipes or detectors are not among them


def evaluate_all(
    database: Database,
    detector_ids: Sequence[str],
    dataset: str,
    draft: JobDraft | None = None,
    *,
    retry_errors: bool = False,
) -> Contest:
    """Add to a job the judging of these detectors, where it is missing, and their timing.

    The job may train some of them before. A language model is asked only about rows that its
    evaluation lacks; with `retry_errors`, also about those that it gave no reply to. A reply that
    names no label is its answer, and stays. A model on a server is not timed: that would cost
    again, and say nothing of this machine. A detector that cannot be loaded is left out, unless it
    was judged before. Raises UnknownName where the dataset is unknown, and ModelUnavailable where
    nobody is left.
    """
    draft = draft or JobDraft()
    samples = judged_samples(database, dataset)
    judged = {
        evaluation.detector_id
        for evaluation in list_evaluations(database, dataset)
        if evaluation.n == samples.height
    }
    judges = _judges(database, draft)
    made = {stage.params["detector_id"] for stage in draft.stages}  # each trains or fits one
    faults = _find_faults(database, set(detector_ids) - judged - made)
    if detector_ids and len(faults) == len(detector_ids):
        raise ModelUnavailable(" ".join(faults.values()))
    detector_ids = [item for item in detector_ids if item not in faults]
    run_here = tuple(item for item in detector_ids if item not in judged | judges.keys())
    known = detector_frame(database, run_here)
    has_others = len(detector_ids) > 1
    if run_here:
        chosen = EvaluateParams(detector_ids=run_here, may_leave_out=has_others)
        stage = _stage("evaluate", chosen)
        draft.add(stage, samples.height, detectors=known, samples=samples)
    digest = benchmark_digest(samples) if judges else ""
    asked = []
    for judge in [judges[item] for item in detector_ids if item in judges]:
        judged_as = evaluation_id(judge.detector_id, dataset, digest)
        answered = judged_sample_ids(database, judged_as, but_unanswered=retry_errors)
        due = samples.filter(~samples["sample_id"].is_in(answered))
        if not due.is_empty():
            asked.append(judge)
            stage = _stage("judge", judge.model_copy(update={"dataset_digest": digest}))
            draft.add(stage, due.height, samples=due)
    timing = SpeedParams(
        detector_ids=run_here,
        judges=tuple(judge for judge in asked if judge.needs_device),
        may_leave_out=has_others,
    )
    if timing.detector_ids or timing.judges:
        draft.add(_stage("speed", timing), samples.height, detectors=known, samples=samples)
    return Contest(tuple(detector_ids), draft, tuple(faults.values()))


def _find_faults(database: Database, detector_ids: Collection[str]) -> dict[str, str]:
    """Return a sentence for each of these detectors that is stored and cannot be loaded."""
    found = {}
    for item in list_contestants(database):
        if item.detector_id in detector_ids and (fault := fault_of(database, item)):
            found[item.detector_id] = f"{item.name}: {fault}. {REPLACE_IT}"
    return found


def _stage(name: str, params: StageParams) -> StageSpec:
    return StageSpec(name=name, params=params.model_dump(mode="json"))


def _judges(database: Database, draft: JobDraft) -> dict[str, JudgeParams]:
    """Return how language models are asked, by id: those that are there or will be."""
    stored = [item.params for item in list_contestants(database) if item.is_judge]
    drafted = [stage.params for stage in draft.stages if stage.name == "baseline"]
    return {
        params["detector_id"]: JudgeParams.model_validate(params["judge"])
        for params in [*stored, *drafted]
        if params["judge"]
    }


def require_truth(workspace: Workspace, database: Database, dataset: str) -> None:
    """Raise UnknownName for an unknown dataset, LabelUnknown where it has labels the task lacks."""
    found = require_dataset(database, dataset).labels
    require_labels(workspace.task, found, f"Rows of {dataset!r} have")


def evaluate_one(
    workspace: Workspace,
    database: Database,
    name: str,
    dataset: str,
    recipe: str | None,
    *,
    retry_errors: bool = False,
) -> Contest:
    """Draft the judging of a detector, or of a baseline, which is entered first.

    Only a baseline that is fitted takes a `recipe`, and only a language model is asked again about
    rows with an error. Raises UnknownName, NothingToDo, RecipeRefused and ModelUnavailable.
    """
    require_truth(workspace, database, dataset)
    draft = JobDraft()
    if name.startswith(FITTED):
        chosen = add_fitted(workspace, database, draft, name, recipe or RECIPE)
    elif recipe is not None:
        raise NothingToDo(f"{name} is fitted on no recipe here: omit --recipe.")
    elif name.startswith(LLM):
        chosen = add_judge(workspace, database, draft, name)
    else:
        chosen = find_contestant(database, name).detector_id
    for item in list_contestants(database):
        if item.detector_id == chosen:
            require_outputs(workspace.task, item)
    if retry_errors and chosen not in _judges(database, draft):
        raise NothingToDo(f"{name} is no language model, which could be asked again: "
                          "omit --retry-errors.")  # fmt: skip
    return evaluate_all(database, [chosen], dataset, draft, retry_errors=retry_errors)


def compare_all(
    workspace: Workspace, database: Database, dataset: str, *, baselines: bool = False
) -> Contest:
    """Draft the judging of every detector, beside baselines that were judged on the dataset.

    With `baselines`, all that are fitted are entered and judged. No language model is asked: that
    takes long or costs money. Raises NothingToDo where nothing is there.
    """
    require_truth(workspace, database, dataset)
    judged = {item.detector_id for item in list_evaluations(database, dataset)}
    everybody = [
        item
        for item in list_contestants(database)
        if not item.is_baseline or item.detector_id in judged
    ]
    known = [item for item in everybody if not unknown_labels(workspace.task, item.labels)]
    if everybody and not known:
        require_outputs(workspace.task, everybody[0])
    left_out = [
        describe_unknown(workspace.task, unknown, f"The detector {item.name!r} gives")
        for item in everybody
        if (unknown := unknown_labels(workspace.task, item.labels))
    ]
    chosen = [item.detector_id for item in known if not item.is_judge]
    asked = [item.detector_id for item in known if item.is_judge]
    draft = JobDraft()
    if baselines:
        chosen += _add_baselines(workspace, database, draft)
    if not chosen and not asked:
        raise NothingToDo("There is no detector yet; `backquery train RECIPE` makes one.")
    contest = evaluate_all(database, list(dict.fromkeys(chosen)), dataset, draft)
    return Contest((*contest.detector_ids, *asked), contest.draft, (*left_out, *contest.left_out))


def unjudged(database: Database, dataset: str, detector_ids: Sequence[str]) -> list[str]:
    """Return the names of those that have no evaluation on a dataset."""
    judged = {item.detector_id for item in list_evaluations(database, dataset)}
    missing = set(detector_ids) - judged
    return [item.name for item in list_contestants(database) if item.detector_id in missing]


def _add_baselines(workspace: Workspace, database: Database, draft: JobDraft) -> list[str]:
    return [add_fitted(workspace, database, draft, base, RECIPE) for base in BASES]


def compare_recipes(
    workspace: Workspace,
    database: Database,
    dataset: str,
    names: str,
    seeds: int,
    *,
    baselines: bool = False,
) -> Contest:
    """Draft the training of each recipe by each seed that has no detector, and its judging.

    `names` are separated by commas; "all" is every recipe but the initial one, those that select
    no rows left out. A detector is there where recipe, rows, base and seed are the same. With
    `baselines`, they are judged beside them. Raises RecipeRefused and NameUnfit.
    """
    require_truth(workspace, database, dataset)
    draft, chosen, left_out = JobDraft(), [], []
    known = list_detectors(database)
    for recipe in _recipes(workspace, names):
        check_name(recipe.name)
        try:
            rows = assemble_recipe(workspace, database, recipe)
        except RecipeRefused as refusal:
            if names != ALL:
                raise
            left_out.append(str(refusal))
            continue
        for number in range(seeds):
            name = recipe.name if seeds == 1 else f"{recipe.name}-{number + 1}"
            seed = workspace.settings.seed + number
            stage = train_stage(workspace, rows, name=name, seed=seed)
            found = _find_trained(known, stage.params)
            if found is None or fault_of(database, found):
                draft.add(stage, rows.rows.height, training_rows=rows.rows)
            chosen.append(found.detector_id if found else stage.params["detector_id"])
    if not chosen:
        raise NothingToDo(f"No recipe selects any rows. {' '.join(left_out)}")
    if baselines:
        chosen += _add_baselines(workspace, database, draft)
    contest = evaluate_all(database, chosen, dataset, draft)
    return Contest(contest.detector_ids, contest.draft, (*left_out, *contest.left_out))


def _recipes(workspace: Workspace, names: str) -> list[Recipe]:
    if names == ALL:
        return [recipe for recipe in workspace.recipes() if recipe.name != INITIAL]
    wanted = dict.fromkeys(name.strip() for name in names.split(",") if name.strip())
    return [workspace.recipe(name) for name in wanted]


def _find_trained(known: Sequence[DetectorRow], params: dict[str, Any]) -> DetectorRow | None:
    return next((item for item in reversed(known) if is_same_training(item.params, params)), None)
