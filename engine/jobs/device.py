"""Which devices a job uses, and the locks that keep two jobs off one device.

A lock lies outside the workspace, one per machine, user and device; the processor counts as
a device. It goes with the process, so a killed job never blocks the next.
"""

import fcntl
import json
import os
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from engine.errors import EngineError

POLL_S = 0.5
NO_DEVICE = "cpu"  # what a stage is told that computes nothing here; it is not held


def resolve_devices(device: str) -> tuple[str, ...]:
    """The devices that a setting names, as torch calls them.

    "cuda:0,1" is two GPUs, "cuda" the first, and "auto" the first where torch sees one, else the
    processor. Raises EngineError for a GPU that is not there. torch is imported only where the
    setting names a GPU, or the machine has an NVIDIA or AMD driver at all.
    """
    if device == "auto":
        return ("cuda:0",) if _has_driver() and _count_gpus() else ("cpu",)
    kind, _, numbers = device.partition(":")
    if kind == "cpu":
        return ("cpu",)
    seen = _count_gpus()
    chosen = (numbers or "0").split(",")
    for number in chosen:
        if int(number) >= seen:
            raise EngineError(
                f"The workspace's `device` is {device!r}, and there is no GPU {number} here: torch "
                f"sees {seen}. Change it in workspace.toml; 'auto' takes what there is."
            )
    return tuple(f"cuda:{number}" for number in chosen)


def _has_driver() -> bool:
    return any(Path(path).exists() for path in ("/dev/nvidiactl", "/dev/dxg", "/dev/kfd"))


def _count_gpus() -> int:
    import torch

    return torch.cuda.device_count() if torch.cuda.is_available() else 0


def visible_gpu(device: str) -> str:
    """A GPU's entry in CUDA_VISIBLE_DEVICES, by which other processes know it."""
    number = device.removeprefix("cuda:")
    visible = os.environ.get("CUDA_VISIBLE_DEVICES", "")
    entries = visible.split(",") if visible else []
    return entries[int(number)] if int(number) < len(entries) else number


def lock_path(device: str) -> Path:
    """The lock file of a device: in the user's runtime folder, else a private one."""
    runtime = os.environ.get("XDG_RUNTIME_DIR")
    folder = (
        Path(runtime) / "backquery"
        if runtime
        else Path(tempfile.gettempdir()) / f"backquery-{os.getuid()}"
    )
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    name = device if device == "cpu" else f"cuda-{visible_gpu(device)}"
    return folder / f"device-{name.replace('/', '-')}.lock"


@contextmanager
def hold_devices(
    devices: Sequence[str], job: Path, waiting: Callable[[str], None]
) -> Iterator[None]:
    """Hold devices while the block lasts; until then, `waiting` is told who has one."""
    with ExitStack() as held:
        for device in sorted(devices, key=lock_path):  # in one order, so that no two jobs block
            held.enter_context(_hold(device, job, waiting))
        yield


@contextmanager
def _hold(device: str, job: Path, waiting: Callable[[str], None]) -> Iterator[None]:
    with open(lock_path(device), "a+", encoding="utf-8") as file:
        while not _try_lock(file.fileno()):
            file.seek(0)
            waiting(f"waits for {device}, in use by {_holder(file.read())}")
            time.sleep(POLL_S)
        waiting("")
        file.truncate(0)
        file.write(json.dumps({"job": job.name, "workspace": str(job.parent.parent)}))
        file.flush()
        yield


def _try_lock(file_number: int) -> bool:
    try:
        fcntl.flock(file_number, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _holder(text: str) -> str:
    try:
        found = json.loads(text)
        return f"job {found['job']} of {found['workspace']}"
    except (ValueError, KeyError, TypeError):
        return "another job"
