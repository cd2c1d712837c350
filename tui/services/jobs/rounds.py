"""What is next in a round of the loop, and how each step is done.

A round is import → patterns → labels → seeds → answers → labels → training → shadow. What is next
follows from what is stored, so a round goes on wherever it stopped. Two steps are a person's.
"""

from dataclasses import dataclass
from typing import Final, Literal

from engine.jobs.draft import JobDraft
from store.database.connection import Database
from store.detectors import find_contestant
from store.pairs import Draw
from store.rounds import Round, begin_round, count_traffic, count_undecided, list_rounds, note_made
from tui.services.errors import NothingToDo
from tui.services.files.seed_copies import copy_failures
from tui.services.jobs.patterns import PatternsRequest, draft_patterns, require_production
from tui.services.jobs.recall import RecallRequest, draft_recall
from tui.services.jobs.run_plan import RunRequest, draft_run
from tui.services.jobs.training import assemble_recipe
from tui.services.jobs.training_draft import draft_training
from tui.services.workspace import Workspace

Step = Literal[
    "patterns", "recall", "label patterns", "seeds", "answers", "label answers", "train", "shadow",
    "figures",
]  # fmt: skip
GUARD: Final = "guard"  # the deployed one, known by what it logged alone
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
        deployed = _deployed_after(known[-1]) if known else GUARD
    turn = begin_round(database, request.dataset, deployed)
    if turn.patterns_id is None and not count_traffic(database, turn).records:
        raise NothingToDo(
            f"Nothing was logged in {request.dataset} since the last round. `backquery import LOG "
            f"--dataset {request.dataset} --role production` brings more."
        )
    return turn


def find_step(workspace: Workspace, database: Database, turn: Round, *, go_on: bool) -> Due:
    """What is next in a round."""
    if turn.patterns_id is None:
        return Due("patterns")
    if turn.recall_id is None:
        return Due("recall")
    selections = [item for item in (turn.patterns_id, turn.recall_id) if item]
    if not go_on and (left := count_undecided(database, selections, None)):
        return Due("label patterns", left)
    if turn.seeds is None:
        return Due("seeds")
    if turn.seeds and _draft_answers(workspace, database, turn.seeds) is not None:
        return Due("answers")
    if turn.seeds and not go_on and (left := count_undecided(database, [], turn.seeds)):
        return Due("label answers", left)
    if turn.new_detector_id not in {item.detector_id for item in list_detectors(database)}:
        return Due("train")
    return Due("shadow")


def take_step(
    workspace: Workspace, database: Database, turn: Round, step: Step, request: RoundRequest
) -> JobDraft | None:
    """Do a step that is no person's, or draft the job that does it; None where it is done.

    Raises what the step itself refuses: RecipeRefused where nothing is there to train on.
    """
    match step:
        case "patterns":
            return _select_patterns(workspace, database, turn)
        case "recall":
            return _sample_passed(workspace, database, turn, request)
        case "seeds":
            name = f"{turn.dataset}-failures"
            copied = copy_failures(workspace, database, turn.dataset, name)
            note_made(database, turn, "seeds", name if copied.new or copied.known else NONE)
            return None
        case "answers":
            return _draft_answers(workspace, database, turn.seeds or NONE)
        case "train":
            rows = assemble_recipe(workspace, database, workspace.recipe(request.recipe))
            draft = draft_training(workspace, database, rows, f"round-{turn.number}")
            (params,) = draft.params(TrainParams)
            note_made(database, turn, "new_detector_id", params.detector_id)
            return draft
        case _:
            return _draft_shadow(workspace, database, turn)


def _select_patterns(workspace: Workspace, database: Database, turn: Round) -> JobDraft | None:
    try:
        found = draft_patterns(workspace, database, PatternsRequest(turn.dataset))
    except NothingToDo:
        note_made(database, turn, "patterns_id", NONE)
        return None
    note_made(database, turn, "patterns_id", found.selection_id)
    return found.draft


def _draft_answers(workspace: Workspace, database: Database, seeds: str) -> JobDraft | None:
    """The job that writes questions and answers from seeds; None where all have theirs."""
    try:
        return draft_run(workspace, database, RunRequest(draw=Draw(datasets=(seeds,))))
    except NothingToDo:
        return None
