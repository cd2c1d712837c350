"""The progress of work inside a row of a stage: what it does is noted, its rows are not counted."""

from engine.jobs.newest import NewText
from engine.jobs.stage import Progress


class Quiet:
    """Passes notes on to the progress of the stage, and nothing else."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress

    def note(self, text: str) -> None:
        """Pass on what is done."""
        self._progress.note(text)

    def start(self, total: int, done: int = 0) -> None:
        """Leave out how many rows there are."""

    def advance(self, rows: int) -> None:
        """Leave out rows that are done."""

    def computed(self, rows: int) -> None:
        """Leave out rows of the next part."""

    def expect(self, texts: int, most_tokens: int, at_once: int) -> None:
        """Leave out what will be written."""

    def decoded(self, tokens: int) -> None:
        """Leave out tokens."""

    def wrote(self, text: NewText) -> None:
        """Leave out texts."""

    def dropped(self) -> None:
        """Leave out what is computed again."""

    def tell_unsent(self, parameters: str) -> None:
        """Leave out what a server did not get."""

    def wait(self, reason: str) -> None:
        """Leave out what is waited for."""
