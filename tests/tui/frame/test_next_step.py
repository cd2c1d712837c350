"""What a person is told to do next."""

from dataclasses import replace

import pytest

from store.counts import Counts
from tui.frame.next_step import next_step
from tui.frame.snapshot import Due, JobLine, Snapshot
from tui.keys.registry import KEYS

NOTHING = Counts(*[0] * 12)
FULL = replace(NOTHING, samples=9, answers=9, clusters=3, clusters_decided=3, evaluations=2)
MORE_SEEDS = Due((("queries", 9), ("answers", 0)))
DONE = Snapshot(FULL, 9, ("bench",), 1, (), Due(), "", "")


def job(state: str, error: str | None = None) -> JobLine:
    return JobLine("20260101-120000-aaaa", state, "", 0, 0, 0, (), error)


@pytest.mark.parametrize(
    ("snapshot", "key", "says"),
    [
        (replace(DONE, seeds=0), "", "no seeds"),
        (replace(DONE, due=MORE_SEEDS, counts=NOTHING), "pipeline.run", "queries (9 rows)"),
        (replace(DONE, due=MORE_SEEDS), "everywhere.accuracy", "Compare"),
        (replace(DONE, due=Due((("queries", 9), ("drift", 4)))), "pipeline.run", "Run what is due"),
        (
            replace(DONE, counts=replace(FULL, clusters_decided=1)),
            "everywhere.label",
            "2 clusters are undecided",
        ),
        (replace(DONE, due=Due(refusal="No labelled rows.")), "", "No labelled rows."),
        (replace(DONE, recipes=0), "everywhere.training", "train a detector"),
        (replace(DONE, benchmarks=()), "", "benchmark"),
        (replace(DONE, counts=replace(FULL, evaluations=0)), "", "evaluate one"),
        (replace(DONE, jobs=(job("running"),)), "everywhere.jobs", "is running"),
        (replace(DONE, jobs=(job("waiting"),)), "everywhere.jobs", "is waiting"),
        (
            replace(DONE, jobs=(job("failed", "No GPU.\nmore"),)),
            "everywhere.jobs",
            "failed: No GPU.",
        ),
        (replace(DONE, jobs=(job("interrupted"),)), "everywhere.jobs", "interrupted"),
        (replace(DONE, jobs=(job("done"), job("failed"))), "everywhere.accuracy", "Compare"),
        (DONE, "everywhere.accuracy", "Compare"),
    ],
)
def test_the_next_step_is_the_first_thing_that_is_missing(
    snapshot: Snapshot, key: str, says: str
) -> None:
    step = next_step(snapshot)
    assert step.key == key
    assert key in {"", *(item.id for item in KEYS)}
    assert says in step.text
    assert step.key or step.command or snapshot.due.refusal


def test_while_a_job_runs_the_clusters_there_are_can_be_labelled() -> None:
    counts = replace(FULL, clusters_decided=0)
    step = next_step(replace(DONE, counts=counts, jobs=(job("running"),)))
    assert step.key == "everywhere.label"
