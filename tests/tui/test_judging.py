"""A language model as zero-shot judge, by commands, against a real server on loopback."""

import pytest

from store.counts import count_all
from tests import rows
from tests.commands import Commands
from tests.engine.models.scripted_server import Answer, Request, chat_reply, serving
from tests.tui.filled import write_job
from tui.demo import BENCHMARK
from tui.workspace import Workspace

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


def test_a_model_is_judged_beside_detectors_and_what_names_no_label_is_shown(
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


def test_a_workspace_without_the_template_takes_the_packages_and_a_changed_one_is_another_judge(
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


def test_no_model_is_asked_while_another_job_may_be_asking_it(
    run: Commands, evaluated_workspace: Workspace
) -> None:
    stages = [("train", rows.detectors("d-other", recipe="real"))]
    job = write_job(evaluated_workspace, "20260106-090000-aaaa", stages, state="interrupted")
    with serving(lambda _: chat_reply(ADVICE)) as server, job.lock():
        run("evaluate", f"llm:openai:m@{server.base_url}", "--on", BENCHMARK, status=1)
        assert server.requests == []
    assert f"Job {job.job_id} is still running" in run.err
