"""Turning a round of the loop until a person is due, or until it is finished."""

from dataclasses import dataclass

from rich.console import Console

from store.counting import counted
from store.rounds import Round
from tui.commands.output import say
from tui.commands.progress import follow_job
from tui.services.jobs.rounds import Due, RoundRequest, Step, find_step, open_round, take_step
from tui.services.jobs.run_plan import start_job
from tui.services.results.rounds import close_round
from tui.services.workspace import Workspace

_SAID: dict[Step, str] = {
    "patterns": "what the guard flagged is clustered",
    "evaluate": "the deployed detector is run on all that was logged",
    "recall": "a sample of what passed is drawn",
    "ready": "what was selected is made ready to be labelled",
    "seeds": "what the guard got wrong becomes seeds",
    "answers": "more of its kind is written",
    "train": "the next detector is trained",
    "shadow": "it is run beside the deployed one",
}


@dataclass(frozen=True, slots=True)
class Turned:
    """How far a round came: finished, or with so many clusters that wait for a person."""

    turn: Round
    due: Due | None

    @property
    def waits_for_person(self) -> bool:
        """Whether clusters are to be labelled before it goes on."""
        return self.due is not None


def turn(workspace: Workspace, request: RoundRequest, console: Console) -> Turned:
    """Take the steps of a round that are no person's, each in a job of its own.

    Raises what a step refuses; what was done stays, and the next call goes on from there.
    """
    while True:
        with workspace.planning():
            with workspace.database() as database:
                current = open_round(workspace, database, request)
                due = find_step(workspace, database, current, request)
                if not due.is_ours:
                    return Turned(current, due)
                if due.step == "figures":
                    return Turned(close_round(workspace, database, current), None)
                say(f"Round {current.number} of {current.dataset}: {_SAID[due.step]}.")
                draft = take_step(workspace, database, current, due.step, request)
            job = start_job(workspace, draft) if draft is not None and draft.planned else None
        if job is not None:
            follow_job(workspace, job, console)


def describe_wait(turned: Turned) -> str:
    """What a person has to do next in a round."""
    assert turned.due is not None
    what = "patterns and passed rows" if turned.due.step == "label patterns" else "new answers"
    clusters = counted(turned.due.clusters, "cluster")
    return (
        f"{clusters} of {what} wait for your label: `backquery label`, one key each. Then "
        f"`backquery round --on {turned.turn.dataset}` goes on; --go-on does so without them."
    )
