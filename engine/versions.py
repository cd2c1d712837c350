"""What else decides the weights of a detector: the program, its libraries, and the machine."""

import subprocess
from importlib.metadata import version
from pathlib import Path
from platform import python_version

from store.counting import counted

LIBRARIES = ("backquery", "torch", "transformers", "tokenizers")


def describe_versions(device: str) -> dict[str, str | int]:
    """Versions, the program's commit where it is known, the device, and torch's threads."""
    import torch

    commit = find_commit(Path(__file__).parents[1])
    return {
        "python": python_version(),
        **{library: version(library) for library in LIBRARIES},
        **({"commit": commit} if commit else {}),
        "device": name_device(device),
        "threads": torch.get_num_threads(),
    }


def name_device(device: str) -> str:
    """The name of a GPU by its maker, and of a processor, "cpu"."""
    import torch

    return torch.cuda.get_device_name(device) if device.startswith("cuda") else device


def describe_device(device: str) -> str:
    """A device as people know it, a processor with the threads that torch takes of it."""
    import torch

    name, threads = name_device(device), torch.get_num_threads()
    if device.startswith("cuda"):
        return name
    return f"{name}, {counted(threads, 'thread')}"


def find_commit(root: Path) -> str | None:
    """The commit checked out in a folder, with `-dirty` where its files were changed.

    None for a folder that is not itself a git checkout, as that of an installed wheel, and where
    git is missing.
    """
    if not (root / ".git").exists():
        return None
    command = ["git", "-C", str(root), "describe", "--always", "--dirty", "--abbrev=40"]
    try:
        found = subprocess.run(
            [*command, "--exclude=*"], capture_output=True, text=True, check=True, timeout=10
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return found.stdout.strip()
