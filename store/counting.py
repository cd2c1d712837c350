"""Numbers of things in words, where count and noun agree."""


def counted(count: int, noun: str, plural: str = "") -> str:
    """A count with its noun: 1 row, 2 rows, 1,000 rows; `plural` where an s is not enough."""
    return f"{count:,} {noun if count == 1 else plural or f'{noun}s'}"
