import contextlib
import json
import logging
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import pytest

from engine.errors import CompletionsRefused, SchemaRefused, ServerRefused
from engine.generation.protocol import Generation, Sampling
from engine.generation.server import ServerGenerator
from engine.generation.server_reply import read_reply
from engine.generation.templates import Prompt
from tests.engine.generation.scripted_server import (
    Answer,
    Request,
    chat_reply,
    failure,
    serving,
    text_reply,
)

KEY = "sk-very-secret-0123456789"


@dataclass
class Pauses:
    """Stands in for sleeping: remembers the seconds, and may do something meanwhile."""

    seconds: list[float] = field(default_factory=list)
    meanwhile: Callable[[], None] = lambda: None

    def __call__(self, stopped: threading.Event, seconds: float) -> None:
        self.seconds.append(seconds)
        self.meanwhile()


def generator(base_url: str, pauses: Pauses | None = None, **options: object) -> ServerGenerator:
    fixed: dict[str, object] = {"jitter": lambda: 1.0, "clock": lambda: 0.0, "timeout_s": 5}
    return ServerGenerator("m", base_url, sleep=pauses or Pauses(), **{**fixed, **options})  # type: ignore[arg-type]


def ask(
    asked: ServerGenerator, texts: Sequence[str], stop: Sequence[str] = (), seed: int = 1
) -> dict[int, Generation]:
    prompts = [Prompt(user=text) for text in texts]
    return dict(asked.generate(prompts, stop, Sampling(max_new_tokens=9), seed))


def in_turn(*answers: Answer) -> Callable[[Request], Answer]:
    rest: Iterator[Answer] = iter(answers)
    lock = threading.Lock()

    def script(_: Request) -> Answer:
        with lock:
            return next(rest)

    return script


def test_replies_come_as_they_finish_each_with_the_index_of_its_prompt() -> None:
    first_seen = threading.Event()

    def script(request: Request) -> Answer:
        text = request.body["messages"][-1]["content"]
        if text == "0":
            first_seen.wait(5)
        return chat_reply(f"reply to {text}")

    found = []
    with serving(script) as server:
        prompts = [Prompt(user=str(index)) for index in range(5)]
        for index, reply in generator(server.base_url).generate(prompts, (), Sampling(), 1):
            first_seen.set()
            found.append((index, reply.text))
    assert found[0][0] != 0
    assert sorted(found) == [(index, f"reply to {index}") for index in range(5)]


def test_no_more_requests_than_allowed_run_at_once() -> None:
    lock = threading.Lock()
    running, most = 0, 0
    pair = threading.Barrier(2, timeout=5)

    def script(_: Request) -> Answer:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        pair.wait()
        with lock:
            running -= 1
        pair.wait()
        return chat_reply("x")

    with serving(script) as server:
        ask(generator(server.base_url, concurrent=2), "abcdef")
    assert most == 2


def test_a_chat_prompt_is_sent_as_messages_with_the_sampling() -> None:
    with serving(lambda _: chat_reply("fine\nleft in by the server", "length")) as server:
        prompt = Prompt(user="u", system="s")
        sampling = Sampling(max_new_tokens=9, temperature=0.6)
        ((_, reply),) = generator(server.base_url).generate([prompt], ["\n"], sampling, 5)
    assert reply == Generation("fine", 7, cut=False, stopped=True)
    (request,) = server.requests
    assert request.path == "/v1/chat/completions"
    assert request.body == {
        "messages": [{"role": "system", "content": "s"}, {"role": "user", "content": "u"}],
        "model": "m",
        "temperature": 0.6,
        "top_p": 1.0,
        "max_tokens": 9,
        "seed": 5,
        "stop": ["\n"],
    }


def test_a_completion_is_sent_as_plain_text() -> None:
    with serving(lambda _: text_reply(" Why?")) as server:
        prompt = Prompt(user="Text: a\nQuestion:", completion=True)
        ((_, reply),) = generator(server.base_url).generate([prompt], [], Sampling(), 5)
    assert (reply.text, reply.cut, reply.error) == (" Why?", False, None)
    assert server.requests[0].path == "/v1/completions"
    assert server.requests[0].body["prompt"] == prompt.user
    assert "stop" not in server.requests[0].body


