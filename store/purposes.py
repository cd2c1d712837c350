"""What rows of production are selected for.

A module of its own, without polars, because recipes are read before tables are.
"""

from typing import Literal

Purpose = Literal["patterns", "recall", "queue"]
