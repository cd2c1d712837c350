"""Bars made of lines, for progress and for charts; rows of them stay apart."""

FULL, HALF, EMPTY, MARK = "━", "╸", "╌", "┃"


def bar(share: float | None, width: int) -> str:
    """A bar of `width` cells filled to a share from 0 to 1; blank where it is unknown."""
    if share is None:
        return " " * width
    full, half = divmod(round(min(max(share, 0.0), 1.0) * width * 2), 2)
    return (FULL * full + HALF * half).ljust(width, EMPTY)


def marked_bar(share: float, mark: float | None, width: int) -> str:
    """A bar on a scale from 0 to 1 with a sign where the mark lies."""
    cells = list(bar(share, width))
    if mark is not None and 0 <= mark <= 1:
        cells[min(int(mark * width), width - 1)] = MARK
    return "".join(cells)
