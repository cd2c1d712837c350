"""Processes that train one model together, one for each GPU.

Every one of them goes through the same steps and computes its share of each step's rows; torch's
DistributedDataParallel adds their gradients up, so that all hold the same weights. The process
that starts them loads no model: it passes on the progress of the first, and ends them all once the
first has finished or any has failed. They end with it, too.
"""

import os
import threading
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from multiprocessing import Pipe, parent_process
from multiprocessing.connection import Connection, wait
from socket import socket
from typing import Any, Final, TypeVar

from engine.errors import EngineError
from engine.explanations import explain_in_job
from engine.generation.protocol import OutOfMemory
from engine.jobs.device import visible_gpu
from engine.jobs.newest import NewText
from engine.jobs.stage import Progress
from engine.training.rank import Rank

T = TypeVar("T")
START_METHOD: Final = "spawn"  # a process that is forked cannot use a GPU
DYING_S: Final = 2.0  # from where a connection is lost to where the process has ended


@dataclass(frozen=True, slots=True)
class Relay:
    """The Progress of a process, which the one that started it hears."""

    pipe: "Connection[Any, Any]"

    def start(self, total: int, done: int = 0) -> None:
        """Pass on the number of rows in all, and of those already there."""
        self.pipe.send(("start", (total, done)))

    def advance(self, rows: int) -> None:
        """Pass on the number of rows that are done."""
        self.pipe.send(("advance", (rows,)))

    def computed(self, rows: int) -> None:
        """Pass on the number of rows that will be in the next part."""
        self.pipe.send(("computed", (rows,)))

    def expect(self, texts: int, most_tokens: int, at_once: int) -> None:
        """Pass on what a row is made of."""
        self.pipe.send(("expect", (texts, most_tokens, at_once)))

    def decoded(self, tokens: int) -> None:
        """Pass on the number of new tokens."""
        self.pipe.send(("decoded", (tokens,)))

    def wrote(self, text: NewText) -> None:
        """Pass on a text that has ended."""
        self.pipe.send(("wrote", (text,)))

    def dropped(self) -> None:
        """Pass on that what is in no part is computed again."""
        self.pipe.send(("dropped", ()))

    def note(self, text: str) -> None:
        """Pass on what is done."""
        self.pipe.send(("note", (text,)))

    def tell_unsent(self, parameters: str) -> None:
        """Pass on which parameters of the sampling a server did not get."""
        self.pipe.send(("tell_unsent", (parameters,)))

    def wait(self, reason: str) -> None:
        """Pass on what is waited for."""
        self.pipe.send(("wait", (reason,)))


def run_together(
    make_work: Callable[[Rank, Progress], Callable[[], T]],
    devices: Sequence[str],
    progress: Progress,
) -> T:
    """What the first of several processes returned that do the work, one for each device.

    `make_work` is called here; what it returns is pickled, for all processes. A process finds the
    devices under their place in the order given: the first is its "cuda:0". Raises the EngineError
    or OutOfMemory that ended the work of any of them, and EngineError for an error of torch or the
    machine, or if one died.
    """
    from torch.multiprocessing.spawn import start_processes

    ranks = [Rank(number, len(devices)) for number in range(len(devices))]
    pipes = [Pipe(duplex=False) for _ in ranks]
    relays = [Relay(sender) for _, sender in pipes]
    works = [make_work(rank, relay) for rank, relay in zip(ranks, relays, strict=True)]
    start: Any = start_processes  # it has no types
    started = start(
        _take_part,
        (ranks, relays, works, _environment(devices)),
        nprocs=len(ranks),
        join=False,
        start_method=START_METHOD,
    )
    try:
        done: T = _follow([receiver for receiver, _ in pipes], started, progress)
        return done
    finally:
        for process in started.processes:
            process.kill()
            process.join()


def _follow(receivers: "Sequence[Connection[Any, Any]]", started: Any, progress: Progress) -> Any:
    """What the first process returned; until then, its progress is passed on."""
    while True:
        ready = wait([*receivers, *started.sentinels])
        for number, pipe in enumerate(receivers):
            if pipe not in ready:
                continue
            kind, content = pipe.recv()
            if kind == "failed":
                wait(started.sentinels, timeout=DYING_S)
                _refuse_dead(started)  # whose death may be why this one failed
                raise content
            if number > 0:
                continue
            if kind == "done":
                return content
            getattr(progress, kind)(*content)
        _refuse_dead(started)


def _refuse_dead(started: Any) -> None:
    """Raise EngineError if a process died."""
    from torch.multiprocessing.spawn import ProcessExitedException

    try:
        started.join(timeout=0)
    except ProcessExitedException as error:
        raise EngineError(
            f"One of {len(started.processes)} processes that trained together ended with status "
            f"{error.exit_code} (below 0: by that signal; if that is 9, the machine may be out of "
            "memory); the job's log may say more. `backquery jobs resume` goes on from the last "
            "checkpoint."
        ) from error


def _environment(devices: Sequence[str]) -> dict[str, str]:
    """What the processes find each other by, and the GPUs that they see."""
    gpus = ",".join(visible_gpu(device) for device in devices if device != "cpu")
    with socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    return {
        "MASTER_ADDR": "127.0.0.1",
        "MASTER_PORT": str(port),
        **({"CUDA_VISIBLE_DEVICES": gpus} if gpus else {}),
    }


def _take_part(
    number: int,
    ranks: Sequence[Rank],
    relays: Sequence[Relay],
    works: Sequence[Callable[[], object]],
    shared: Mapping[str, str],
) -> None:
    """Do the work of one process, say how it ended, and wait to be ended."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    os.environ.update(shared)
    pipe = relays[number].pipe
    try:
        if len(ranks) > 1:
            _join(ranks[number], on_gpu="CUDA_VISIBLE_DEVICES" in shared)
        pipe.send(("done", works[number]()))
    except (EngineError, OutOfMemory) as error:
        pipe.send(("failed", error))
    except (RuntimeError, MemoryError, OSError, ValueError) as error:  # of torch or the machine
        traceback.print_exc()
        pipe.send(("failed", EngineError(explain_in_job(error))))
    threading.Event().wait()  # a process that leaves early would disturb the others


def _end_with_parent() -> None:
    parent = parent_process()
    assert parent is not None
    parent.join()
    os._exit(1)


def _join(rank: Rank, *, on_gpu: bool) -> None:
    """Wait for the other processes; accelerate finds its place in the environment."""
    for name in ("RANK", "LOCAL_RANK"):
        os.environ[name] = str(rank.number)
    for name in ("WORLD_SIZE", "LOCAL_WORLD_SIZE"):
        os.environ[name] = str(rank.count)
    from accelerate import PartialState
    from accelerate.utils import check_cuda_p2p_ib_support

    if on_gpu and not check_cuda_p2p_ib_support():
        os.environ.update(NCCL_P2P_DISABLE="1", NCCL_IB_DISABLE="1")  # else accelerate refuses
    PartialState(cpu=not on_gpu)
