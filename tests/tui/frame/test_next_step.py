"""What a person is told to do next."""

from dataclasses import replace

import pytest

from store.counts import Counts
from tui.frame.next_step import COUNTING, DONE, next_step
from tui.frame.snapshot import Due, Invention, JobLine, Snapshot, StageLine
from tui.keys.registry import KEYS
from tui.services.results.job_facts import JobFacts

NOTHING = Counts(*[0] * 15)
FULL = replace(
    NOTHING,
    samples=9,
    answers=9,
    predictions=9,
    labels=9,
    clusters=3,
    clusters_decided=3,
    evaluations=2,
)
MORE_SEEDS = Due((("queries", 9), ("answers", 0)))
COMPLETE = Snapshot(FULL, 9, ("bench",), 1, (), Due(), "", "")


def job(state: str, error: str | None = None, *stages: str) -> JobLine:
    lines = tuple(StageLine(name, None, "", has_begun=False, finished=False) for name in stages)
    facts = JobFacts(None, None, (), (), "cpu")
    return JobLine("20260101-120000-aaaa", state, "", 0, 0, 0, lines, error, facts)


@pytest.mark.parametrize(
    ("snapshot", "key", "says"),
    [
        (replace(COMPLETE, seeds=0), "data.import", "no seeds"),
        (replace(COMPLETE, due=MORE_SEEDS, counts=NOTHING), "pipeline.run", "queries (9 rows)"),
        (replace(COMPLETE, due=MORE_SEEDS), "everywhere.accuracy", "Compare"),
        (
            replace(COMPLETE, due=Due((("queries", 9), ("drift", 4)))),
            "pipeline.run",
            "Run what is due",
        ),
        (
            replace(COMPLETE, counts=replace(FULL, clusters_decided=1)),
            "everywhere.label",
            "2 clusters are undecided",
        ),
        (replace(COMPLETE, due=Due(refusal="No labelled rows.")), "", "No labelled rows."),
        (replace(COMPLETE, recipes=0), "everywhere.training", "train a detector"),
        (replace(COMPLETE, recipes=0, counts=NOTHING), "", "Finding out what is due"),
        (
            replace(COMPLETE, recipes=0, counts=replace(NOTHING, failed_queries=3)),
            "",
            "nothing to label: 3 rows failed",
        ),
        (replace(COMPLETE, benchmarks=()), "", "benchmark"),
        (replace(COMPLETE, counts=replace(FULL, evaluations=0)), "", "None was evaluated"),
        (
            replace(COMPLETE, unevaluated=("a", "b")),
            "",
            "b has not been evaluated yet, nor 1 other",
        ),
        (replace(COMPLETE, jobs=(job("queued"),)), "everywhere.jobs", "was never started"),
        (replace(COMPLETE, jobs=(job("paused", "Echoes."),)), "everywhere.jobs", "paused: Echoes"),
        (replace(COMPLETE, jobs=(job("running"),)), "everywhere.jobs", "is running"),
        (replace(COMPLETE, jobs=(job("waiting"),)), "everywhere.jobs", "is waiting"),
        (
            replace(COMPLETE, jobs=(job("failed", "No GPU.\nmore"),)),
            "everywhere.jobs",
            "failed: No GPU.",
        ),
        (replace(COMPLETE, jobs=(job("interrupted"),)), "everywhere.jobs", "interrupted"),
        (replace(COMPLETE, jobs=(job("done"), job("failed"))), "everywhere.accuracy", "Compare"),
        (COMPLETE, "everywhere.accuracy", "Compare"),
    ],
)
def test_the_next_step_is_the_first_thing_that_is_missing(
    snapshot: Snapshot, key: str, says: str
) -> None:
    step = next_step(snapshot)
    assert step.key == key
    assert key in {"", *(item.id for item in KEYS)}
    assert says in step.text
    assert step.key or step.command or snapshot.due.refusal or step.text == COUNTING


def test_while_a_job_runs_the_clusters_there_are_can_be_labelled() -> None:
    counts = replace(FULL, clusters_decided=0)
    step = next_step(replace(COMPLETE, counts=counts, jobs=(job("running"),)))
    assert step.key == "everywhere.label"


