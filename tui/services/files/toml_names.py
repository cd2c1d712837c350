"""Changing names in a TOML file that people write: comments, order and spaces stay."""

import re
import tomllib
from typing import Any


def replace_names(text: str, old: str, new: str, wanted: dict[str, Any]) -> str | None:
    """The text with strings `old` replaced so that it reads as `wanted`; None if it can't.

    Both names need no escapes. A string that `wanted` keeps is kept.
    """
    left = _count_differences(tomllib.loads(text), wanted)
    for found in reversed(list(re.finditer(rf"([\"']){re.escape(old)}\1", text))):
        changed = f"{text[: found.start()]}{found[1]}{new}{found[1]}{text[found.end() :]}"
        fewer = _count_differences(tomllib.loads(changed), wanted)
        if fewer < left:
            text, left = changed, fewer
    return text if left == 0 else None


def _count_differences(one: Any, other: Any) -> int:
    """Count the places at which two values differ."""
    if isinstance(one, dict) and isinstance(other, dict):
        return sum(_count_differences(one.get(key), other.get(key)) for key in {*one, *other})
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        return sum(map(_count_differences, one, other))
    return int(one != other)
