"""The details read last, so that a cluster that is looked at again or next is there at once."""

from typing import Final

from tui.frame.snapshot import Detail

KEPT: Final = 16

DetailKey = tuple[str, str, int, tuple[str, ...]]  # cluster, order, draw, patterns


class DetailShelf:
    """A few details by what they were read for; the oldest gives way."""

    def __init__(self) -> None:
        self._details: dict[DetailKey, Detail] = {}

    def put(self, detail: Detail) -> None:
        """Keep a detail."""
        while len(self._details) >= KEPT:
            self._details.pop(next(iter(self._details)))
        key = detail.cluster_id, detail.order, detail.draw, detail.patterns
        self._details[key] = detail

    def get(self, key: DetailKey) -> Detail | None:
        """Return a detail; None where it was not read, or too long ago."""
        return self._details.get(key)
