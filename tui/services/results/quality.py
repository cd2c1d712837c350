"""The quality of a batch in words."""

from collections.abc import Sequence

from engine.generation.quality import SignShare


def describe_signs(shares: Sequence[SignShare]) -> str:
    """The signs that any row has, each with its share and its interval; "" if none has one."""
    return ", ".join(
        f"{item.sign} {item.share.value:.0%} [{item.share.low:.0%}–{item.share.high:.0%}]"
        for item in shares
        if item.rows
    )
