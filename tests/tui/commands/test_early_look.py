"""Runs whose first questions are of no use: they pause, say why, and go on if they are told to."""

from pathlib import Path

import pytest

from tests.commands import Commands
from tests.engine.generation.scripted_server import Answer, Request, chat_reply, serving
from tests.tui.commands.test_server_runs import ask

ECHO = "What question did the user ask to generate the following text?"
N = 12


@pytest.fixture
def run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Commands:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    run = Commands(tmp_path / "w", capsys)
    run("init", str(run.workspace))
    seeds = tmp_path / "seeds.txt"
    seeds.write_text("\n".join(f"The liver stores sugar for {n} hours." for n in range(N)))
    run("import", str(seeds), "--dataset", "d", "--role", "seed")
    return run


def echo(_: Request) -> Answer:
    return chat_reply(ECHO)


def states(run: Commands) -> list[str]:
    return [job["state"] for job in run.json("jobs")]


def test_a_run_pauses_and_goes_on_only_if_it_is_told_to(run: Commands) -> None:
    with serving(echo) as server:
        ask(run, server.base_url)
        run("run", "queries", status=1)
        assert f"of the first {N}: template-echo 100% [76%–100%], equal 100%" in run.err
        assert "paused: queries: the first questions" in run.err
        assert ECHO in run.err
        assert "five-examples" in run.err
        job_id = run.json("jobs")[0]["job_id"]
        assert run.json("status")["queries"] == N
        run("jobs", "show", job_id, status=1)
        assert "paused" in run.err
        run("jobs", "resume", job_id, status=1)
        assert states(run) == ["paused"]
        run("jobs", "resume", job_id, "--force")
        assert states(run) == ["done"]
        asked = [request for request in server.requests if ECHO not in str(request.body)]
        assert len(asked) == N


def test_a_run_that_is_forced_does_not_pause(run: Commands) -> None:
    with serving(echo) as server:
        ask(run, server.base_url)
        run("run", "queries", "--force")
    assert f"of the first {N}: template-echo 100%" in run.err
    assert states(run) == ["done"]


def test_a_limit_of_one_never_pauses(run: Commands) -> None:
    settings = run.workspace / "workspace.toml"
    with serving(echo) as server:
        ask(run, server.base_url)
        text = settings.read_text() + "\n[quality.queries]\ntemplate-echo = 1\nequal = 1\n"
        settings.write_text(text)
        run("run", "queries")
    assert states(run) == ["done"]
