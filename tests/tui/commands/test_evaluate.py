"""A language model that classifies, by commands, against a real server on loopback."""

import itertools
import os
import signal

import pytest

from engine.jobs.draft import JobDraft
from engine.jobs.job import JobFolder
from store.counts import count_all
from tests import rows
from tests.commands import Commands
from tests.engine.generation.scripted_server import Answer, Request, chat_reply, failure, serving
from tests.tui.filled import BENCHMARK, write_job
from tests.waiting import wait_for
from tui.services.jobs.baselines import add_language_model
from tui.services.jobs.evaluation import evaluate_all
from tui.services.workspace import Workspace

ADVICE, GENERAL = "health-advice", "general-content"


@pytest.fixture
def run(evaluated_workspace: Workspace, capsys: pytest.CaptureFixture[str]) -> Commands:
    with evaluated_workspace.database() as database, database.write() as cursor:
        cursor.execute("DELETE FROM detectors WHERE recipe = 'initial'")
    return Commands(evaluated_workspace.path, capsys)


def reply(request: Request) -> Answer:
    """Say advice of every "should", something of a "the", and general content of the rest."""
    text = request.body["messages"][-1]["content"].partition("<text>\n")[2].lower()
    if "should" in text:
        return chat_reply("Health-Advice")
    return chat_reply("\x1b[31mI cannot say" if "the " in text else GENERAL)


def test_a_model_is_evaluated_beside_detectors_and_what_names_no_label_is_shown(
    run: Commands, evaluated_workspace: Workspace
) -> None:
    with serving(reply) as server:
        name = f"llm:openai:small@{server.base_url}"
        figures = run.json("evaluate", name, "--on", BENCHMARK)
        asked = len(server.requests)
        prompt = server.requests[0].body["messages"][-1]["content"]
        shown = run("evaluate", name, "--on", BENCHMARK)
        together = run.json("compare", "--on", BENCHMARK)
        assert len(server.requests) == asked  # nothing is asked for again
    (row,) = figures["rows"]
    assert (row["detector"], row["recipe"], row["n"]) == (name, "zero-shot", asked)
    assert (row["roc_auc"], row["brier"]) == (None, None)
    assert row["failed"] == figures["failures"]["n"] > 5
    assert row["collapsed"]["failed_positives"] + row["collapsed"]["failed_negatives"] > 0
    assert len(figures["failures"]["first"]) == 5
    assert figures["failures"]["first"][0]["reply"] == "\x1b[31mI cannot say"
    for label in evaluated_workspace.task.label:
        assert f"- {label.name}: {label.definition}" in prompt
    assert "␛[31mI cannot say" in shown
    assert "\x1b" not in shown
    assert f"No label for {row['failed']} of {asked} rows" in shown
    assert row in together["rows"]
    assert sum(name in (pair["first"], pair["second"]) for pair in together["pairs"]) == 3
    with evaluated_workspace.database() as database:
        assert count_all(database).detectors == 3
    run("threshold", name, "--on", BENCHMARK, "--rule", "max-f1", status=1)
    assert "gives no probabilities" in run.err
    run("score", name, "-", status=1)
    assert "is a baseline" in run.err


def test_without_a_template_that_of_the_package_is_used_and_a_changed_one_is_another_detector(
    run: Commands, evaluated_workspace: Workspace
) -> None:
    template = evaluated_workspace.path / "templates" / "judge.toml"
    shipped = template.read_text()
    with serving(lambda _: chat_reply(ADVICE)) as server:
        name = f"llm:openai:small@{server.base_url}"
        run("evaluate", name, "--on", BENCHMARK)
        asked = len(server.requests)
        template.unlink()
        run("evaluate", name, "--on", BENCHMARK)
        assert len(server.requests) == asked
        template.write_text(shipped.replace("Which of these", "Which one of these"))
        run("evaluate", name, "--on", BENCHMARK)
        assert len(server.requests) == 2 * asked
    template.write_text(shipped.replace("{labels}", ""))
    run("evaluate", name, "--on", BENCHMARK, status=1)
    assert "judge.toml has no {labels}" in run.err
    run("evaluate", "llm:small", "--on", BENCHMARK, status=1)
    assert "'small' names no model" in run.err


def test_a_model_that_runs_here_is_timed_and_one_on_a_server_is_not(
    evaluated_workspace: Workspace,
) -> None:
    stages = {}
    with evaluated_workspace.database() as database:
        for reference in ("bundled:smollm2-135m-instruct", "openai:m@http://127.0.0.1:9/v1"):
            draft = JobDraft()
            model = add_language_model(evaluated_workspace, database, draft, f"llm:{reference}")
            contest = evaluate_all(database, [model], BENCHMARK, draft)
            stages[reference] = [stage.name for stage in contest.draft.stages]
    assert list(stages.values()) == [["baseline", "judge", "speed"], ["baseline", "judge"]]


def test_no_model_is_asked_while_another_job_may_be_asking_it(
    run: Commands, evaluated_workspace: Workspace
) -> None:
    stages = [("train", rows.detectors("d-other", recipe="real"))]
    job = write_job(evaluated_workspace, "20260106-090000-aaaa", stages, state="interrupted")
    with serving(lambda _: chat_reply(ADVICE)) as server, job.lock():
        run("evaluate", f"llm:openai:m@{server.base_url}", "--on", BENCHMARK, status=1)
        assert server.requests == []
    assert f"Job {job.job_id} is still running" in run.err


