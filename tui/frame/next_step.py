"""What to do next: one sentence, from a snapshot alone."""

import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from store.counting import counted
from tui.frame.snapshot import Due, Invention, JobLine, Snapshot

if TYPE_CHECKING:
    from store.counts import Counts

DONE: Final = "All steps are done. Compare the detectors:"
COUNTING: Final = "Finding out what is due …"  # which may take longer than the first picture
LEFT: Final = ("paused", "failed", "interrupted", "queued")  # states of jobs that rows wait in


@dataclass(frozen=True, slots=True)
class NextStep:
    """A sentence, what to press in the app if a key does it, and the command that does it.

    `key` is the id of a key in the registry: `everywhere.jobs`.
    """

    text: str
    key: str = ""
    command: str = ""


def next_step(snapshot: Snapshot) -> NextStep:
    """The first thing that is missing for detectors to compare, then what was left behind."""
    return (
        _about_jobs(snapshot)
        or _about_labels(snapshot)
        or _about_rows(snapshot)
        or _about_detectors(snapshot)
        or _about_comparing(snapshot)
    )


def _about_labels(snapshot: Snapshot) -> NextStep | None:
    return NextStep(" ".join(snapshot.label_warnings)) if snapshot.label_warnings else None


def _about_jobs(snapshot: Snapshot) -> NextStep | None:
    if snapshot.running:
        job = snapshot.running[0]
        if snapshot.undecided:
            clusters = _clusters(snapshot.undecided)
            return _label(f"Job {job.job_id} is {job.state}. Meanwhile label: {clusters}.")
        if job.state == "waiting":
            return _jobs(f"Job {job.job_id} is waiting. What it waits for is there:")
        return _jobs(f"Job {job.job_id} is running. Nothing to do but wait; its log is there:")
    newest = snapshot.jobs[0] if snapshot.jobs else None
    if newest is None or newest.state not in LEFT:
        return None
    if newest.state == "paused":
        return _jobs(f"Job {newest.job_id} paused: {_first_line(newest.error)}. See examples:")
    return _jobs(f"Job {newest.job_id} {_ended(newest)} See why, and resume it:")


def _label(text: str) -> NextStep:
    return NextStep(text, "everywhere.label", "backquery label")


def _jobs(text: str) -> NextStep:
    return NextStep(text, "everywhere.jobs", "backquery jobs")


def _run(text: str) -> NextStep:
    return NextStep(text, "pipeline.run", "backquery run")


def _ended(job: JobLine) -> str:
    if job.state == "interrupted":
        return "was interrupted; what it had finished is kept."
    if job.state == "queued":
        return "was never started."
    return f"failed: {_first_line(job.error)}."


def _first_line(text: str | None) -> str:
    lines = (text or "see its log").strip().splitlines()
    return lines[0].rstrip(".")[:120] if lines else "see its log"


def _about_rows(snapshot: Snapshot) -> NextStep | None:
    if snapshot.invention is not None:
        if step := _about_scenarios(snapshot.invention, snapshot.counts):
            return step
    elif not snapshot.seeds:
        return NextStep(
            "There are no seeds yet. Import a file of texts:",
            "data.import",
            "backquery import FILE --dataset NAME --role seed",
        )
    if snapshot.due.stages and not _only_more_seeds(snapshot):
        return _run(f"Run what is due: {_due(snapshot.due)}.")
    if snapshot.undecided:
        return _label(f"Label by the representatives: {_clusters(snapshot.undecided)}.")
    if snapshot.due.refusal:
        return NextStep(snapshot.due.refusal)
    if snapshot.invention is None and not snapshot.counts.clusters and not snapshot.recipes:
        return _without_clusters(snapshot)
    return None


def _about_scenarios(found: Invention, counts: "Counts") -> NextStep | None:
    """What lacks for scenarios, before there is anything to label."""
    if counts.clusters:
        return None
    if found.waiting:
        waiting = counted(found.waiting, "draw")
        text = f"Scenarios are to be written from {waiting}. Let a language model write them:"
        return NextStep(text, command="backquery invent")
    if found.failed and not counts.answers:
        failed = counted(found.failed, "draw")
        text = f"No scenario of {failed} could be read. See why in Data, and ask again:"
        return NextStep(text, command="backquery invent --retry-errors")
    if counts.samples:
        return None
    if found.has_problem:
        text = "There are no scenarios yet. Let a language model write some from problem.toml:"
        return NextStep(text, command="backquery invent --n 200")
    return NextStep(
        "There is neither a problem.toml to write scenarios from, nor a pair. Import pairs:",
        "data.import",
        "backquery import FILE --dataset NAME --role train --context COL --text COL",
    )


