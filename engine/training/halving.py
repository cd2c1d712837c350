"""Successive halving: which of many settings is tried next, and which is the best of those tried.

A round tries each setting that is left with a training seed of its own, and the worse half goes
(Jamieson and Talwalkar, AISTATS 2016; here the resource is seeds, since one training may be lucky).
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean


@dataclass(frozen=True, slots=True)
class Tried:
    """The loss of a setting, known by its place, in a round; both are 0-based."""

    setting: int
    round: int
    loss: float


def choose_next(tried: Sequence[Tried], settings: int, rounds: int) -> tuple[int, int] | None:
    """(setting, round) that is to be tried next, in order; None once all rounds are over."""
    left = list(range(settings))
    for number in range(rounds):
        done = {item.setting for item in tried if item.round == number}
        due = [setting for setting in left if setting not in done]
        if due:
            return due[0], number
        left = sorted(
            _rank([item for item in tried if item.round <= number], left)[: _half(len(left))]
        )
    return None


def choose_best(tried: Sequence[Tried]) -> int | None:
    """The setting with the least mean loss among those tried in the most rounds; None of none."""
    if not tried:
        return None
    last = max(item.round for item in tried)
    return _rank(tried, sorted({item.setting for item in tried if item.round == last}))[0]


def count_trials(settings: int, rounds: int) -> int:
    """How many trials all rounds have."""
    total = 0
    for _ in range(rounds):
        total, settings = total + settings, _half(settings)
    return total


def _half(settings: int) -> int:
    return (settings + 1) // 2


def _rank(tried: Sequence[Tried], settings: Sequence[int]) -> list[int]:
    """Settings by their mean loss; of equal ones the first is before."""
    losses: dict[int, list[float]] = defaultdict(list)
    for item in tried:
        losses[item.setting].append(item.loss)
    return sorted(settings, key=lambda setting: fmean(losses[setting]))
