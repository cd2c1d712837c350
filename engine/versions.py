"""What else decides the weights of a detector: the program, its libraries, and the machine."""

import subprocess
from importlib.metadata import version
from pathlib import Path
from platform import python_version

LIBRARIES = ("backquery", "torch", "transformers", "tokenizers")


def describe_versions(device: str) -> dict[str, str | int]:
    """Return versions, the program's commit where it is known, the device, and torch's threads."""
    import torch

    commit = find_commit(Path(__file__).parents[1])
    on_gpu = device.startswith("cuda")
    return {
        "python": python_version(),
        **{library: version(library) for library in LIBRARIES},
        **({"commit": commit} if commit else {}),
        "device": torch.cuda.get_device_name(device) if on_gpu else device,
        "threads": torch.get_num_threads(),
    }


def find_commit(root: Path) -> str | None:
    """Return the commit checked out in a folder, with `-dirty` where its files were changed.

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
