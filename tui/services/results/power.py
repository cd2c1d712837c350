"""In words, which differences the tests of pairs would find."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tui.services.results.pairs import ComparedPair


def describe_power(*pairs: "ComparedPair") -> str:
    """The smallest differences that these tests would find, in a sentence; "" without a pair."""
    if not pairs:
        return ""
    counts = sorted({pair.n for pair in pairs})
    n = "–".join(f"{item:,}" for item in dict.fromkeys((counts[0], counts[-1])))
    known = _known(pairs)
    if len(known) < len(pairs):
        return f"With n = {n} there are too few rows to find any difference in accuracy."
    what = "a difference" if known[0] == known[-1] else "differences"
    return (
        f"With n = {n}, {what} of {_show(known)} in accuracy would be found in "
        f"{10 * pairs[0].power.chance:.0f} of 10 cases."
    )


def show_power(*pairs: "ComparedPair") -> str:
    """The smallest differences that these tests would find: 4.1 to 6.3 points."""
    known = _known(pairs)
    return _show(known) if len(known) == len(pairs) else "none, n is too small"


def _known(pairs: "Sequence[ComparedPair]") -> list[str]:
    found = sorted(x for pair in pairs if (x := pair.power.difference_found) is not None)
    return [f"{100 * item:.1f}" for item in found]


def _show(known: Sequence[str]) -> str:
    return f"{' to '.join(dict.fromkeys((known[0], known[-1])))} points"