def test_each_prompt_has_a_seed_of_its_own() -> None:
    with serving(lambda _: chat_reply("x")) as server:
        ask(generator(server.base_url), "aaa", seed=2**31 - 1)
    assert {request.body["seed"] for request in server.requests} == {2**31 - 1, 0, 1}


def test_a_busy_server_is_asked_again_after_the_seconds_it_names() -> None:
    pauses = Pauses()
    with serving(in_turn(failure(429, Retry_After="17"), chat_reply("x"))) as server:
        assert ask(generator(server.base_url, pauses), "a")[0].text == "x"
    assert pauses.seconds == [17.0]


def test_an_overloaded_server_is_waited_for_longer_and_longer_and_never_fails_a_row() -> None:
    pauses = Pauses()
    script = in_turn(*[failure(503)] * 25, chat_reply("x"))
    with serving(script) as server:
        assert ask(generator(server.base_url, pauses), "a")[0].error is None
    assert pauses.seconds[:8] == [1, 2, 4, 8, 16, 32, 60, 60]
    assert len(pauses.seconds) == 23  # two attempts were plain questions


def test_a_prompt_that_alone_is_turned_away_is_not_waited_for_for_ever() -> None:
    with serving(only("bad", failure(503, "no provider"))) as server:
        replies = ask(generator(server.base_url), ["good", "bad"])
    assert replies[0].text == "x"
    assert replies[1].error == "HTTP 503: no provider"


def only(text: str, answer: Answer) -> Callable[[Request], Answer]:
    """A server that answers all prompts but this one."""
    return lambda request: (
        answer if request.body["messages"][-1]["content"] == text else chat_reply("x")
    )


def test_a_dropped_connection_is_tried_again() -> None:
    with serving(in_turn(Answer(status=0), chat_reply("x"))) as server:
        assert ask(generator(server.base_url), "a")[0].text == "x"


def test_an_error_inside_the_server_fails_its_row_after_five_attempts() -> None:
    with serving(only("bad", failure(500, "boom"))) as server:
        asked = generator(server.base_url)
        ask(asked, ["good"])
        reply = ask(asked, ["bad"])[0]
    assert reply == Generation(None, 0, False, "HTTP 500: boom")
    assert len(server.requests) == 1 + 5


def test_a_reply_that_never_ends_fails_its_row_after_five_attempts() -> None:
    done = threading.Event()

    def script(request: Request) -> Answer:
        if request.body["messages"][0]["content"] == "endless":
            done.wait(5)
        return chat_reply("x")

    with serving(script) as server:
        asked = generator(server.base_url, timeout_s=0.2)
        ask(asked, ["good"])
        reply = ask(asked, ["endless"])[0]
        done.set()
    assert reply.error == "no reply in time"
    asked_for = [request.body["messages"][0]["content"] for request in server.requests]
    assert asked_for.count("endless") == 5


def test_an_unreachable_server_is_waited_for_and_the_wait_is_announced() -> None:
    with socket.create_server(("127.0.0.1", 0)) as held:
        port = held.getsockname()[1]
    said: list[str] = []
    with contextlib.ExitStack() as later:

        def start_the_server() -> None:
            if len(pauses.seconds) == 20:
                later.enter_context(serving(lambda _: chat_reply("back"), port))

        pauses = Pauses(meanwhile=start_the_server)
        asked = generator(f"http://127.0.0.1:{port}/v1", pauses, waiting=said.append)
        assert ask(asked, "a")[0].text == "back"
    begins = f"waiting for http://127.0.0.1:{port}/v1 until {datetime.fromtimestamp(1):%H:%M}: "
    assert said[0].startswith(begins)
    assert "Connection refused" in said[0]
    assert said[-1] == ""


def test_a_prompt_that_the_server_refuses_fails_alone() -> None:
    with serving(only("long", failure(400, "too many tokens"))) as server:
        replies = ask(generator(server.base_url), ["short", "long"])
    assert replies[0].text == "x"
    assert replies[1] == Generation(None, 0, False, "HTTP 400: too many tokens")


