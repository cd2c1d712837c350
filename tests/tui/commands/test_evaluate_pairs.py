"""Language models on pairs, by commands, against a real server on loopback."""

from pathlib import Path

import pytest

from tests.commands import Commands
from tests.engine.generation.scripted_server import Answer, Request, chat_reply, serving
from tests.tui.pairs import BENCHMARK, TASK, import_pairs
from tui.services.workspace import Workspace

OFF, ON = "off-topic", "on-topic"


def make(folder: Path, task: str, capsys: pytest.CaptureFixture[str]) -> Commands:
    (folder / "task.toml").write_text(task)
    path = folder / "workspace"
    Workspace.create(path, task=str(folder / "task.toml"), preset="embedded")
    commands = Commands(path, capsys)
    import_pairs(commands, folder)
    return commands


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Commands:
    return make(tmp_path, TASK, capsys)


def message(request: Request, role: str) -> str:
    (found,) = (item["content"] for item in request.body["messages"] if item["role"] == role)
    return str(found)


def refuse_trains(request: Request) -> Answer:
    """Refuse whatever has a train in it."""
    return chat_reply("Sorry, I can't." if "train" in message(request, "user") else "Form 7.")


def label_trains(request: Request) -> Answer:
    asked = message(request, "user").partition("<text>")[2]
    return chat_reply(OFF if "train" in asked else ON)


def test_a_model_that_is_told_to_refuse_flags_what_it_refuses(run: Commands) -> None:
    with serving(refuse_trains) as server:
        name = f"prompt:openai:small@{server.base_url}"
        figures = run.json("evaluate", name, "--on", BENCHMARK)
        asked = len(server.requests)
        system = {message(request, "system") for request in server.requests}
        shown = run("evaluate", name, "--on", BENCHMARK)
        together = run.json("compare", "--on", BENCHMARK)
        assert len(server.requests) == asked == 24
    (row,) = figures["rows"]
    assert "the flag `refusal` of answers) means off-topic, any other on-topic" in figures["rule"]
    assert figures["rule"] in shown
    assert (row["detector"], row["recipe"], row["kind"]) == (name, "prompt", "language model")
    assert (row["roc_auc"], row["brier"]) == (None, None)
    # Two of three prompts on trains are refused with each context: two rightly, two not.
    assert row["collapsed"]["true_positives"] == 2
    assert row["collapsed"]["false_positives"] == 2
    assert row in together["rows"]
    assert len(system) == 2
    for text in system:
        assert text.startswith("Answer any question on ")
        assert 'Reply only: "Sorry, I can\'t help with that."' in text
    run("score", name, "-", status=1)
    assert "is a baseline" in run.err


def test_a_model_that_is_asked_for_a_label_gets_both_texts_by_their_names(run: Commands) -> None:
    with serving(label_trains) as server:
        figures = run.json("evaluate", f"llm:openai:small@{server.base_url}", "--on", BENCHMARK)
        prompt = message(server.requests[0], "user")
    (row,) = figures["rows"]
    assert row["collapsed"]["true_positives"] == row["collapsed"]["false_positives"] == 2
    assert "fits the user prompt, given the system prompt?" in prompt
    assert f"- {OFF}: Something else." in prompt
    assert "<context>\nAnswer any question on" in prompt
    assert "{" not in prompt


def test_a_template_without_a_context_is_refused(run: Commands) -> None:
    for name, asked in (("judge-pair", "llm"), ("refuse", "prompt")):
        template = run.workspace / "templates" / f"{name}.toml"
        template.write_text(template.read_text().replace("{context}", "it"))
        run("evaluate", f"{asked}:openai:m@http://127.0.0.1:9/v1", "--on", BENCHMARK, status=1)
        assert f"{name}.toml has no {{context}}, the place where contexts go" in run.err


def test_where_no_label_is_refused_no_model_is_told_to(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = make(tmp_path, TASK.replace("refused = true\n", ""), capsys)
    run("evaluate", "prompt:openai:m@http://127.0.0.1:9/v1", "--on", BENCHMARK, status=1)
    assert "`refused = true` in task.toml says so of a positive label" in run.err
    run("evaluate", "baseline:no", "--on", BENCHMARK, status=1)
    assert "prompt:MODEL" not in run.err
