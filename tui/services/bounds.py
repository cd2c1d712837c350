"""The largest numbers that options and settings take: what libraries can, and nobody exceeds.

Beside them what is taken where no number is given, if several places say so.
"""

from typing import Final

MOST_ROWS: Final = 10**9
MOST_SEED: Final = 2**31 - 1  # every library takes it, with some trainings counted on from it
MOST_TRAININGS: Final = 100  # of one recipe at once
QUEUE_BUDGET: Final = 100  # rows of production, unless the user names another number
