"""The largest numbers that options and settings take: what libraries can, and nobody exceeds."""

from typing import Final

MOST_ROWS: Final = 10**9
MOST_SEED: Final = 2**31 - 1  # every library takes it, with some trainings counted on from it
MOST_TRAININGS: Final = 100  # of one recipe at once
