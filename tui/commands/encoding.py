"""Results as JSON: the one place where a figure of the services becomes a key of `--json`.

An object has the fields of its dataclass. A field that is an estimate holds its value, or null
where it is undefined, and the object has a key `intervals` with [low, high] for each of them.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
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
    for item in fields(value):
        part = getattr(value, item.name)
        if item.name in estimates:
            part = part.value if part else None
        found[item.name.removesuffix("_")] = encode(part)
    if estimates:
        found[INTERVALS] = {name: _ends(getattr(value, name)) for name in estimates}
    return found


def _ends(estimate: Estimate | None) -> list[float] | None:
    return encode(estimate.interval) if estimate else None