ODD = [
    failure(401, "not for this prompt"),
    failure(402, "costs more than is left"),
    failure(403, "flagged for self-harm"),
    failure(404, "no provider"),
    failure(429, "pay first", code="insufficient_quota"),
    Answer(body="<html>a web page</html>"),
    Answer(body='{"choices": []}'),
    Answer(body='{"error": {"message": "Provider returned error", "code": 502}}'),
    Answer(body='{"choices": [{"mess'),
    failure(500, "boom"),
]


@pytest.mark.parametrize("answer", ODD, ids=lambda answer: f"{answer.status} {answer.body[:20]}")
@pytest.mark.parametrize("texts", [["odd"], ["odd", "good"]])
def test_an_odd_answer_to_one_prompt_costs_that_prompt_alone(
    answer: Answer, texts: list[str]
) -> None:
    with serving(only("odd", answer)) as server:
        replies = ask(generator(server.base_url), texts)
    assert replies.pop(0).error is not None
    assert [reply.text for reply in replies.values()] == ["x"] * (len(texts) - 1)


def test_an_odd_reply_that_passes_costs_nothing() -> None:
    script = in_turn(Answer(body="<html>"), Answer(body='{"choices": []}'), chat_reply("x"))
    with serving(script) as server:
        assert ask(generator(server.base_url), "a")[0].text == "x"


