"""Bars made of block characters, for progress and for charts."""

_EIGHTHS = " ▏▎▍▌▋▊▉"


def bar(share: float | None, width: int) -> str:
    """Return a bar of `width` cells filled to a share from 0 to 1; dots where it is unknown."""
    if share is None:
        return "·" * width
    eighths = round(min(max(share, 0.0), 1.0) * width * 8)
    full, rest = divmod(eighths, 8)
    filled = "█" * full + (_EIGHTHS[rest] if rest else "")
    return filled.ljust(width, "░")


def marked_bar(share: float, mark: float | None, width: int) -> str:
    """Return a bar on a scale from 0 to 1 with a `┃` where the mark lies."""
    cells = list(bar(share, width))
    if mark is not None and 0 <= mark <= 1:
        cells[min(int(mark * width), width - 1)] = "┃"
    return "".join(cells)
