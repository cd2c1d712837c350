"""Processes that work together: what is passed on, and how they end."""

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable
from functools import partial
from multiprocessing.connection import Connection
from typing import Any

import pytest

from engine.errors import EngineError, TrainingRefused
from engine.jobs.stage import Progress
from engine.training.processes import run_together
from tests.fakes import RecordedProgress
from tests.waiting import PATIENCE_S


def works(progress: Progress) -> str:
    progress.start(5, 2)
    progress.advance(3)
    progress.note("trains")
    return "the row"


def refuses() -> str:
    raise TrainingRefused("no rows")


def dies() -> str:
    os.kill(os.getpid(), signal.SIGKILL)
    return ""


def run(work: Callable[[], str], progress: Progress) -> str:
    return run_together(lambda _rank, _progress: work, ["cpu"], progress)


def test_what_the_first_returns_is_returned_and_its_progress_is_heard() -> None:
    progress = RecordedProgress()
    assert run_together(lambda _, relay: partial(works, relay), ["cpu"], progress) == "the row"
    assert (progress.total, progress.done, progress.notes) == (5, 5, ["trains"])


def test_what_ends_the_work_is_raised_where_it_was_started() -> None:
    with pytest.raises(TrainingRefused, match="no rows"):
        run(refuses, RecordedProgress())


def test_a_process_that_dies_is_said_with_the_way_on() -> None:
    with pytest.raises(EngineError, match=r"One of 1 processes .* status -9.*jobs resume"):
        run(dies, RecordedProgress())


def fails() -> str:
    raise RuntimeError("NCCL error")


def test_an_error_of_the_machine_is_said_in_its_words() -> None:
    with pytest.raises(EngineError, match=r"RuntimeError: NCCL error .*log has the traceback"):
        run(fails, RecordedProgress())


def visible_gpus() -> str:
    return os.environ["CUDA_VISIBLE_DEVICES"]


@pytest.mark.parametrize(("visible", "expected"), [(None, "2"), ("5,6,7", "7")])
def test_a_process_sees_only_the_gpus_it_was_given(
    monkeypatch: pytest.MonkeyPatch, visible: str | None, expected: str
) -> None:
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    if visible is not None:
        monkeypatch.setenv("CUDA_VISIBLE_DEVICES", visible)
    found = run_together(lambda _rank, _progress: visible_gpus, ["cuda:2"], RecordedProgress())
    assert found == expected


def starts_and_stays(told: "Connection[Any, Any]") -> None:
    progress = RecordedProgress()
    run_together(lambda _rank, _progress: partial(stays, told), ["cpu"], progress)


def stays(told: "Connection[Any, Any]") -> None:
    told.send("here")
    threading.Event().wait()


def test_they_end_with_the_process_that_started_them() -> None:
    context = multiprocessing.get_context("spawn")
    hears, told = context.Pipe(duplex=False)
    starter = context.Process(target=starts_and_stays, args=(told,))
    starter.start()
    told.close()
    hears.recv()
    starter.kill()
    starter.join()
    assert hears.poll(PATIENCE_S)
    with pytest.raises(EOFError):
        hears.recv()  # nobody holds the other end any more
