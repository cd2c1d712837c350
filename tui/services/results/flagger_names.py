"""What is called by a fixed name among what flags and scores rows of production."""

from typing import Final

GUARD: Final = "guard"  # what the verdicts in a log are by
LOG: Final = "log"  # where a guard's own scores are from
