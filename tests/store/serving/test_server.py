"""A database beside its owner: what it reads and writes goes through the socket."""

import json
import os
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

import store.database.memory
import store.serving.rendezvous
import store.serving.server
from store.clusters import list_clusters
from store.counts import count_all
from store.database.changes import read_changes
from store.database.connection import Database
from store.database.owner import LOCK_NAME, read_holder
from store.datasets import read_samples, split_dataset
from store.decisions import Decision, read_overrides, record, undo
from store.errors import (
    CallFailed,
    DecisionRefused,
    LooksOn,
    MessageRefused,
    OtherVersion,
    StoreError,
    UnknownName,
    WorkspaceHeld,
)
from store.export import export_pairs
from store.lineage import answers_of
from store.pairs import Draw, due_samples
from store.search import search_members
from store.serving.calls import find_served
from store.serving.rendezvous import connect
from store.serving.version import program_version
from store.serving.wire import Disconnected, Message, receive, send
from store.thresholds import add_threshold
from tests import rows
from tests.waiting import wait_for


@pytest.fixture
def guest(labelled: Database) -> Iterator[Database]:
    """The database of `labelled` as another process has it."""
    with Database(labelled.workspace, patience_s=5.0) as opened:
        assert not opened.is_owner
        yield opened


@pytest.fixture
def wire(labelled: Database) -> Iterator[socket.socket]:
    """A connection to the owner on which nothing was said."""
    holder = read_holder(labelled.workspace)
    assert holder is not None
    assert holder.socket is not None
    with connect(Path(holder.socket), 10.0) as connection:
        yield connection


def hello(wire: socket.socket) -> socket.socket:
    """A connection whose client was welcomed."""
    send(wire, Message({"hello": program_version()}))
    assert "welcome" in receive(wire).head
    return wire


def test_what_is_read_beside_the_owner_is_what_the_owner_reads(
    labelled: Database, guest: Database
) -> None:
    assert count_all(guest) == count_all(labelled)
    assert list_clusters(guest) == list_clusters(labelled)
    assert export_pairs(guest, None).equals(export_pairs(labelled, None))
    ids = export_pairs(guest, None)["answer_id"]
    assert answers_of(guest, ids).equals(answers_of(labelled, ids))
    draw = Draw(labels=("health-advice",), limit=3)
    made = {"model": "other", "template": None}
    found = due_samples(guest, draw, made, retry=False)
    assert found.equals(due_samples(labelled, draw, made, retry=False))
    assert list(search_members(guest, "answer")) == list(search_members(labelled, "answer"))


def test_what_is_written_beside_the_owner_is_on_disk_and_noticed(
    labelled: Database, guest: Database
) -> None:
    before = read_changes(labelled)
    record(guest, "bob", [Decision("label", answer_id="a-s0", label="health-advice")])
    assert read_overrides(labelled) == {"c0": {"a-s0": (0, "health-advice")}}
    add_threshold(guest, "d0", 0.25, "by hand", None)
    after = read_changes(guest)
    assert (after.decisions, after.others) == (before.decisions + 1, before.others + 1)
    assert after.served == before.served + 2
    record(labelled, "ada", [Decision("flag", "c0")])
    assert read_changes(guest).served == after.served
    assert undo(guest, "bob").answer_ids == ("a-s0",)


def test_errors_of_the_store_come_back_as_themselves(guest: Database) -> None:
    with pytest.raises(DecisionRefused, match="nothing left to undo"):
        undo(guest, "ada")
    with pytest.raises(UnknownName, match="nowhere"):
        split_dataset(guest, "nowhere", 2, seed=0, name="held")


def test_an_error_that_nobody_foresaw_is_said_and_the_next_call_is_answered(
    guest: Database,
) -> None:
    with pytest.raises(CallFailed, match="KeyError: 'no-column'"):
        due_samples(guest, Draw(), {"no-column": "x"}, retry=False)
    assert count_all(guest).samples == 6