def test_what_goes_wrong_in_the_thread_of_a_prompt_costs_that_prompt(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def stumble(body: bytes, stop: Sequence[str]) -> object:
        if b"odd" in body:
            raise ZeroDivisionError("stumbled")
        return read_reply(body, stop)

    monkeypatch.setattr("engine.generation.server.read_reply", stumble)
    with serving(only("odd", chat_reply("odd"))) as server:
        replies = ask(generator(server.base_url), ["good", "odd"])
    assert replies[0].text == "x"
    assert replies[1].error == "ZeroDivisionError: stumbled"


def test_a_parameter_that_is_refused_by_name_is_not_sent_again() -> None:
    def script(request: Request) -> Answer:
        for name in ("max_tokens", "temperature", "seed"):
            if name in request.body:
                return failure(400, f"Unsupported parameter: '{name}' is not supported")
        return chat_reply("x")

    with serving(script) as server:
        asked = generator(server.base_url, concurrent=1)
        replies = ask(asked, "ab")
    assert {reply.text for reply in replies.values()} == {"x"}
    assert {reply.unsent for reply in replies.values()} == {
        "with max_completion_tokens instead of max_tokens; without seed, temperature"
    }
    assert len(server.requests) == 5
    assert server.requests[-1].body["max_completion_tokens"] == 9


def test_a_server_without_plain_completions_is_said_to_be_one() -> None:
    with serving(lambda _: failure(404, "use chat")) as server, pytest.raises(CompletionsRefused):
        list(
            generator(server.base_url).generate(
                [Prompt(user="a", completion=True)], (), Sampling(), 1
            )
        )


def test_a_refusal_in_a_form_of_the_servers_own_is_still_told() -> None:
    with serving(lambda _: Answer(400, '{"detail": "pinned"}')) as server:
        assert ask(generator(server.base_url), "a")[0].error == 'HTTP 400: {"detail": "pinned"}'


@pytest.mark.parametrize(
    "answer",
    [
        failure(401, "bad key"),
        failure(403),
        failure(404, "no such model"),
        failure(429, "pay first", code="insufficient_quota"),
        Answer(body="<html>a web page</html>"),
    ],
)
def test_a_refusal_that_waiting_cannot_cure_ends_the_call(answer: Answer) -> None:
    with (
        serving(lambda _: answer) as server,
        pytest.raises(ServerRefused, match=r"refuses to serve m .*OPENAI_API_KEY") as refused,
    ):
        ask(generator(server.base_url), "abc")
    said = json.loads(answer.body)["error"]["message"] if answer.status != 200 else "a web page"
    assert said in str(refused.value)


def test_a_reply_without_text_is_a_row_with_an_error() -> None:
    with serving(lambda _: chat_reply(None, "content_filter")) as server:
        reply = ask(generator(server.base_url), "a")[0]
    assert reply.text is None
    assert "content filter" in str(reply.error)


def test_the_key_goes_to_the_server_and_nowhere_else(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    caplog.set_level(logging.DEBUG)
    said: list[str] = []
    script = in_turn(
        failure(503, f"key {KEY} waits"),
        failure(400, f"{KEY}?"),
        failure(401, f"bad {KEY}"),
        failure(401, f"bad {KEY}"),
    )
    with serving(script) as server:
        asked = generator(server.base_url, waiting=said.append)
        row = ask(asked, "a")[0]
        with pytest.raises(ServerRefused) as refused:
            ask(asked, "a")
    assert server.requests[0].headers["authorization"] == f"Bearer {KEY}"
    chain = f"{refused.value!r} {refused.value.__cause__!r} {refused.value.__context__!r}"
    assert KEY not in f"{row} {chain} {said} {caplog.text} {asked!r}"
    assert row.error == "HTTP 400: ***?"


def test_without_a_key_a_local_server_is_asked_all_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    with serving(lambda _: chat_reply("x")) as server:
        assert ask(generator(server.base_url), "a")[0].text == "x"


def test_a_request_that_cannot_be_sent_at_all_is_not_waited_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("OPENAI_ORG_ID", "org\n")
    with (
        serving(lambda _: chat_reply("x")) as server,
        pytest.raises(ServerRefused, match="cannot be sent"),
    ):
        ask(generator(server.base_url), "a")


def test_closing_the_iterator_gives_up_what_was_not_sent() -> None:
    with serving(lambda _: chat_reply("x")) as server:
        asked = generator(server.base_url, concurrent=1)
        replies = asked.generate([Prompt(user="a")] * 50, (), Sampling(), 1)
        next(replies)
        replies.close()  # type: ignore[attr-defined]
        before = len(server.requests)
        assert before < 50


def test_prompts_are_rendered_and_counted_without_the_server() -> None:
    asked = generator("http://127.0.0.1:9/v1")
    assert asked.render(Prompt(user="é")) == '[{"role": "user", "content": "é"}]'
    assert asked.render(Prompt(user="plain", completion=True)) == "plain"
    assert asked.count_tokens(["", "abcd", "abcde"]) == [0, 1, 2]


SCHEMA = '{"type": "object", "properties": {"a": {"type": "string"}}}'


def test_a_json_schema_is_sent_as_structured_output_is_asked_for() -> None:
    with serving(lambda _: chat_reply('{"a": "b"}')) as server:
        (reply,) = ask(generator(server.base_url, schema=SCHEMA), ["x"]).values()
    asked = server.requests[0].body["response_format"]
    assert asked["type"] == "json_schema"
    assert asked["json_schema"]["strict"] is True
    assert asked["json_schema"]["schema"] == json.loads(SCHEMA)
    assert reply.text == '{"a": "b"}'


def test_without_a_schema_no_form_is_asked_for() -> None:
    with serving(lambda _: chat_reply("hello")) as server:
        ask(generator(server.base_url), ["x"])
    assert "response_format" not in server.requests[0].body


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (400, "Unexpected keys in the request: {'response_format'}"),
        (400, "json_schema is not supported by this model"),
        (422, "extra fields not permitted: response_format"),
        (501, "structured outputs need another backend"),
    ],
)
def test_a_server_that_takes_no_schema_is_given_up_with_the_way_out(status: int, said: str) -> None:
    with (
        serving(lambda _: failure(status, said)) as server,
        pytest.raises(SchemaRefused, match="structured = false") as refused,
    ):
        ask(generator(server.base_url, schema=SCHEMA), ["x"])
    assert said in str(refused.value)


def test_once_schemas_were_followed_a_refusal_that_speaks_of_them_costs_its_prompt() -> None:
    script = in_turn(chat_reply("{}"), failure(400, "the schema of your garden is not allowed"))
    with serving(script) as server:
        asked = generator(server.base_url, schema=SCHEMA, concurrent=1)
        found = ask(asked, ["x", "draw the schema of my garden"])
    assert found[0].text == "{}"
    assert "not allowed" in (found[1].error or "")
