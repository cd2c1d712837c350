"""Data written from a problem, by commands, against a real server on loopback."""

import json
import re
from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from store.database.connection import Database
from tests.commands import Commands
from tests.engine.generation.scripted_server import Answer, Request, chat_reply, failure, serving
from tests.json_schemas import schema_of
from tests.problems import OFF, ON, PROBLEM_FILE, TASK_FILE, written


@pytest.fixture
def run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Commands:
    """The commands of a workspace with a task of pairs and a problem."""
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    task = tmp_path / "task.toml"
    task.write_text(TASK_FILE, encoding="utf-8")
    run = Commands(tmp_path / "w", capsys)
    run("init", str(run.workspace), "--task", str(task))
    (run.workspace / "problem.toml").write_text(PROBLEM_FILE, encoding="utf-8")
    settings = run.workspace / "workspace.toml"  # which is for a model that takes no chats
    text = settings.read_text(encoding="utf-8").replace('"scenario-short"', '"scenario"')
    settings.write_text(text, encoding="utf-8")
    return run


def numbered() -> Callable[[Request], Answer]:
    """What writes another scenario each time; `next` of a count is one step of the interpreter."""
    numbers = count()
    return lambda _: chat_reply(written(f"{id(numbers)}-{next(numbers)}"))


def rows(run: Commands, sql: str) -> list[tuple[object, ...]]:
    with Database(run.workspace, role="a test") as database, database.read() as cursor:
        return cursor.rows(sql)


def test_scenarios_are_written_and_their_texts_have_the_labels_they_are_for(run: Commands) -> None:
    with serving(numbered()) as server:
        shown = run("invent", "--n", "6", "--model", f"openai:m@{server.base_url}")
        bodies = [request.body for request in server.requests]
    assert len(bodies) == 6
    schema = bodies[0]["response_format"]["json_schema"]["schema"]
    assert list(schema["properties"]) == ["system prompt", ON, OFF]
    assert "scenarios 6 rows." in run.err
    assert "invented: 6 draws, 6 with a right scenario, 0 failed, 0 not written yet." in shown
    counts = "SELECT label, count(*) FROM constructed_labels GROUP BY ALL ORDER BY ALL"
    assert rows(run, counts) == [(OFF, 6), (ON, 12)]
    origins = "SELECT DISTINCT origin FROM answer_labels"
    assert rows(run, origins) == [("constructed",)]


def test_invent_goes_on_with_draws_that_have_no_scenario(run: Commands) -> None:
    with serving(numbered()) as server:
        model = ("--model", f"openai:m@{server.base_url}")
        run("invent", "--n", "5", "--limit", "2", *model)
        run("invent", *model)
        assert len(server.requests) == 5
        run("invent", *model)
        assert len(server.requests) == 5
    assert "No draw of 'invented' is without a scenario" in run.err
    sql = "SELECT count(DISTINCT sample_id), count(DISTINCT line) FROM samples"
    assert rows(run, sql) == [(5, 5)]


def test_what_failed_is_asked_for_again_only_on_request(run: Commands) -> None:
    with serving(lambda _: chat_reply("I would rather not.")) as server:
        run("invent", "--n", "3", "--model", f"openai:m@{server.base_url}", status=1)
    assert "What was written is no scenario: it is not JSON" in run.err
    assert rows(run, "SELECT DISTINCT raw FROM queries") == [("I would rather not.",)]
    with serving(numbered()) as server:
        model = ("--model", f"openai:m@{server.base_url}")
        run("invent", *model)
        assert "3 draws failed before; --retry-errors asks for them again." in run.err
        run("invent", "--retry-errors", *model)
        assert len(server.requests) == 3
    assert "3 draws, 3 with a right scenario, 0 failed" in run("invent", "--coverage")


def test_a_benchmark_is_invented_by_another_model_as_rows_of_its_own(run: Commands) -> None:
    with serving(numbered()) as server:
        model = ("--model", f"openai:m@{server.base_url}")
        run("invent", "--n", "2", "--as", "held-out", "--role", "benchmark", *model)
        sql = "SELECT count(*) FROM samples WHERE label IS NOT NULL AND context IS NOT NULL"
        assert rows(run, sql) == [(6,)]
        assert rows(run, "SELECT count(*) FROM answers") == [(0,)]
        run("invent", "--n", "2", "--as", "held-out", "--role", "invented", *model, status=1)
    assert "'held-out' is a benchmark already" in run.err


def test_imported_rows_and_invented_ones_do_not_mix(run: Commands, tmp_path: Path) -> None:
    file = tmp_path / "rows.csv"
    file.write_text("text,context\nA text.,A context.\n", encoding="utf-8")
    run("import", str(file), "--dataset", "real", "--role", "train", "--context", "context")
    run("invent", "--n", "1", "--as", "real", "--model", "openai:m@http://127.0.0.1:1/v1", status=1)
    assert "'real' holds rows that were imported" in run.err


