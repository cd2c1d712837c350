"""How far a stage is and how long it will still take: its work, over the time that it worked."""

from dataclasses import dataclass

from engine.jobs.pace import Pace, TimeLeft
from engine.jobs.work import Work


@dataclass(frozen=True, slots=True)
class Reckoned:
    """What is said of a stage at one moment; a rate or time that is not known is None."""

    rows_per_s: float | None
    tokens_per_s: float | None
    eta_s: float | None
    elapsed_s: float


class Reckoning:
    """The work of one stage. Every call says the time, in seconds; waits are left out of rates."""

    def __init__(self, now: float) -> None:
        self.work = Work()
        self._waits_since: float | None = None
        self._begin(now)

    def start(self, now: float, total: int, done: int) -> None:
        """Begin with so many rows in all, and so many that are done; what was counted is gone."""
        self.work.start(total, done)
        self._begin(now)

    def see(self, now: float) -> None:
        """Take in what has been counted in `work` by now."""
        worked_s = self._worked_s(now)
        self._rows.see(worked_s, self.work.written)
        self._tokens.see(worked_s, self.work.tokens)

    def wait(self, now: float) -> None:
        """Begin to wait; again is no other wait."""
        if self._waits_since is None:
            self._waits_since = now

    def go_on(self, now: float) -> None:
        """End the wait, if there is one."""
        if self._waits_since is not None:
            self._waited_s += now - self._waits_since
            self._waits_since = None

    def reckon(self, now: float) -> Reckoned:
        """What can be said now: the rates of late, and the time left unless it waits."""
        worked_s, work = self._worked_s(now), self.work
        left_s = self._time_left.see(worked_s, work.amount, work.left)
        return Reckoned(
            rows_per_s=self._rows.per_s(worked_s),
            tokens_per_s=self._tokens.per_s(worked_s),
            eta_s=left_s if self._waits_since is None else None,
            elapsed_s=now - self._began,
        )

    def conclude(self, now: float) -> Reckoned:
        """What can be said once it has ended: the mean rates of all its work."""
        worked_s = self._worked_s(now)
        rows, tokens = self.work.written - self.work.done_before, self.work.tokens
        return Reckoned(
            rows_per_s=rows / worked_s if rows and worked_s > 0 else None,
            tokens_per_s=tokens / worked_s if tokens and worked_s > 0 else None,
            eta_s=None,
            elapsed_s=now - self._began,
        )

    def _begin(self, now: float) -> None:
        self._began, self._waited_s = now, 0.0
        self._waits_since = None
        self._rows, self._tokens = Pace(0.0, self.work.written), Pace(0.0, self.work.tokens)
        self._time_left = TimeLeft(0.0, self.work.amount)

    def _worked_s(self, now: float) -> float:
        waits_s = 0.0 if self._waits_since is None else now - self._waits_since
        return now - self._began - self._waited_s - waits_s
