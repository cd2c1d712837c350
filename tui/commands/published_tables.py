"""The tables of a paper, as they are printed below one's own."""

from typing import Final

from tui.commands.compare_tables import TableText
from tui.services.numbers import MEASURES
from tui.services.results.published import Published, PublishedScores

SHARES: Final = ("accuracy", "roc_auc", "precision", "recall", "f1")


def published_table(published: Published) -> TableText:
    """The rows of a paper's table, with the columns that it has."""
    rows = published.rows
    names = [name for name in SHARES if any(_share(row, name) is not None for row in rows)]
    is_rounded = all(round(x, 2) == x for row in rows for name in names if (x := _share(row, name)))
    digits = 0 if is_rounded else 1  # no more than the paper has
    has_speed = any(row.pairs_per_minute for row in rows)
    cells = tuple(
        (
            row.detector,
            *(_show(_share(row, name), digits) for name in names),
            *((f"{row.pairs_per_minute:,}", f"{row.latency_s:.3f}") if has_speed else ()),
        )
        for row in rows
    )
    n = f", n = {published.n:,}" if published.n else ""
    title = f"{published.source}: {published.note}{n}{', per cent' if names else ''}"
    speed = ("pairs/min", "s for one") if has_speed else ()
    return TableText(title, ("detector", *(MEASURES[name] for name in names), *speed), cells)


def _share(row: PublishedScores, name: str) -> float | None:
    found: float | None = getattr(row, name)
    return found


def _show(share: float | None, digits: int) -> str:
    return "–" if share is None else f"{100 * share:.{digits}f}"
