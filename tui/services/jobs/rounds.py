"""What is next in a round of the loop, and how each step is done.

A round is import → patterns → labels → seeds → answers → labels → training → shadow. What is next
follows from what is stored, so a round goes on wherever it stopped. Two steps are a person's.
"""

from contextlib import suppress
from dataclasses import dataclass
from typing import Final, Literal

from engine.jobs.draft import JobDraft
from engine.training.params import TrainParams
from store.database.connection import Database
from store.datasets import require_dataset
from store.detectors import find_contestant, list_detectors
from store.evaluations import list_evaluations
from store.observed import read_selected
from store.pairs import Draw
from store.rounds import (
    Round,
    begin_round,
    count_undecided,
    list_rounds,
    note_made,
)
from tui.services.errors import NothingToDo
from tui.services.files.seed_copies import copy_failures
from tui.services.jobs.evaluation import evaluate_all
from tui.services.jobs.patterns import PatternsRequest, draft_patterns, draft_selection
from tui.services.jobs.recall import RecallRequest, draft_labelling, take_sample
from tui.services.jobs.run_plan import RunRequest, draft_run
from tui.services.jobs.shadow import draft_shadow
from tui.services.jobs.training import assemble_recipe
from tui.services.jobs.training_draft import draft_training
from tui.services.results.flagger_names import GUARD
from tui.services.results.flaggers import require_production
from tui.services.workspace import Workspace

Step = Literal[
    "patterns", "evaluate", "recall", "ready", "label patterns",
    "seeds", "answers", "label answers", "train", "shadow", "figures",
]  # fmt: skip
NONE: Final = ""  # what a step leaves that had nothing to do


@dataclass(frozen=True, slots=True)
class RoundRequest:
    """A round on a dataset of production.

    `detector` is the deployed one where it is one of ours, None for that of the last round, or
    else whatever logged the verdicts. `sample` passed rows estimate what it misses. With `go_on`,
    clusters that nobody decided are left so.
    """

    dataset: str
    detector: str | None = None
    recipe: str = "production"
    sample: int = 60
    go_on: bool = False


@dataclass(frozen=True, slots=True)
class Due:
    """The next step of a round, and how many clusters wait where it is a person's."""

    step: Step
    clusters: int = 0

    @property
    def is_ours(self) -> bool:
        """Whether it can be done without a person."""
        return not self.clusters


def open_round(workspace: Workspace, database: Database, request: RoundRequest) -> Round:
    """The round that is not finished, or the next one.

    Raises UnknownName for a dataset that is not of production and for an unknown detector, and
    NothingToDo where nothing was logged since the last round.
    """
    require_production(database, request.dataset)
    known = list_rounds(database, request.dataset)
    if request.detector is not None:
        deployed = find_contestant(database, request.detector).detector_id
    else:
        deployed = deployed_after(known[-1]) if known else GUARD
    turn = begin_round(database, request.dataset, deployed)
    if turn is None:
        raise NothingToDo(
            f"No guard has judged anything in {request.dataset} since the last round. `backquery "
            f"import LOG --dataset {request.dataset} --role production` brings a log in; what "
            "`backquery score` writes is one, too (--format scored)."
        )
    return turn


def deployed_after(last: Round) -> str:
    """The detector to deploy after a round: its successor, where that was found to be better."""
    is_better = last.figures is not None and last.figures["verdict"] == "PROMOTE"
    return last.new_detector_id if is_better and last.new_detector_id else last.old_detector_id


def find_step(workspace: Workspace, database: Database, turn: Round, request: RoundRequest) -> Due:
    """What is next in a round."""
    if turn.patterns_id is None:
        return Due("patterns")
    if turn.recall_id is None:
        is_evaluated = _draft_evaluation(database, turn) is None
        return Due("recall" if is_evaluated else "evaluate")
    if _draft_labelling(workspace, database, turn) is not None:
        return Due("ready")
    selections = [item for item in (turn.patterns_id, turn.recall_id) if item]
    if not request.go_on and (left := count_undecided(database, selections, None)):
        return Due("label patterns", left)
    if turn.seeds is None:
        return Due("seeds")
    if turn.seeds and _draft_answers(workspace, database, turn.seeds) is not None:
        return Due("answers")
    if turn.seeds and not request.go_on and (left := count_undecided(database, [], turn.seeds)):
        return Due("label answers", left)
    if turn.new_detector_id not in {item.detector_id for item in list_detectors(database)}:
        return Due("train")
    return Due("figures" if _draft_shadow(workspace, database, turn) is None else "shadow")