def _without_clusters(snapshot: Snapshot) -> NextStep:
    """What is left where nothing is due and nothing can be labelled."""
    counts = snapshot.counts
    if failed := counts.failed_queries + counts.failed_answers:
        text = f"There is nothing to label: {counted(failed, 'row')} failed. Try again:"
        return NextStep(text, command="backquery run --retry-errors")
    return NextStep(COUNTING)


def _only_more_seeds(snapshot: Snapshot) -> bool:
    """Whether a run would only ask about further seeds, while there are clusters of a draw.

    Who drew some of the seeds wants to go on with those; a run still takes the others.
    """
    stage, rows = snapshot.due.stages[0]
    others_wait = any(waiting for _, waiting in snapshot.due.stages[1:])
    return stage == "queries" and rows > 0 and not others_wait and snapshot.counts.clusters > 0


def _due(due: Due) -> str:
    name, rows = due.stages[0]
    first = f"{name} ({counted(rows, 'row')})"
    others = len(due.stages) - 1
    return f"{first} and {counted(others, 'stage')} after it" if others else first


def _clusters(count: int) -> str:
    return f"{count:,} clusters are undecided" if count > 1 else "one cluster is undecided"


def _about_detectors(snapshot: Snapshot) -> NextStep | None:
    if not snapshot.recipes:
        done = "The clusters are labelled. Now train a detector from them:"
        return NextStep(
            done if snapshot.counts.clusters else "Train a detector from the pairs there are:",
            "everywhere.training",
            "backquery train RECIPE",
        )
    if not snapshot.benchmarks:
        return NextStep(
            "Detectors need rows to be evaluated on. Import a benchmark, or hold one out:",
            command="backquery split DATASET --holdout 200 --as NAME",
        )
    if not snapshot.counts.evaluations or snapshot.unevaluated:
        return _evaluate(snapshot.unevaluated, snapshot.benchmarks[0])
    return None


def _evaluate(detectors: tuple[str, ...], benchmark: str) -> NextStep:
    """A step for the newest of these detectors; without one, for any."""
    name = detectors[-1] if detectors else "DETECTOR"
    others = f", nor {counted(len(detectors) - 1, 'other')}" if len(detectors) > 1 else ""
    subject = f"{name} has not been evaluated yet{others}" if detectors else "None was evaluated"
    command = f"backquery evaluate {shlex.quote(name)} --on {shlex.quote(benchmark)}"
    return NextStep(f"Detectors are compared on a benchmark. {subject}:", command=command)


def _about_comparing(snapshot: Snapshot) -> NextStep:
    left = "; ".join(_left_behind(snapshot))
    text = f"Compare the detectors. Still waiting: {left}." if left else DONE
    return NextStep(text, "everywhere.accuracy", "backquery compare")


def _left_behind(snapshot: Snapshot) -> Iterator[str]:
    """What waits though nothing else needs it, with what would do it."""
    counts = snapshot.counts
    if snapshot.due.stages:
        yield _due_later(snapshot)
    if failed := counts.failed_queries + counts.failed_answers:
        again = "run" if snapshot.invention is None else "invent"
        yield f"{counted(failed, 'row')} with an error, for `backquery {again} --retry-errors`"
    if (unpredicted := counts.answers - counts.predictions) > 0:
        yield f"{counted(unpredicted, 'answer')} without a prediction"
    unlabelled = counts.predictions - (counts.labels - counts.observed_labels)
    if unlabelled > 0 and snapshot.invention is None:  # else the label that each was written for
        yield f"{counted(unlabelled, 'answer')} that no label reaches"
    for place, job in enumerate(snapshot.jobs):
        if job.state in LEFT and not _is_made_up_for(job, snapshot.jobs[:place]):
            yield f"job {job.job_id}, {job.state}, for `backquery jobs resume`"
    yield from snapshot.fault_warnings


def _due_later(snapshot: Snapshot) -> str:
    stage, rows = snapshot.due.stages[0]
    if snapshot.invention is not None:
        return f"{stage} of {counted(rows, 'row')}, for `backquery run`"
    return f"{counted(rows, 'seed')} without a question, for `backquery run`"


def _is_made_up_for(job: JobLine, later: tuple[JobLine, ...]) -> bool:
    """Whether a later job did the same stages to the end."""
    stages = {stage.name for stage in job.stages}
    return any(
        other.state == "done" and stages <= {stage.name for stage in other.stages}
        for other in later
    )