def test_a_server_that_takes_no_schema_ends_the_job_with_the_way_out(run: Commands) -> None:
    refusal = failure(400, "Unexpected keys in the request: {'response_format'}")

    write = numbered()

    def script(request: Request) -> Answer:
        return refusal if "response_format" in request.body else write(request)

    with serving(script) as server:
        model = ("--model", f"openai:m@{server.base_url}")
        run("invent", "--n", "2", *model, status=1)
        assert "write `structured = false` in [scenarios]" in " ".join(run.err.split())
        settings = run.workspace / "workspace.toml"
        text = settings.read_text(encoding="utf-8")
        settings.write_text(re.sub(r"structured = true.*", "structured = false", text))
        run("invent", *model)
    assert "2 draws, 2 with a right scenario" in run("invent", "--coverage")


def test_a_server_of_chats_is_told_of_a_template_that_it_takes(run: Commands) -> None:
    def script(request: Request) -> Answer:
        return failure(404) if request.path.endswith("/v1/completions") else chat_reply("{}")

    with serving(script) as server:
        short = ("--template", "scenario-short", "--model", f"openai:m@{server.base_url}")
        run("invent", "--n", "1", *short, status=1)
    assert "name a template of style chat in workspace.toml, such as scenario" in run.err


def test_coverage_names_what_is_empty_and_shows_a_grid(run: Commands) -> None:
    with serving(numbered()) as server:
        run("invent", "--n", "1", "--model", f"openai:m@{server.base_url}")
    shown = run("invent", "--coverage", "--dimension", "industry", "--dimension", "tone")
    assert "Coverage of off-topic: 1 right scenario, with 2 on-topic, 1 off-topic texts." in shown
    assert "Scenarios by industry and tone" in shown
    assert len(re.findall(r"No scenario has (industry|tone|kind) ", shown)) == 3
    assert "of 16 pairs of values of two dimensions have no scenario" in shown
    run("invent", "--coverage", "--dimension", "size", "--dimension", "tone", status=1)
    assert "There is no dimension 'size'. Dimensions: industry, tone, kind." in run.err
    run("invent", "--coverage", "--dimension", "tone", status=2)


def test_filling_leaves_no_value_and_few_pairs_empty(run: Commands) -> None:
    with serving(numbered()) as server:
        run("invent", "--fill", "--n", "6", "--model", f"openai:m@{server.base_url}")
    found = run.json("invent", "--coverage")
    assert all(item["scenarios"] for item in found["values"])
    assert found["empty_cells"] == 0
    run("invent", "--fill", status=2)


def test_what_invent_prints_as_json_fits_its_schema(run: Commands) -> None:
    validator = Draft202012Validator(schema_of("invent"))
    validator.validate(run.json("invent", "--coverage"))
    with serving(numbered()) as server:
        found = run.json("invent", "--n", "25", "--model", f"openai:m@{server.base_url}")
    validator.validate(found)
    assert found["texts"] == {ON: 50, OFF: 25}
    assert [item["side"] for item in found["diversity"]] == ["system prompt", ON, OFF]
    assert json.loads(run("invent", "--json")) == found


def test_a_workspace_without_a_problem_is_told_how_to_get_one(run: Commands) -> None:
    (run.workspace / "problem.toml").unlink()
    for arguments in (("--n", "1"), ("--coverage",)):
        run("invent", *arguments, status=1)
        assert "has no problem.toml" in run.err
    assert rows(run, "SELECT count(*) FROM samples") == [(0,)]


@pytest.mark.parametrize(
    ("was", "becomes", "said"),
    [
        ("on-topic = 2", "rude = 2", "counts names the label 'rude', which task.toml lacks"),
        ('words = ["harbour", "invoice", "violin", "fern"]', 'file = "none.txt"', "none.txt"),
        ("per_scenario = 2", "per_scenario = 9", "fewer words than per_scenario, 9"),
    ],
)
def test_a_problem_that_cannot_be_used_stores_no_draw(
    run: Commands, was: str, becomes: str, said: str
) -> None:
    text = PROBLEM_FILE.replace(was, becomes)
    if was.startswith("on-topic"):
        text = text.replace('on-topic = ["May', 'rude = ["May')
    (run.workspace / "problem.toml").write_text(text, encoding="utf-8")
    run("invent", "--n", "1", status=1)
    assert said in run.err
    assert rows(run, "SELECT count(*) FROM samples") == [(0,)]


def test_seed_words_come_from_a_file_beside_the_problem(run: Commands) -> None:
    words = 'words = ["harbour", "invoice", "violin", "fern"]'
    text = PROBLEM_FILE.replace(words, 'file = "words.txt"')
    (run.workspace / "problem.toml").write_text(text, encoding="utf-8")
    (run.workspace / "words.txt").write_text("# some words\nanvil\n\nberry\n", encoding="utf-8")
    with serving(numbered()) as server:
        run("invent", "--n", "1", "--model", f"openai:m@{server.base_url}")
    assert rows(
        run, "SELECT \"value\" FROM sample_dimensions WHERE dimension = 'seed word' ORDER BY ALL"
    ) == [("anvil",), ("berry",)]
