"""How much of the processor a command takes where somebody works in the app beside it."""

import os
from pathlib import Path
from typing import Final

from store.database.owner import APP, is_here, read_holder

NICENESS: Final = 10  # ten commands at once: keys in 30 to 40 ms (median) in place of 120 to 140


def give_way(workspace: Path) -> None:
    """Let the app go first, if it has a workspace; to be called before much is imported.

    It cannot be taken back, and processes that are started inherit it.
    """
    holder = read_holder(workspace)
    if holder is not None and holder.role == APP and is_here(holder):
        os.nice(NICENESS)
