"""How alike two texts are, word by word."""

from collections import defaultdict
from collections.abc import Hashable, Sequence

from rapidfuzz.distance import Levenshtein


def edit_similarity(one: Sequence[Hashable], other: Sequence[Hashable]) -> float:
    """1 - Levenshtein distance / length of the longer one; 1 for two empty ones.

    Items are compared by their hash: exact for numbers.
    """
    return Levenshtein.normalized_similarity(one, other)


def containment(one: Sequence[Hashable], other: Sequence[Hashable]) -> float:
    """The share of the shorter text that is in one stretch of the longer, in the same order.

    1 - distance to the nearest stretch / length of the shorter one; 0 if that is empty.
    """
    part, whole = sorted((one, other), key=len)
    return 1 - distance_inside(part, whole) / len(part) if part else 0.0


def distance_inside(part: Sequence[Hashable], whole: Sequence[Hashable]) -> int:
    """The smallest Levenshtein distance between `part` and any stretch of `whole`.

    Myers' bit-parallel algorithm (J. ACM 46(3), 1999) in Hyyrö's form (2003); rapidfuzz has none
    for stretches. A column of the dynamic programme is one integer: bit i says whether row i is
    one more (`rises`) or one less (`falls`) than the row above.
    """
    if not part:
        return 0
    places: dict[Hashable, int] = defaultdict(int)
    for row, item in enumerate(part):
        places[item] |= 1 << row
    every, last = (1 << len(part)) - 1, 1 << (len(part) - 1)
    rises, falls = every, 0
    distance = least = len(part)
    for item in whole:
        equal = places.get(item, 0)
        vertical = equal | falls
        horizontal = (((equal & rises) + rises) ^ rises) | equal
        up = falls | ~(horizontal | rises) & every
        down = rises & horizontal
        if up & last:
            distance += 1
        elif down & last:
            distance -= 1
            if distance < least:  # not min(): the call would take as long as the rest
                least = distance
        up = up << 1 & every
        down = down << 1 & every
        rises = down | ~(vertical | up) & every
        falls = up & vertical
    return least
