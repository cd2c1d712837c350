"""Language models as annotators, by commands, against a real server on loopback."""

import os
import signal

import pytest
from jsonschema import Draft202012Validator

from store.annotators import answer_annotations
from store.cluster_states import read_states
from store.clusters import list_clusters
from store.database.connection import Database
from store.decisions import undo
from tests import rows
from tests.commands import Commands
from tests.engine.generation.scripted_server import Answer, Request, chat_reply, failure, serving
from tests.json_schemas import schema_of
from tests.tui.audited import label_clusters
from tui.services.workspace import Workspace

ADVICE, CONTENT, GENERAL = rows.LABELS


@pytest.fixture
def run(clustered_workspace: Workspace, capsys: pytest.CaptureFixture[str]) -> Commands:
    return Commands(clustered_workspace.path, capsys)


def asked_text(request: Request) -> str:
    content: str = request.body["messages"][-1]["content"]
    return content.partition("<text>\n")[2].partition("\n</text>")[0]


def reply(request: Request) -> Answer:
    """Say advice of what names a doctor, nothing of studies, and general content of the rest."""
    text = asked_text(request)
    if "studies" in text or "study" in text:
        return chat_reply("\x1b[31mI cannot say")
    return chat_reply("It is Health-Advice." if "doctor" in text else GENERAL)


def labels_that_count(database: Database) -> list[tuple[str, str]]:
    with database.read() as cursor:
        return cursor.rows("SELECT answer_id, label FROM answer_labels ORDER BY ALL")


def test_a_model_labels_representatives_as_an_annotator_of_its_own_and_decides_nothing(
    run: Commands, clustered_workspace: Workspace
) -> None:
    with clustered_workspace.database() as database:
        label_clusters(database, "ada", clusters=10)
        clusters = {item.representative_id: item for item in list_clusters(database)}
        before = labels_that_count(database)
    with serving(reply) as server:
        reference = f"openai:small@{server.base_url}"
        report = run.json("annotate", "--model", reference)
        asked = {asked_text(request) for request in server.requests}
        prompt = server.requests[0].body["messages"][-1]["content"]
        assert len(server.requests) == len(clusters)
        shown = run("annotate", "--model", f"llm:{reference}")
        assert len(server.requests) == len(clusters)  # nothing is asked for again
    assert "Nothing is left to ask" in run.err
    assert asked == {item.representative for item in clusters.values()}
    for label in clustered_workspace.task.label:
        assert f"- {label.name}: {label.definition}" in prompt
    name = f"llm:{reference}"
    people, model, detector = report["annotators"]
    assert people == {"name": "ada", "kind": "person", "n": 10, "failed": 0}
    assert (model["name"], model["kind"]) == (name, "model")
    unread = sum("stud" in item.representative for item in clusters.values())
    assert (model["n"], model["failed"]) == (len(clusters) - unread, unread)
    assert unread > 0
    assert (detector["name"], detector["kind"]) == ("initial", "detector")
    assert max(10, model["n"]) <= detector["n"] <= len(clusters)
    assert {item["reply"] for item in report["failures"]} == {"\x1b[31mI cannot say"}
    assert {item["error"] for item in report["failures"]} == {"the reply names no label"}
    assert "␛[31mI cannot say" in run.err
    assert "\x1b" not in shown + run.err
    assert f"Down: ada; across: {name}" in shown
    assert run.json("agreement") == report
    Draft202012Validator(schema_of("annotate")).validate(report)
    with clustered_workspace.database() as database:
        assert labels_that_count(database) == before
        said = {
            row["answer_id"]: row["label"]
            for row in answer_annotations(database).filter(kind="model").iter_rows(named=True)
        }
    assert said == {
        answer_id: ADVICE if "doctor" in item.representative else GENERAL
        for answer_id, item in clusters.items()
        if "stud" not in item.representative
    }


def test_what_a_model_says_becomes_decisions_under_its_name_only_where_nobody_has_decided(
    run: Commands, clustered_workspace: Workspace
) -> None:
    with clustered_workspace.database() as database:
        mine = label_clusters(database, "ada", clusters=4)
        before = read_states(database)
    with serving(lambda _: chat_reply(CONTENT)) as server:
        reference = f"openai:small@{server.base_url}"
        run("annotate", "--model", reference, "--record")
        name = f"llm:{reference}"
        with clustered_workspace.database() as database:
            states, clusters = read_states(database), list_clusters(database)
        assert {key: states[key] for key in mine} == before
        others = [states[item.cluster_id] for item in clusters if item.cluster_id not in mine]
        assert {(state.label, state.annotator) for state in others} == {(CONTENT, name)}
        assert f"Took {len(others)} decisions of {name}" in run.err
        run("annotate", "--model", reference, "--record")
        assert f"Nothing of {name} was taken" in run.err
    with clustered_workspace.database() as database:
        undo(database, name)
        assert read_states(database) == before
    run("annotate", "--model", reference, "--record", "--detach", status=2)
    assert "without --detach" in run.err


