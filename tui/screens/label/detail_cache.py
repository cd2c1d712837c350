"""The details read last, so that a cluster that is shown again or comes next is there at once."""

from typing import Final

from tui.screens.label.views import Detail, DetailKey

KEPT: Final = 16


class DetailCache:
    """A few details; the oldest gives way."""

    def __init__(self) -> None:
        self._details: dict[DetailKey, Detail] = {}

    def put(self, detail: Detail) -> None:
        """Keep a detail."""
        while len(self._details) >= KEPT:
            self._details.pop(next(iter(self._details)))
        self._details[detail.key] = detail

    def keep_only(self, key: DetailKey | None) -> None:
        """Drop all details but one."""
        kept = self._details.get(key) if key else None
        self._details = {kept.key: kept} if kept else {}

    def get(self, key: DetailKey) -> Detail | None:
        """The detail read for a key; None if it was not read, or too long ago."""
        return self._details.get(key)
