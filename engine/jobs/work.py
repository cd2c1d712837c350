"""How much of a stage's work is done: rows in parts, rows ahead of them, and tokens within rows."""

from dataclasses import dataclass
from typing import Final

ENOUGH_TEXTS: Final = 8  # that have ended, for the others' length to be estimated; of few, fewer


@dataclass(slots=True)
class Work:
    """Rows and tokens of one stage, as one process counts them.

    `done` rows are in parts, so that a resumed stage begins after them. What is ahead of them is
    lost with the process. A stage that writes texts says how many a row is made of, and how long
    one may get; then its work is counted in tokens, because texts end at different times.
    """

    total: int = 0
    done: int = 0
    ahead: int = 0  # texts, or rows of a stage that writes none
    texts_per_row: int = 1
    most_tokens: int | None = None
    at_once: int = 0  # texts that are written together; 0 where that is not known
    tokens: int = 0  # all that were decoded
    done_before: int = 0  # rows that were done when this process began
    _unfinished_tokens: int = 0  # of texts that have not ended
    _ended: tuple[int, int] = (0, 0)  # texts and their tokens
    _kept: tuple[int, int] = (0, 0)  # the same, when rows were last done
    _share: float = 0.0

    def start(self, total: int, done: int) -> None:
        """Begin with so many rows in all, and so many that are done."""
        self.total, self.done, self.done_before = total, done, done
        self.ahead, self._share = 0, 0.0

    def advance(self, rows: int) -> None:
        """Count rows that are done now."""
        self.done += rows
        self.ahead = max(self.ahead - rows * self.texts_per_row, 0)
        self._kept = self._ended
        if not self.ahead:
            self._unfinished_tokens = 0

    def decode(self, tokens: int) -> None:
        """Count new tokens of texts that go on."""
        self.tokens += tokens
        self._unfinished_tokens += tokens

    def end_text(self, tokens: int) -> None:
        """Count a text that has ended, whose tokens were counted before."""
        texts, before = self._ended
        self._ended = texts + 1, before + tokens
        self._unfinished_tokens = max(self._unfinished_tokens - tokens, 0)
        self.ahead += 1

    def drop(self) -> None:
        """Forget what is ahead of what is done."""
        self.ahead = self._unfinished_tokens = 0
        self._ended = self._kept

    @property
    def written(self) -> int:
        """Rows that are computed, done or ahead."""
        return min(self.done + self.ahead // self.texts_per_row, self.total)

    @property
    def amount(self) -> float:
        """The work of this process: in tokens where texts are written, in rows elsewhere."""
        return self.tokens if self.most_tokens else self.written - self.done_before

    @property
    def left(self) -> float | None:
        """The work that is left, in the same unit; None while texts could be of any length."""
        if not self.most_tokens:
            return self.total - self.written
        is_late = 2 * self._unfinished_length >= self.most_tokens
        enough = min(ENOUGH_TEXTS, max(self.at_once // 4, 1)) if self.at_once else ENOUGH_TEXTS
        if self._ended[0] < enough and not (is_late or self._kept[0]):
            return None
        expected = self._texts_left * self._text_tokens
        return max(expected - self._unfinished_tokens, 0.0)

    @property
    def share(self) -> float:
        """How much of the work is done, from 0 to 1; it never falls."""
        if not self.total:
            return 0.0
        share = self.written / self.total
        if self.most_tokens:
            texts, tokens = self._kept
            length = tokens / texts if texts else self.most_tokens  # at most, so never too much
            within = min(self._unfinished_tokens / max(length, 1.0), self._texts_left)
            share = 1 - (self._texts_left - within) / (self.total * self.texts_per_row)
        self._share = min(max(self._share, share), 1.0)
        return self._share

    @property
    def _texts_left(self) -> int:
        return max((self.total - self.done) * self.texts_per_row - self.ahead, 0)

    @property
    def _text_tokens(self) -> float:
        """How long a text is expected to get: as those of rows that are done are.

        Before there are any, the texts that ended first are shorter than the others: of those that
        go on, each is expected to get twice as long as it is, but no longer than it may.
        """
        texts, tokens = self._kept if self._kept[0] else self._ended
        limit = float(self.most_tokens or 1)
        going_on = 0 if self._kept[0] else max(self.at_once - texts, 0)
        if not texts + going_on:
            return limit
        later = min(2 * self._unfinished_length, limit) if going_on else 0.0
        return max((tokens + going_on * later) / (texts + going_on), 1.0)

    @property
    def _unfinished_length(self) -> float:
        """The tokens so far of a text that goes on; 0 where it is not known how many there are."""
        going_on = self.at_once - self.ahead
        return self._unfinished_tokens / going_on if going_on > 0 else 0.0
