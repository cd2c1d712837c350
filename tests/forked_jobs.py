"""Jobs as forks of a process that has imported what their stages import.

Importing torch and transformers takes a stage longer than most of what tests ask of it. Jobs are
processes of their own here too: with a session, a log, a lock, and a process for each stage. What
starts a program anew, `python -m engine.jobs.worker`, is what tests of the whole program use.
"""

import contextlib
import importlib
import json
import os
import pkgutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NoReturn

import engine
from engine.jobs import supervisor, worker
from engine.jobs.environment import child_environment

WORKER: Final = "engine.jobs.worker"
LARGEST: Final = 2**20  # bytes of a request: an environment
IMPORTED: Final = {
    "torch": (),
    "sklearn": ("cluster", "linear_model", "metrics", "model_selection"),
    "transformers": (
        "AutoModel",
        "AutoModelForCausalLM",
        "AutoModelForSequenceClassification",
        "AutoTokenizer",
        "BartForSequenceClassification",
        "BertForSequenceClassification",
        "LlamaForCausalLM",
    ),
}

start_anew = supervisor.start_worker


@dataclass(frozen=True, slots=True)
class Fork:
    """A worker that was forked. `ending` can be read once it and its stages have ended."""

    pid: int
    ending: int

    def wait(self) -> None:
        """Return once it has ended, and its stages too."""
        with os.fdopen(self.ending, "rb") as ending:
            ending.read()


class Forks:
    """Starts workers as forks of one process, which is started with the first of them."""

    def __init__(self) -> None:
        self._origin: tuple[subprocess.Popen[bytes], socket.socket] | None = None

    def start_worker(
        self, module: str, job: Path, lock: int, log: int
    ) -> "Fork | supervisor.Process":
        """Start a worker as `supervisor.start_worker` does; one of another module starts anew."""
        if module != WORKER:
            return start_anew(module, job, lock, log)
        if self._origin is None:
            self._origin = _start_origin()
        ending, ended = os.pipe()
        request = {"job": str(job), "folder": os.getcwd(), "environment": dict(os.environ)}
        try:
            socket.send_fds(self._origin[1], [json.dumps(request).encode()], [lock, log, ended])
            return Fork(int(self._origin[1].recv(LARGEST)), ending)
        finally:
            os.close(ended)

    def close(self) -> None:
        """End the process that is forked, if it was started; its forks go on."""
        if self._origin is not None:
            process, connection = self._origin
            connection.close()
            process.wait()


def _start_origin() -> tuple[subprocess.Popen[bytes], socket.socket]:
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with theirs:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.forked_jobs", str(theirs.fileno())],
            stdin=subprocess.DEVNULL,
            pass_fds=(theirs.fileno(),),
            env=child_environment(os.environ),
        )
    return process, ours


def serve(connection: socket.socket) -> None:
    """Fork a worker for each request, until the other end is closed."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the system forgets forks that have ended
    while True:
        request, (*files,), _, _ = socket.recv_fds(connection, LARGEST, 3)
        if not request:
            return
        pid = os.fork()
        if pid == 0:
            connection.close()
            _become_worker(json.loads(request), *files)
        for file in files:
            os.close(file)
        connection.send(str(pid).encode())


def _become_worker(request: Mapping[str, object], lock: int, log: int, _ended: int) -> NoReturn:
    """Run a job as a worker does that was started anew."""
    os.setsid()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for number, file in enumerate((nothing, log, log)):
        os.dup2(file, number)
    environment, folder = request["environment"], request["folder"]
    assert isinstance(environment, dict)
    os.environ.clear()
    os.environ.update(child_environment(environment))
    os.chdir(str(folder))
    worker.run_child = _run_in_fork
    _end(lambda: worker.main(["run", str(request["job"]), str(lock)]))


def _run_in_fork(arguments: list[str], lock: int) -> int:
    """The status of a fork, which has the lock as all that is open, as `subprocess` gives it."""
    pid = os.fork()
    if pid == 0:
        _end(lambda: worker.main(arguments))
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def _end(run: Callable[[], int]) -> NoReturn:
    """End this process with the status of what it runs."""
    status = 1
    try:
        status = run()
    finally:
        with contextlib.suppress(OSError):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(status)


def import_all() -> None:
    """Import all of the engine, and what it imports once a stage runs."""
    for module in pkgutil.walk_packages(engine.__path__, "engine."):
        importlib.import_module(module.name)
    for package, names in IMPORTED.items():
        imported = importlib.import_module(package)
        for name in names:
            if not hasattr(imported, name):
                importlib.import_module(f"{package}.{name}")


if __name__ == "__main__":
    import_all()
    serve(socket.socket(fileno=int(sys.argv[1])))
