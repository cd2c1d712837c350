import threading
from collections.abc import Iterator
from contextlib import closing

import pytest

from engine.errors import ServerRefused
from engine.generation.concurrency import FixedLimit
from engine.generation.flow import Ask, Flow
from engine.generation.protocol import Generation, Keep, Request
from engine.generation.templates import Prompt
from tests.waiting import PATIENCE_S, wait_for


def requests(names: str) -> list[Request]:
    return [Request(name, Prompt(user=name), seed=1) for name in names]


def reply(request: Request, _: threading.Event) -> Generation:
    return Generation(f"to {request.name}", 1, cut=False)


def forget(_: str, __: Generation) -> None:
    pass


def flow(ask: Ask = reply, keep: Keep = forget, concurrent: int = 2) -> Flow:
    return Flow(ask, keep, FixedLimit(concurrent))


def test_every_request_is_answered_once_and_kept_before_it_is_yielded() -> None:
    kept: list[str] = []
    for name, generation in flow(keep=lambda name, _: kept.append(name)).send(requests("abcdef")):
        assert name in kept
        assert generation.text == f"to {name}"
    assert sorted(kept) == list("abcdef")


def test_without_requests_nothing_comes() -> None:
    assert list(flow().send([])) == []


def test_a_slow_request_does_not_keep_the_others_waiting() -> None:
    slow = threading.Event()

    def ask(request: Request, stopped: threading.Event) -> Generation:
        if request.name == "a":
            assert slow.wait(PATIENCE_S)
        return reply(request, stopped)

    names = []
    for name, _ in flow(ask).send(requests("abcdef")):
        names.append(name)
        if len(names) == 5:
            slow.set()
    assert sorted(names[:5]) == list("bcdef")
    assert names[5] == "a"


def test_replies_are_kept_while_nobody_reads_them() -> None:
    all_kept = threading.Event()
    kept: list[str] = []

    def keep(name: str, _: Generation) -> None:
        kept.append(name)
        if len(kept) == 6:
            all_kept.set()

    with closing(flow(keep=keep).send(requests("abcdef"))) as replies:
        next(replies)
        assert all_kept.wait(PATIENCE_S)
        assert len(list(replies)) == 5


def test_what_goes_wrong_with_one_request_costs_that_one() -> None:
    def ask(request: Request, stopped: threading.Event) -> Generation:
        if request.name == "b":
            raise RuntimeError("broken")
        return reply(request, stopped)

    found = dict(flow(ask).send(requests("abc")))
    assert found["b"].error == "RuntimeError: broken"
    assert [found[name].error for name in "ac"] == [None, None]


def test_a_refusal_by_the_server_ends_all() -> None:
    def ask(request: Request, stopped: threading.Event) -> Generation:
        if request.name == "b":
            raise ServerRefused("wrong key")
        assert stopped.wait(PATIENCE_S) or request.name == "a"
        return reply(request, stopped)

    with pytest.raises(ServerRefused, match="wrong key"):
        list(flow(ask).send(requests("abcdef")))


def test_a_reply_that_cannot_be_kept_ends_all() -> None:
    def keep(_: str, __: Generation) -> None:
        raise OSError("the disk is full")

    with pytest.raises(OSError, match="disk is full"):
        list(flow(keep=keep).send(requests("abcdef")))


def test_requests_that_cannot_be_made_end_all() -> None:
    def broken() -> Iterator[Request]:
        yield from requests("a")
        raise ValueError("no prompt")

    with pytest.raises(ValueError, match="no prompt"):
        list(flow().send(broken()))


def test_closing_sends_nothing_more_and_keeps_what_was_on_its_way() -> None:
    asked: list[str] = []
    kept: list[str] = []
    late = threading.Event()

    def ask(request: Request, stopped: threading.Event) -> Generation:
        asked.append(request.name)
        assert request.name == "a" or late.wait(PATIENCE_S)
        return reply(request, stopped)

    replies = flow(ask, lambda name, _: kept.append(name)).send(requests("abcdefgh"))
    assert next(replies)[0] == "a"
    wait_for(lambda: len(asked) == 3)
    replies.close()
    late.set()
    wait_for(lambda: sorted(kept) == list("abc"))
    assert sorted(asked) == list("abc")
