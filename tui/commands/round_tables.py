"""The rounds of the loop as a table."""

from engine.statistics.estimate import Estimate
from tui.commands.output import print_table, tell
from tui.services.numbers import show_percent
from tui.services.results.rounds import RoundResult, Rounds

_COLUMNS = (
    "round", "deployed", "records", "interventions per 1,000", "precision %", "recall %",
    "false alarms per 1,000", "keys", "minutes", "successor", "verdict",
)  # fmt: skip


def print_rounds(found: Rounds) -> None:
    """Print the rounds of a dataset; intervals are at 95 %."""
    if not found.rounds:
        tell(f"No round of {found.dataset} was begun yet.")
        return
    print_table(_COLUMNS, [_row(item) for item in found.rounds], title=f"Rounds of {found.dataset}")
    tell(f"95 % intervals. {found.method[0].upper()}{found.method[1:]}.")


def _row(item: RoundResult) -> list[object]:
    figures = item.figures
    return [
        item.number, item.deployed, figures.records, _per_1000(figures.per_1000),
        show_percent(figures.precision), show_percent(figures.recall),
        _per_1000(figures.false_alarms), figures.keys, f"{figures.minutes:.1f}",
        item.successor or "–", figures.verdict or ("–" if item.is_finished else "not finished"),
    ]  # fmt: skip


def _per_1000(figure: Estimate | None) -> str:
    if figure is None or figure.interval is None:
        return "–"
    return f"{figure.value:.0f} ({figure.low:.0f}–{figure.high:.0f})"