def asked_text(request: Request) -> str:
    text: str = request.body["messages"][-1]["content"].partition("<text>\n")[2]
    return text.lower()


def refuse_advice(request: Request) -> Answer:
    """Give no reply to what `reply` would call advice."""
    return failure(400, "no") if "should" in asked_text(request) else reply(request)


def test_only_rows_without_a_reply_are_asked_about_again_and_their_rows_replaced(
    run: Commands,
) -> None:
    with serving(refuse_advice) as server:
        name = f"llm:openai:small@{server.base_url}"
        before = run.json("evaluate", name, "--on", BENCHMARK)
        asked = len(server.requests)
        refused = sum("should" in asked_text(request) for request in server.requests)
        assert 0 < refused == before["failures"]["without_reply"] < before["failures"]["n"]
        shown = run("evaluate", name, "--on", BENCHMARK)
        assert f"{refused} without a reply (--retry-errors asks again)" in " ".join(shown.split())
        run("evaluate", name, "--on", BENCHMARK, "--retry-errors", status=1)  # no reply came
        assert len(server.requests) == asked + refused  # refused again: they stay as they are
        assert run.json("evaluate", name, "--on", BENCHMARK) == before
        server.script = reply
        after = run.json("evaluate", name, "--on", BENCHMARK, "--retry-errors")
        again = [asked_text(request) for request in server.requests[asked + refused :]]
        assert len(again) == refused
        assert all("should" in text for text in again)
        assert run.json("evaluate", name, "--on", BENCHMARK, "--retry-errors") == after
        assert len(server.requests) == asked + 2 * refused
    assert after["failures"]["without_reply"] == 0
    assert after["failures"]["n"] == before["failures"]["n"] - refused
    assert after["n"] == before["n"] == asked
    (row,) = after["rows"]
    predicted = [sum(counts) for counts in zip(*row["confusion"]["rows"], strict=True)]
    assert predicted[row["confusion"]["labels"].index(ADVICE)] == refused


def test_only_a_language_model_is_asked_again(run: Commands) -> None:
    for name in ("two-stage", "baseline:majority"):
        run("evaluate", name, "--on", BENCHMARK, "--retry-errors", status=1)
        assert f"{name} is no language model" in run.err
    made = ["evaluate"] * 3 + ["speed"]  # the last job of the workspace as it was made
    assert run.json("jobs")[-1]["stages"] == made


def test_a_model_that_was_killed_is_asked_only_about_rows_that_are_missing(
    run: Commands, evaluated_workspace: Workspace
) -> None:
    settings = evaluated_workspace.path / "workspace.toml"
    text = settings.read_text()
    settings.write_text(text.replace("batch_rows = 64", "batch_rows = 8\nconcurrent = 8"))
    places = itertools.count()

    def finished_parts(job: JobFolder) -> int:
        return sum(stage == "judge" for _, stage, _ in job.finished_parts())

    def kill_once(_: Request) -> Answer:
        if next(places) == 60:
            job = evaluated_workspace.supervisor.jobs()[-1]
            wait_for(lambda: finished_parts(job) >= 2)
            pid = job.worker_pid()
            assert pid is not None
            os.killpg(pid, signal.SIGKILL)
        return chat_reply(ADVICE)

    with serving(kill_once) as server:
        name = f"llm:openai:small@{server.base_url}"
        run("evaluate", name, "--on", BENCHMARK, status=1)
        killed = run.json("jobs")[-1]
        assert (killed["state"], killed["stages"]) == ("interrupted", ["baseline", "judge"])
        workspace = Workspace.open(evaluated_workspace.path)
        with workspace.database() as database:
            draft = JobDraft()
            model = add_language_model(workspace, database, draft, name)
            due = evaluate_all(database, [model], BENCHMARK, draft).draft
            with database.read() as cursor:
                rows = cursor.number("SELECT count(*) FROM samples WHERE dataset = ?", [BENCHMARK])
        assert [stage.name for stage in due.stages] == ["judge"]
        parts = finished_parts(workspace.supervisor.job(killed["job_id"]))
        assert parts >= 2
        assert due.rows == (rows - 8 * parts,)
        before = len(server.requests)
        figures = run.json("evaluate", name, "--on", BENCHMARK)
        again = [asked_text(request) for request in server.requests[before:]]
        (journal,) = (evaluated_workspace.path / "jobs" / killed["job_id"]).glob(
            "*/replies-*.jsonl"
        )
        paid = len(journal.read_text().splitlines())
        assert paid >= 8 * parts
        assert len(again) == rows - paid  # also those of the part that was not finished are kept
        with evaluated_workspace.database() as database, database.read() as cursor:
            found = cursor.rows(
                "SELECT evaluation_id FROM evaluations WHERE detector_id = ?", [model]
            )
        assert len(found) == 1
        run("jobs", "resume", killed["job_id"])  # what it still wrote is there already
        assert run.json("evaluate", name, "--on", BENCHMARK) == figures
    assert figures["n"] == rows
    assert figures["failures"]["n"] == 0
