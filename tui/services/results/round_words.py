"""What came of a round, in a sentence."""

from typing import TYPE_CHECKING

from store.counting import counted

if TYPE_CHECKING:
    from tui.services.results.rounds import RoundResult


def describe_round(item: "RoundResult") -> str:
    """What came of a round, in sentences; nothing of one that is not finished."""
    figures = item.figures
    by = f" by {', '.join(figures.annotators)}" if figures.annotators else ""
    pressed = (
        f"{counted(figures.keys, 'key')}{by} so far"
        if not item.is_finished
        else (f"{counted(figures.keys, 'key')}{by}")
    )
    verdict = f" {' '.join((f'{figures.verdict}.', *figures.notes))}" if figures.verdict else ""
    return f"Round {item.number}: {pressed}.{verdict}"
