"""Results as JSON: the one place where a figure of the services becomes a key of `--json`.

An object has the fields of its dataclass. A field that is an estimate holds its value, or null
where it is undefined, and the object has a key `intervals` with [low, high] for each of them. The
fields of an inlined part are those of the object.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import Field, fields, is_dataclass
from enum import Enum
from functools import cache
from typing import Any, get_args, get_type_hints

from pydantic import BaseModel

from engine.statistics.estimate import Estimate

INTERVALS = "intervals"


def encode(value: object) -> Any:
    """A value of what JSON knows: dicts, lists, texts, numbers, booleans and None.

    Numbers that JSON lacks (NaN, infinity) are None; what has no form of its own is its text. A
    field's trailing underscore, of a name that Python reserves, is left out.
    """
    if is_dataclass(value) and not isinstance(value, type):
        return _encode_fields(value)
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    if isinstance(value, Mapping):
        return {str(key): encode(item) for key, item in value.items()}
    if isinstance(value, Enum):
        return value.value
    if value is None or isinstance(value, (str, bool, int)):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Sequence):
        return [encode(item) for item in value]
    return str(value)


@cache
def estimate_fields(kind: type) -> tuple[str, ...]:
    """The fields of a dataclass that hold an estimate, also where they may be None."""
    hints = get_type_hints(kind)
    return tuple(
        item.name
        for item in fields(kind)
        if Estimate in (hints[item.name], *get_args(hints[item.name]))
    )


def _encode_fields(value: Any) -> dict[str, Any]:
    kind: type = type(value)
    estimates = estimate_fields(kind)
    found: dict[str, Any] = {}
    intervals = {name: _ends(getattr(value, name)) for name in estimates}
    for item in fields(value):
        part = getattr(value, item.name)
        if item.name in estimates:
            part = part.value if part else None
        encoded = encode(part)
        if is_inlined(item):
            intervals = encoded.pop(INTERVALS, {}) | intervals
            found |= encoded
        else:
            found[item.name.removesuffix("_")] = encoded
    return found | {INTERVALS: intervals} if intervals else found


def is_inlined(item: Field[Any]) -> bool:
    """Whether the fields of this part are written out as those of the whole."""
    return bool(item.metadata.get("inlined"))


def _ends(estimate: Estimate | None) -> list[float] | None:
    return encode(estimate.interval) if estimate else None
