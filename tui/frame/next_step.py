"""What to do next: one sentence, from a snapshot alone."""

from dataclasses import dataclass

from store.counting import counted
from tui.frame.snapshot import Due, JobLine, Snapshot


@dataclass(frozen=True, slots=True)
class NextStep:
    """A sentence, and what to press or, where no key does it, which command to run.

    `key` is the id of a key in the registry: `everywhere.jobs`.
    """

    text: str
    key: str = ""
    command: str = ""


def next_step(snapshot: Snapshot) -> NextStep:
    """The first thing that is missing for detectors to compare."""
    return (
        _about_jobs(snapshot)
        or _about_labels(snapshot)
        or _about_rows(snapshot)
        or _about_detectors(snapshot)
    )


def _about_labels(snapshot: Snapshot) -> NextStep | None:
    return NextStep(" ".join(snapshot.label_warnings)) if snapshot.label_warnings else None


def _about_jobs(snapshot: Snapshot) -> NextStep | None:
    if snapshot.running:
        job = snapshot.running[0]
        if snapshot.undecided:
            clusters = _clusters(snapshot.undecided)
            return NextStep(
                f"Job {job.job_id} is {job.state}. Meanwhile label: {clusters}.", "everywhere.label"
            )
        if job.state == "waiting":
            return NextStep(
                f"Job {job.job_id} is waiting. What it waits for is there:", "everywhere.jobs"
            )
        return NextStep(
            f"Job {job.job_id} is running. Nothing to do but wait; its log is there:",
            "everywhere.jobs",
        )
    newest = snapshot.jobs[0] if snapshot.jobs else None
    if newest and newest.state == "paused":
        return NextStep(
            f"Job {newest.job_id} paused: {_first_line(newest.error)}. See examples:",
            "everywhere.jobs",
        )
    if newest and newest.state in ("failed", "interrupted"):
        return NextStep(
            f"Job {newest.job_id} {_ended(newest)} See why, and resume it:", "everywhere.jobs"
        )
    return None


def _ended(job: JobLine) -> str:
    if job.state == "interrupted":
        return "was interrupted; what it had finished is kept."
    return f"failed: {_first_line(job.error)}."


def _first_line(text: str | None) -> str:
    lines = (text or "see its log").strip().splitlines()
    return lines[0].rstrip(".")[:120] if lines else "see its log"


def _about_rows(snapshot: Snapshot) -> NextStep | None:
    if not snapshot.seeds:
        return NextStep(
            "There are no seeds yet. Quit, then import a file of texts:",
            command="backquery import FILE --dataset NAME --role seed",
        )
    if snapshot.due.stages and not _only_more_seeds(snapshot):
        return NextStep(f"Run what is due: {_due(snapshot.due)}.", "pipeline.run")
    if snapshot.undecided:
        return NextStep(
            f"Label by the representatives: {_clusters(snapshot.undecided)}.", "everywhere.label"
        )
    if snapshot.due.refusal:
        return NextStep(snapshot.due.refusal)
    return None


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


def _about_detectors(snapshot: Snapshot) -> NextStep:
    if not snapshot.recipes:
        return NextStep(
            "The clusters are labelled. Now train a detector from them:", "everywhere.training"
        )
    if not snapshot.benchmarks:
        return NextStep(
            "Detectors need rows to be evaluated on. Quit, then import or hold out a benchmark:",
            command="backquery split DATASET --holdout 200 --as NAME",
        )
    if not snapshot.counts.evaluations:
        return NextStep(
            "No detector has been evaluated yet. Quit, then evaluate one:",
            command=f"backquery evaluate DETECTOR --on {snapshot.benchmarks[0]}",
        )
    return NextStep("All steps are done. Compare the detectors:", "everywhere.accuracy")