def test_a_model_that_rarely_names_a_label_is_said_to(run: Commands) -> None:
    with serving(lambda _: chat_reply("I cannot say")) as server:
        run("annotate", "--model", f"openai:small@{server.base_url}", "--total", "3")
        run("annotate", "--model", f"openai:small@{server.base_url}", "--total", "3")
    assert "named no label in 3 of 3 replies: it may be too small" in run.err


def test_all_answers_are_asked_about_some_at_a_time_and_none_twice(
    run: Commands, clustered_workspace: Workspace
) -> None:
    with clustered_workspace.database() as database, database.read() as cursor:
        answers = cursor.number("SELECT count(*) FROM answers")
    with serving(reply) as server:
        asking = ("annotate", "--model", f"openai:small@{server.base_url}", "--what", "answers")
        run(*asking, "--total", "20")
        run(*asking, "--total", "20")
        assert len(server.requests) == 20
        run(*asking, "--limit", "7")
        assert len(server.requests) == 27
        report = run.json(*asking)
        assert len(server.requests) == answers
        assert len({asked_text(request) for request in server.requests}) == answers
    (model,) = (item for item in report["annotators"] if item["kind"] == "model")
    assert model["n"] + model["failed"] == answers


def test_only_what_got_no_reply_is_asked_about_again(run: Commands) -> None:
    def refuse(request: Request) -> Answer:
        return failure(400, "no") if "doctor" in asked_text(request) else reply(request)

    with serving(refuse) as server:
        asking = ("annotate", "--model", f"openai:small@{server.base_url}")
        run(*asking)
        asked = len(server.requests)
        refused = sum("doctor" in asked_text(request) for request in server.requests)
        assert 0 < refused < asked
        run(*asking)
        assert len(server.requests) == asked
        server.script = reply
        run(*asking, "--retry-errors")
        again = server.requests[asked:]
        assert len(again) == refused
        assert all("doctor" in asked_text(request) for request in again)
        report = run.json(*asking, "--retry-errors")
        assert len(server.requests) == asked + refused
    assert all(item["reply"] is not None for item in report["failures"])


def test_a_model_that_was_killed_is_asked_about_each_text_once(
    run: Commands, clustered_workspace: Workspace
) -> None:
    settings = clustered_workspace.path / "workspace.toml"
    settings.write_text(settings.read_text().replace("batch_rows = 64", "batch_rows = 4"))
    killed: list[int] = []
    asked = 0

    def kill_once(request: Request) -> Answer:
        nonlocal asked
        asked += 1
        if asked == 12:
            pid = clustered_workspace.supervisor.jobs()[-1].worker_pid()
            assert pid is not None
            killed.append(pid)
            os.killpg(pid, signal.SIGKILL)
        return reply(request)

    with serving(kill_once) as server:
        asking = ("annotate", "--model", f"openai:small@{server.base_url}")
        run(*asking, status=1)
        assert killed
        job_id = clustered_workspace.supervisor.jobs()[-1].job_id
        run("jobs", "resume", job_id)
        report = run.json(*asking)
    with clustered_workspace.database() as database, database.read() as cursor:
        clusters = len(list_clusters(database))
        assert cursor.number("SELECT count(*) FROM classifications") == clusters
    (model,) = (item for item in report["annotators"] if item["kind"] == "model")
    assert model["n"] + model["failed"] == clusters


def test_other_definitions_are_another_way_and_only_what_was_asked_last_counts(
    run: Commands, clustered_workspace: Workspace
) -> None:
    with serving(lambda _: chat_reply(CONTENT)) as server:
        asking = ("annotate", "--model", f"openai:small@{server.base_url}")
        run(*asking)
        asked = len(server.requests)
        template = clustered_workspace.path / "templates" / "judge.toml"
        template.write_text(template.read_text().replace("Which of these", "Which one of these"))
        server.script = lambda _: chat_reply(ADVICE)
        report = run.json(*asking, "--total", "5")
        assert len(server.requests) == asked + 5
    (model,) = (item for item in report["annotators"] if item["kind"] == "model")
    assert model["n"] == 5
    with clustered_workspace.database() as database:
        assert set(answer_annotations(database).filter(kind="model")["label"]) == {ADVICE}


def test_without_clusters_or_answers_it_says_what_makes_them(
    imported_workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    run = Commands(imported_workspace.path, capsys)
    run("annotate", "--model", "openai:m@http://127.0.0.1:9/v1", status=1)
    assert "`backquery run` makes clusters" in run.err
    run("annotate", "--model", "openai:m@http://127.0.0.1:9/v1", "--what", "answers", status=1)
    assert "There is no answer yet" in run.err
    run("annotate", "--model", "small", "--what", "answers", status=1)
    run("agreement")
    assert "Nobody has labelled anything yet" in run.err
