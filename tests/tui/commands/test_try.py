"""Ways of asking, tried on a model server: nothing is stored, and one of them can be taken over."""

import re
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from tests.commands import Commands
from tests.engine.generation.scripted_server import Answer, Request, chat_reply, failure, serving
from tests.json_schemas import schema_of
from tests.tiny import tiny_bert
from tests.tui.commands.test_server_runs import ask

ECHO = "What question did the user ask to generate the following text?"
N = 12


@pytest.fixture(scope="module")
def encoder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_bert(tmp_path_factory.mktemp("encoder"))


@pytest.fixture
def run(
    tmp_path: Path,
    encoder: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> Commands:
    """The commands of a workspace with seeds, a third template for questions, a tiny encoder."""
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    run = Commands(tmp_path / "w", capsys)
    run("init", str(run.workspace))
    seeds = tmp_path / "seeds.txt"
    seeds.write_text("\n".join(f"The liver stores sugar for {n} hours." for n in range(N)))
    run("import", str(seeds), "--dataset", "d", "--role", "seed")
    settings = run.workspace / "workspace.toml"
    settings.write_text(settings.read_text().replace("bundled:all-minilm-l6-v2", f"path:{encoder}"))
    own = run.workspace / "templates" / "own.toml"
    own.write_text('name = "own"\nstyle = "chat"\ntrim = "question"\nprompt = "Ask: {text}"\n')
    return run


def answer(request: Request) -> Answer:
    """Echo the template of the papers; ask a question with another; complete nothing."""
    if "messages" not in request.body:
        return failure(404, "use chat")
    asked = str(request.body["messages"][-1]["content"])
    hours = re.search(r"\d+", asked)
    assert hours
    return chat_reply(ECHO if "What question" in asked else f"Does sugar last {hours[0]} hours?")


def test_the_ways_are_compared_on_the_same_seeds_and_nothing_is_stored(run: Commands) -> None:
    with serving(answer) as server:
        ask(run, server.base_url, template="papers")
        trial = run.json("try", "--seeds", "10", "--template", "papers", "--template", "own")
    Draft202012Validator(schema_of("try")).validate(trial)
    first, second = trial["ways"]
    assert [way["template"] for way in trial["ways"]] == ["papers", "own"]
    assert [way["n"] for way in trial["ways"]] == [10, 10]
    assert (first["is_current"], second["is_current"]) == (True, False)
    shares = {item["sign"]: item["share"] for item in first["signs"]}
    assert shares["template-echo"] == 1
    assert all(item["share"] == 0 for item in second["signs"])
    assert second["tokens_per_s"] > 0
    assert len(trial["seeds"]) == 10
    for seed in trial["seeds"]:
        assert [item["way"] for item in seed["questions"]] == [1, 2]
        assert seed["questions"][0]["flags"] == ["template-echo"]
        assert -1 <= seed["questions"][1]["similarity"] <= 1
    status = run.json("status")
    assert status["queries"] == 0
    assert [job["state"] for job in status["jobs"]] == ["done"]


def test_all_templates_of_questions_are_tried_if_nothing_is_named(run: Commands) -> None:
    with serving(answer) as server:
        ask(run, server.base_url, template="papers")
        out = run("try", "--seeds", "3")
    lines = [line for line in out.splitlines() if re.match(r"[123]\*? ", line)]
    assert [line.split()[1] for line in lines] == ["papers", "five-examples", "own"]
    assert lines[0].startswith("1* ")
    assert "3 failed" in lines[1]  # the server takes no completions, and the others are tried
    assert "seed 3  The liver stores sugar" in out


def test_temperatures_and_models_are_crossed(run: Commands) -> None:
    with serving(answer) as server:
        ask(run, server.base_url, template="own")
        models = [f"openai:{name}@{server.base_url}" for name in ("a", "b")]
        trial = run.json("try", "--seeds", "2", "--temperature", "0.6", "--temperature", "1",
                         "--model", models[0], "--model", models[1])  # fmt: skip
    ways = [(way["model"], way["temperature"]) for way in trial["ways"]]
    assert ways == [(model, heat) for model in models for heat in (0.6, 1)]


def test_a_way_is_taken_over_with_its_comments_left_alone(run: Commands) -> None:
    settings = run.workspace / "workspace.toml"
    with serving(answer) as server:
        ask(run, server.base_url, template="papers")
        run("try", "--seeds", "2", "--template", "papers", "--template", "own",
            "--temperature", "0.9")  # fmt: skip
        before = settings.read_text()
        run("try", "--use", "2")
        assert "queries.template: papers → own" in run.err
        assert "stay as they were asked" in run.err
        after = before.replace('template = "papers"', 'template = "own"')
        assert settings.read_text() == after.replace("temperature = 0.3", "temperature = 0.9")
        run("try", "--use", "2")
        assert "already" in run.err
        run("run", "queries", "--limit", "2")
    assert run.json("status")["queries"] == 2


def test_a_way_that_is_not_there_is_refused(run: Commands) -> None:
    run("try", "--use", "1", status=1)
    assert "Nothing was tried yet" in run.err
    with serving(answer) as server:
        ask(run, server.base_url, template="own")
        run("try", "--seeds", "1", "--temperature", "1")
    run("try", "--use", "2", status=2)
    assert "has 1 way" in run.err


def test_a_template_or_a_dataset_that_is_not_there_is_named(run: Commands) -> None:
    run("try", "--template", "nope", status=1)
    assert "no 'nope' in templates/" in run.err
    run("try", "--dataset", "nope", status=1)
    assert "nope" in run.err


def test_where_no_way_brings_a_question_the_reason_is_said(run: Commands) -> None:
    with serving(lambda _: failure(401, "no such key")) as server:
        ask(run, server.base_url, template="own")
        run("try", "--seeds", "2", "--template", "own", status=1)
    assert "no such key" in run.err