def test_one_who_looks_on_reads_and_writes_nothing(labelled: Database) -> None:
    with Database(labelled.workspace, looks_on=True, patience_s=5.0) as guest:
        assert len(list_clusters(guest)) == 2
        with pytest.raises(LooksOn, match="only looks on"):
            record(guest, "ada", [Decision("flag", "c0")])
    assert count_all(labelled).decisions == 0


def test_a_client_of_another_version_is_told_to_close_the_old_program(
    labelled: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("store.serving.channel.program_version", lambda: "another")
    with pytest.raises(OtherVersion, match="Close that one and open it again"):
        Database(labelled.workspace, patience_s=5.0)


def test_another_user_is_refused_by_the_owner(
    labelled: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store.serving.rendezvous, "peer_user", lambda _: os.geteuid() + 1)
    holder = read_holder(labelled.workspace)
    assert holder is not None
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as wire:
        wire.connect(str(holder.socket))
        answer = receive(wire).head
    assert answer["error"] == "Unreachable"
    assert "shared with no other user" in answer["text"]


@pytest.mark.parametrize(
    "name",
    [
        None,
        "os.system",
        "store.counts.count_everything",
        "store.decisions.append",
        "store.decisions._turn",
        "store.counts.Counts",
        "store.export.count_all",
        "store.database.connection.Database",
        "store..counts.count_all",
    ],
)
def test_only_what_is_served_can_be_called(name: object) -> None:
    with pytest.raises(MessageRefused, match="serves no"):
        find_served(name)


@pytest.mark.parametrize(
    "call",
    [
        {"call": "store.counts.count_all"},
        {"call": "store.counts.count_all", "id": 1, "arguments": {}},
        {"call": "store.counts.count_all", "id": "x", "arguments": {"database": 1}},
        {"call": "store.decisions.undo", "id": "x", "arguments": {}},
        {"call": "store.decisions.undo", "id": "x", "arguments": {"annotator": 5}},
        {"call": "store.decisions.undo", "id": "x", "arguments": {"annotator": "a", "more": 1}},
    ],
)
def test_a_call_that_makes_no_sense_is_refused_and_the_next_is_answered(
    wire: socket.socket, call: dict[str, object]
) -> None:
    hello(wire)
    send(wire, Message(call))
    assert receive(wire).head["error"] == "MessageRefused"
    send(wire, Message({"call": "store.counts.count_decisions", "id": "y", "arguments": {}}))
    assert receive(wire).head == {"result": 0}


def test_garbage_ends_a_connection_and_nothing_else(wire: socket.socket, guest: Database) -> None:
    hello(wire)
    wire.sendall(b"GET / HTTP/1.1\r\n\r\n")
    assert receive(wire).head["error"] == "MessageRefused"
    with pytest.raises(Disconnected):
        receive(wire)
    assert count_all(guest).samples == 6


def test_a_client_that_says_nothing_is_not_waited_for(
    wire: socket.socket, labelled: Database
) -> None:
    labelled.close()
    with pytest.raises(Disconnected):
        receive(wire)


def test_a_result_that_is_too_long_is_an_error_of_its_call(
    guest: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("store.serving.wire.HEAD_LIMIT", 170)
    with pytest.raises(MessageRefused, match="too long"):
        list_clusters(guest)
    assert undo_is_refused(guest)


def undo_is_refused(database: Database) -> bool:
    """Whether a call is answered, with an error of few words."""
    with pytest.raises(DecisionRefused):
        undo(database, "a")
    return True


def test_a_call_that_lacks_memory_is_tried_again_with_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store.database.memory, "LIMITS_MIB", (16, 1024))
    names = [f"s{number:05}" for number in range(20_000)]
    with Database(tmp_path, is_modest=True) as owner, Database(tmp_path) as guest:
        rows.add_dataset(owner, "seeds", [(name, f"{name}. " * 80, None) for name in names], "seed")
        assert split_dataset(guest, "seeds", 10_000, seed=0, name="held") == (10_000, 10_000)
        assert read_samples(guest, names[:3]).height == 3


def test_a_client_goes_on_alone_when_the_owner_closes(labelled: Database, guest: Database) -> None:
    assert count_all(guest).samples == 6
    labelled.close()
    assert count_all(guest).samples == 6
    assert guest.is_owner
    record(guest, "ada", [Decision("flag", "c0")])
    with Database(guest.workspace, patience_s=5.0) as third:
        assert not third.is_owner
        assert count_all(third).decisions == 1


def test_a_client_says_at_every_call_that_its_owner_is_silent_until_it_answers_again(
    labelled: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def say_nothing(*_: object, **__: object) -> None:
        raise Disconnected("no answer")

    with Database(labelled.workspace, patience_s=0) as guest, monkeypatch.context() as silence:
        silence.setattr("store.serving.channel.Channel.call", say_nothing)
        silence.setattr("store.serving.channel.Channel.greet", say_nothing)
        for _ in range(2):
            with pytest.raises(WorkspaceHeld, match=r"does not answer.*kill -CONT \d+"):
                count_all(guest)
        silence.undo()
        assert count_all(guest).samples == 6


def test_many_clients_in_many_threads_get_their_own_answers(labelled: Database) -> None:
    found: list[tuple[str, str]] = []

    def ask(name: str) -> None:
        with Database(labelled.workspace) as guest:
            for number in range(5):
                text = f"{name}-{number}"
                record(guest, name, [Decision("note", "c0", note=text)])
                (sample,) = read_samples(guest, [f"s{number}"])["sample_id"].to_list()
                found.append((sample, f"s{number}"))

    threads = [threading.Thread(target=ask, args=[f"n{number}"]) for number in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 50
    assert all(one == other for one, other in found)
    assert count_all(labelled).decisions == 50


def test_an_owner_waits_for_what_its_clients_write(
    labelled: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, go_on = threading.Event(), threading.Event()
    append = store.decisions.append

    def slowly(*arguments: object) -> str:
        begun.set()
        assert go_on.wait(60)
        return append(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr("store.decisions.append", slowly)
    said: list[str] = []
    with Database(labelled.workspace) as guest:
        writing = threading.Thread(
            target=lambda: said.append(record(guest, "ada", [Decision("flag", "c0")]))
        )
        writing.start()
        assert begun.wait(60)
        closing = threading.Thread(target=labelled.close)
        closing.start()
        go_on.set()
        closing.join()
        writing.join()
        assert len(said[0]) == 16
        assert count_all(guest).decisions == 1
        assert guest.is_owner


def test_a_holder_on_another_computer_is_named_with_the_way_out(tmp_path: Path) -> None:
    with Database(tmp_path, role="the app"):
        lock = tmp_path / LOCK_NAME
        lock.write_text(json.dumps(json.loads(lock.read_text()) | {"host": "gpu-7"}))
        with pytest.raises(WorkspaceHeld, match=r"the app \(process .* on gpu-7.*Work on gpu-7"):
            Database(tmp_path, patience_s=0)


def test_a_workspace_that_cannot_be_served_is_still_owned_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store.serving.rendezvous, "LONGEST_ADDRESS", 5)
    with Database(tmp_path) as owner:
        assert count_all(owner).samples == 0
        with pytest.raises(WorkspaceHeld, match="serves no other process"):
            Database(tmp_path, patience_s=0)


def test_an_owner_leaves_neither_socket_nor_threads(tmp_path: Path) -> None:
    with Database(tmp_path) as owner, Database(tmp_path) as guest:
        assert count_all(guest).samples == 0
        holder = read_holder(owner.workspace)
    assert holder is not None
    assert holder.socket is not None
    assert not Path(holder.socket).exists()
    wait_for(lambda: not any("backquery" in thread.name for thread in threading.enumerate()))


def test_errors_are_made_of_nothing_but_errors_of_the_store() -> None:
    from store.serving.refusals import read_error

    for name in ("SystemExit", "__doc__", "annotations", None, 5):
        error = read_error(Message({"error": name, "text": "x"}))
        assert isinstance(error, StoreError)
