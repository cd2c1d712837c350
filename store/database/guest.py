"""Another process that uses the database of its owner."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Guest:
    """A client of the owner, and which of its calls is being done."""

    may_write: bool
    call_id: str = ""
