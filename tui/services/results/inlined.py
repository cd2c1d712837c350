"""Results that are made of parts: which of them are written out as one object."""

from typing import Final

INLINED: Final = {"inlined": True}
"""Metadata of a dataclass's field: written out, the fields of the part are those of the whole."""
