"""Which device a job uses, and the lock that keeps two jobs off one device.

The lock lies outside the workspace, one per machine, user and device; the processor counts as
a device. It goes with the process, so a killed job never blocks the next.
"""

import fcntl
import json
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

POLL_S = 0.5


def resolve_device(device: str) -> str:
    """Return what "auto" stands for here: "cuda" where torch sees a GPU, else "cpu".

    torch is imported only where the machine has an NVIDIA or AMD driver at all.
    """
    if device != "auto":
        return device
    if not any(Path(path).exists() for path in ("/dev/nvidiactl", "/dev/dxg", "/dev/kfd")):
        return "cpu"
    import torch

    return "cuda" if torch.cuda.is_available() else "cpu"


def lock_path(device: str) -> Path:
    """Return the lock file of a device: in the user's runtime folder, else a private one."""
    runtime = os.environ.get("XDG_RUNTIME_DIR")
    folder = (
        Path(runtime) / "backquery"
        if runtime
        else Path(tempfile.gettempdir()) / f"backquery-{os.getuid()}"
    )
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder / f"device-{device.replace(':', '-')}.lock"


@contextmanager
def hold_device(device: str, job: Path, waiting: Callable[[str], None]) -> Iterator[None]:
    """Hold a device while the block lasts; until then, say who has it through `waiting`."""
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
