"""Processes that train one model together, one a GPU, through accelerate.

Every one of them goes through the same steps and computes its share of each step's rows; torch's
DistributedDataParallel, put around the model by accelerate, adds their gradients up, so that all
hold the same weights. The process that starts them loads no model: it passes on how far the first
is, and ends them all once the first has finished or any has failed. They end with it, too.
"""

import os
import threading
import traceback
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from multiprocessing import get_context, parent_process
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from socket import socket
from typing import Any, TypeVar

from engine.errors import EngineError
from engine.explanations import explain_in_job
from engine.generation.protocol import OutOfMemory
from engine.jobs.device import visible_gpu
from engine.jobs.stage import Progress
from engine.training.batches import Step

T = TypeVar("T")
PATIENCE_S = 10.0  # with a process that closed its pipe, to end


@dataclass(frozen=True, slots=True)
class Rank:
    """Which of how many processes this one is; by itself, it is the first of one."""

    number: int = 0
    count: int = 1

    @property
    def leads(self) -> bool:
        """Whether this is the first process, which alone writes files."""
        return self.number == 0

    def share(self, step: Step) -> Step:
        """Return the rows of a step that this process computes: every so many of each batch.

        Rows of a batch are in order of length, so the shares are of like length. Empty where the
        batches have fewer rows than there are processes.
        """
        shares = [batch[self.number :: self.count] for batch in step]
        return [share for share in shares if share]

    def total(self, amount: Any) -> Any:
        """Return the sum of a tensor over all processes, the same on each."""
        if self.count == 1:
            return amount
        from accelerate.utils import reduce

        return reduce(amount, reduction="sum")

    def leader_first(self) -> AbstractContextManager[Any]:
        """Let the first process through a block before the others enter it."""
        if self.count == 1:
            return nullcontext()
        from accelerate import PartialState

        context: AbstractContextManager[Any] = PartialState().main_process_first()
        return context


ALONE = Rank()


@dataclass(frozen=True, slots=True)
class Relay:
    """The Progress of a process, which the one that started it hears."""

    pipe: "Connection[Any, Any]"

    def start(self, total: int, done: int = 0) -> None:
        """Pass on the number of rows in all, and of those already there."""
        self.pipe.send(("start", (total, done)))

    def advance(self, rows: int, tokens: int = 0) -> None:
        """Pass on the number of finished rows and their tokens."""
        self.pipe.send(("advance", (rows, tokens)))

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
    """Do the work in a process for each device and return what the first of them returned.

    `make_work` is called here; what it returns is pickled. A process finds the devices under
    their place in the order given: the first is its "cuda:0". Raises the EngineError or
    OutOfMemory that ended the work of any of them, and EngineError for an error of torch or the
    machine, or where one died.
    """
    processes: dict[Connection[Any, Any], BaseProcess] = {}
    context = get_context("spawn")
    shared = _environment(devices)
    try:
        for number in range(len(devices)):
            rank = Rank(number, len(devices))
            receiver, sender = context.Pipe(duplex=False)
            relay = Relay(sender)
            process: BaseProcess = context.Process(
                target=_take_part, args=(relay, rank, shared, make_work(rank, relay))
            )
            process.start()
            sender.close()
            processes[receiver] = process
        done: T = _follow(processes, progress)
        return done
    finally:
        for process in processes.values():
            process.kill()
            process.join()


def _follow(processes: Mapping["Connection[Any, Any]", BaseProcess], progress: Progress) -> Any:
    """Pass on the first one's progress until it is done, and return what it returned."""
    leader = next(iter(processes))
    while True:
        for pipe in wait(list(processes)):
            kind, content = _receive(pipe, processes)
            if kind == "failed":
                _refuse_dead(processes)  # whose death may be why this one failed
                raise content
            if pipe is not leader:
                continue
            if kind == "done":
                return content
            getattr(progress, kind)(*content)


def _receive(pipe: Any, processes: Mapping["Connection[Any, Any]", BaseProcess]) -> tuple[str, Any]:
    try:
        kind, content = pipe.recv()
    except EOFError:
        processes[pipe].join(PATIENCE_S)
        _refuse_dead(processes)
        raise
    return kind, content


def _refuse_dead(processes: Mapping["Connection[Any, Any]", BaseProcess]) -> None:
    codes = [process.exitcode for process in processes.values() if process.exitcode is not None]
    if codes:
        raise EngineError(
            f"One of {len(processes)} processes that trained together ended with status "
            f"{codes[0]} (below 0: by that signal; if that is 9, the machine may be out of "
            "memory); the job's log may say more. `backquery jobs resume` goes on from the last "
            "checkpoint."
        )


def _environment(devices: Sequence[str]) -> dict[str, str]:
    """Return what the processes find each other by, and the GPUs that they see."""
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
    relay: Relay, rank: Rank, shared: Mapping[str, str], work: Callable[[], object]
) -> None:
    """Do the work in this process, say how it ended, and wait to be ended."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    os.environ.update(shared)
    try:
        if rank.count > 1:
            _join(rank, on_gpu="CUDA_VISIBLE_DEVICES" in shared)
        relay.pipe.send(("done", work()))
    except (EngineError, OutOfMemory) as error:
        relay.pipe.send(("failed", error))
    except (RuntimeError, MemoryError, OSError, ValueError) as error:  # of torch or the machine
        traceback.print_exc()
        relay.pipe.send(("failed", EngineError(explain_in_job(error))))
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
