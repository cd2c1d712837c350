"""How the processes of this program are started: what they find of the environment."""

import os
from collections.abc import Mapping


def child_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """An environment in which Python imports nothing from the current folder.

    A project's own `random.py` or `datasets.py` would otherwise be taken for the library that a
    child process, or a child of it, imports by `python -m`. An empty entry in PYTHONPATH means the
    current folder too.
    """
    entries = environment.get("PYTHONPATH", "").split(os.pathsep)
    path = os.pathsep.join(entry for entry in entries if os.path.isabs(entry))
    return {**environment, "PYTHONPATH": path, "PYTHONSAFEPATH": "1"}