LEFT_BEHIND = {
    "seeds that were not drawn": (
        replace(COMPLETE, due=MORE_SEEDS),
        "9 seeds without a question, for `backquery run`",
    ),
    "questions that failed": (
        replace(COMPLETE, counts=replace(FULL, failed_queries=1)),
        "1 row with an error, for `backquery run --retry-errors`",
    ),
    "answers that failed": (
        replace(COMPLETE, counts=replace(FULL, failed_answers=2)),
        "2 rows with an error",
    ),
    "answers that were not predicted": (
        replace(COMPLETE, counts=replace(FULL, predictions=8, labels=8)),
        "1 answer without a prediction",
    ),
    "answers beyond the reach of labels": (
        replace(COMPLETE, counts=replace(FULL, labels=6)),
        "3 answers that no label reaches",
    ),
    "a job that others came after": (
        replace(COMPLETE, jobs=(job("done", None, "drift"), job("interrupted", None, "train"))),
        "job 20260101-120000-aaaa, interrupted, for `backquery jobs resume`",
    ),
    "a detector that cannot be loaded": (
        replace(COMPLETE, fault_warnings=("Detector x has no weights",)),
        "Detector x has no weights",
    ),
}


@pytest.mark.parametrize(("snapshot", "says"), LEFT_BEHIND.values(), ids=LEFT_BEHIND)
def test_all_is_never_said_to_be_done_while_something_waits(snapshot: Snapshot, says: str) -> None:
    step = next_step(snapshot)
    assert says in step.text
    assert "done" not in step.text
    assert step.key == "everywhere.accuracy"


def test_all_is_done_if_nothing_waits_or_a_later_job_did_what_an_earlier_left() -> None:
    jobs = (job("done", None, "queries", "answers"), job("interrupted", None, "queries"))
    for snapshot in (COMPLETE, replace(COMPLETE, jobs=jobs)):
        assert next_step(snapshot).text == DONE
    assert next_step(replace(COMPLETE, jobs=(job("cancelled"),))).text == DONE


def test_a_command_quotes_what_a_shell_would_take_apart() -> None:
    step = next_step(replace(COMPLETE, unevaluated=("$(x) y",)))
    assert step.command == "backquery evaluate '$(x) y' --on bench"


PAIRS = replace(COMPLETE, counts=NOTHING, recipes=0, invention=Invention(0, 0, 0, True))
SOME = replace(NOTHING, samples=9)


@pytest.mark.parametrize(
    ("snapshot", "key", "command", "says"),
    [
        (PAIRS, "", "backquery invent --n 200", "from problem.toml"),
        (
            replace(PAIRS, invention=Invention(0, 0, 0, False)),
            "data.import",
            "backquery import FILE --dataset NAME --role train --context COL --text COL",
            "neither a problem.toml",
        ),
        (
            replace(PAIRS, counts=SOME, invention=Invention(9, 1, 0, True)),
            "",
            "backquery invent",
            "from 1 draw.",
        ),
        (
            replace(PAIRS, counts=SOME, invention=Invention(9, 0, 9, True)),
            "",
            "backquery invent --retry-errors",
            "No scenario of 9 draws",
        ),
        (replace(PAIRS, counts=SOME), "everywhere.training", "backquery train RECIPE", "the pairs"),
        (
            replace(PAIRS, counts=replace(FULL, clusters_decided=1)),
            "everywhere.label",
            "backquery label",
            "2 clusters are undecided",
        ),
    ],
)
def test_a_task_of_pairs_begins_with_scenarios(
    snapshot: Snapshot, key: str, command: str, says: str
) -> None:
    step = next_step(snapshot)
    assert (step.key, step.command) == (key, command)
    assert says in step.text


def test_prompts_have_the_label_they_were_written_for_if_no_other() -> None:
    left = replace(COMPLETE, counts=replace(FULL, labels=2), invention=Invention(9, 0, 0, True))
    assert next_step(left).text == DONE