def take_step(
    workspace: Workspace, database: Database, turn: Round, step: Step, request: RoundRequest
) -> JobDraft | None:
    """Do a step that is no person's, or draft the job that does it; None where it is done.

    Raises what the step itself refuses: RecipeRefused where nothing is there to train on.
    """
    match step:
        case "patterns":
            return _select_patterns(workspace, database, turn)
        case "evaluate":
            return _draft_evaluation(database, turn)
        case "recall":
            _sample_passed(workspace, database, turn, request.sample)
            return None
        case "ready":
            return _draft_labelling(workspace, database, turn)
        case "seeds":
            _copy_failures(workspace, database, turn)
            return None
        case "answers":
            return _draft_answers(workspace, database, turn.seeds or NONE)
        case "train":
            return _draft_training(workspace, database, turn, request.recipe)
        case "shadow":
            return _draft_shadow(workspace, database, turn)
        case _:
            raise AssertionError(f"{step} is a person's, or the end")


def _select_patterns(workspace: Workspace, database: Database, turn: Round) -> JobDraft | None:
    try:
        found = draft_patterns(workspace, database, PatternsRequest(turn.dataset))
    except NothingToDo:  # nothing new was flagged
        note_made(database, turn, "patterns_id", NONE)
        return None
    note_made(database, turn, "patterns_id", found.selection_id)
    return found.draft


def _draft_evaluation(database: Database, turn: Round) -> JobDraft | None:
    """The job that runs the deployed detector on the dataset; None where it ran, or is not ours.

    So the sample of what passed, and the shadow, go by one detector, whichever logged a record.
    """
    if turn.old_detector_id == GUARD:
        return None
    rows = require_dataset(database, turn.dataset).rows
    done = {item.detector_id: item.n for item in list_evaluations(database, turn.dataset)}
    if done.get(turn.old_detector_id) == rows:  # so that a million texts are not read
        return None
    contest = evaluate_all(database, [turn.old_detector_id], turn.dataset, is_timed=False)
    return contest.draft if contest.draft.planned else None


def _sample_passed(workspace: Workspace, database: Database, turn: Round, sample: int) -> None:
    try:
        request = RecallRequest(turn.dataset, turn.old_detector_id, sample)
        taken = take_sample(workspace, database, request)
    except NothingToDo:  # all was flagged
        note_made(database, turn, "recall_id", NONE)
    else:
        note_made(database, turn, "recall_id", taken.selection_id)


def _draft_labelling(workspace: Workspace, database: Database, turn: Round) -> JobDraft | None:
    """The job that makes selected rows ready to be labelled; None where they are.

    Patterns are clustered, the rows of the sample have a cluster each.
    """
    if turn.patterns_id:
        answers = read_selected(database, turn.patterns_id)["answer_id"].to_list()
        with suppress(NothingToDo):
            return draft_selection(workspace, database, answers, workspace.settings.clusters.k)
    return draft_labelling(workspace, database, turn.recall_id) if turn.recall_id else None


def _copy_failures(workspace: Workspace, database: Database, turn: Round) -> None:
    """Make seeds of what the guard got wrong; of pairs, from which nothing is written, none."""
    name = NONE
    if not workspace.task.is_pair:
        wanted = f"{turn.dataset}-failures"
        copied = copy_failures(workspace, database, turn.dataset, wanted)
        name = wanted if copied.new or copied.known else NONE
    note_made(database, turn, "seeds", name)


def _draft_answers(workspace: Workspace, database: Database, seeds: str) -> JobDraft | None:
    """The job that writes questions and answers from seeds; None where all have theirs."""
    try:
        return draft_run(workspace, database, RunRequest(draw=Draw(datasets=(seeds,))))
    except NothingToDo:
        return None


def _draft_training(workspace: Workspace, database: Database, turn: Round, recipe: str) -> JobDraft:
    rows = assemble_recipe(workspace, database, workspace.recipe(recipe))
    draft = draft_training(workspace, database, rows, f"round-{turn.number}")
    (params,) = draft.params(TrainParams)
    note_made(database, turn, "new_detector_id", params.detector_id)
    return draft


def _draft_shadow(workspace: Workspace, database: Database, turn: Round) -> JobDraft | None:
    """The job that runs both detectors over the dataset; None where both were."""
    new = turn.new_detector_id or NONE
    draft = draft_shadow(workspace, database, turn.dataset, new, turn.old_detector_id).draft
    return draft if draft.planned else None
