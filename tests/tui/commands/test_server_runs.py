"""Runs that ask a model server: what of odd replies reaches the store, the screen and the key."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from store.database.connection import Database
from tests.commands import Commands
from tests.engine.generation.scripted_server import Answer, Request, chat_reply, failure, serving

KEY = "sk-very-secret-0123456789"
TEXTS = ("Cool the burn under water.", "The liver stores sugar.", "A train leaves at nine.")


@pytest.fixture
def run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Commands:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    monkeypatch.setenv("OPENAI_API_KEY", f" {KEY}\r\n")
    run = Commands(tmp_path / "w", capsys)
    run("init", str(run.workspace))
    seeds = tmp_path / "seeds.txt"
    seeds.write_text("\n".join(TEXTS), encoding="utf-8")
    run("import", str(seeds), "--dataset", "d", "--role", "seed")
    return run


def ask(run: Commands, base_url: str, template: str = "papers") -> None:
    """Let questions be asked by a server."""
    settings = run.workspace / "workspace.toml"
    text = settings.read_text(encoding="utf-8")
    text = re.sub(r'(?<=\[queries\]\n)model = ".*"', f'model = "openai:m@{base_url}"', text)
    text = text.replace('template = "five-examples"', f'template = "{template}"')
    settings.write_text(text, encoding="utf-8")


def odd_for(word: str, answer: Answer) -> Callable[[Request], Answer]:
    return lambda request: (
        answer if word in request.body["messages"][-1]["content"] else chat_reply("Why so?")
    )


def errors(run: Commands) -> list[str | None]:
    with Database(run.workspace, role="a test") as database, database.read() as cursor:
        return [
            row[0] for row in cursor.rows("SELECT error FROM queries ORDER BY error NULLS LAST")
        ]


def test_one_odd_reply_costs_one_row_and_the_run_says_so(run: Commands) -> None:
    flagged = failure(403, f"flagged, {KEY}")
    with serving(odd_for("liver", flagged)) as server:
        ask(run, server.base_url)
        run("run", "queries")
        assert server.requests[0].headers["authorization"] == f"Bearer {KEY}"
    assert "queries 2 rows right, 1 with an error" in run.err
    assert "HTTP 403: flagged, ***" in run.err
    assert "--retry-errors" in run.err
    assert errors(run) == ["HTTP 403: flagged, ***", None, None]
    run("run", "queries")
    assert "1 seed without a question" in run.err
    stored = [path.read_bytes() for path in run.workspace.rglob("*") if path.is_file()]
    assert not any(KEY.encode() in content for content in stored)


def test_a_run_that_brought_no_row_fails_also_when_it_is_shown(run: Commands) -> None:
    with serving(lambda _: failure(400, "no such thing")) as server:
        ask(run, server.base_url)
        run("run", "queries", status=1)
    assert "no row of queries: 3 rows with an error" in run.err
    job_id = run.json("jobs")[0]["job_id"]
    run("jobs", "show", job_id, status=1)
    assert "HTTP 400: no such thing" in run.err


def test_a_chat_only_server_leads_to_another_template(run: Commands) -> None:
    with serving(lambda _: failure(404, "use chat")) as server:
        ask(run, server.base_url, template="five-examples")
        run("run", "queries", status=1)
    assert "The template 'five-examples'" in run.err
    assert "use chat" in run.err


def test_a_key_that_is_none_is_refused_by_name(
    run: Commands, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", f"\u201c{KEY}\u201d")
    ask(run, "http://127.0.0.1:9/v1")
    run("run", "queries", status=1)
    assert "OPENAI_API_KEY holds a left double quotation mark" in run.err
    assert KEY not in run.err
