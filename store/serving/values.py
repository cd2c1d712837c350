"""Arguments and results as JSON and back, by the types that the store's functions name.

Nothing is made that its type does not ask for, so what comes over a socket can make no other
object. Dataclasses go as the list of their fields; frames and series stay beside the JSON, which
holds their place.
"""

import types
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Union, get_args, get_origin, get_type_hints

import polars as pl

from store.errors import MessageRefused

Frames = list[pl.DataFrame]
_NAMES: Final = {"pl": pl, "Database": object}  # that modules import for type checkers only
_PLAIN: Final = (str, bool, int, float)
_LISTS: Final = {
    list: list, Sequence: list, Collection: list, tuple: tuple, set: set, frozenset: frozenset,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Form:
    """How values of a type are written as JSON, and read; both may add to or take from frames."""

    write: Callable[[Any, Frames], Any]
    read: Callable[[Any, Frames], Any]


def types_of(function: Callable[..., Any]) -> dict[str, Any]:
    """The types of a function's arguments by name, and of its result as "return"."""
    return get_type_hints(function, localns=_NAMES)


@cache
def form_of(kind: Any) -> Form:
    """The form of a type. Raises TypeError for one that cannot go over a socket."""
    origin, inner = get_origin(kind), get_args(kind)
    if origin is Annotated:
        return form_of(inner[0])
    if origin is Literal:
        return Form(_as_it_is, _checked(lambda value: value in inner, kind))
    if origin in (Union, types.UnionType):
        return _optional(inner)
    if origin is tuple and inner[-1:] != (...,):
        return _tuple(inner)
    if origin in _LISTS:
        return _list(form_of(inner[0]), _LISTS[origin])
    if origin in (dict, Mapping):
        return _mapping(inner[0], form_of(inner[1]))
    if kind in (object, Any):
        return Form(_as_it_is, _as_it_is)
    return _simple(kind)


def _simple(kind: Any) -> Form:
    if kind in (None, types.NoneType):
        return Form(_as_it_is, _checked(lambda value: value is None, None))
    if kind in _PLAIN:
        wanted = (float, int) if kind is float else kind
        return Form(_as_it_is, _checked(lambda value: _is_plain(value, wanted), kind))
    if kind is datetime:
        return Form(lambda value, _: value.isoformat(), lambda value, _: _time(value))
    if kind is Path:
        text = form_of(str)
        return Form(lambda value, _: str(value), lambda value, _: Path(text.read(value, [])))
    if kind is pl.DataFrame:
        return Form(_put, _take)
    if kind is pl.Series:
        return Form(
            lambda value, frames: _put(value.to_frame(), frames),
            lambda value, frames: _take(value, frames).to_series(),
        )
    if is_dataclass(kind) and isinstance(kind, type):
        return _dataclass(kind)
    if hasattr(kind, "model_validate"):  # of pydantic
        return Form(
            lambda value, _: value.model_dump(mode="json", exclude_unset=True),
            lambda value, _: kind.model_validate(value),
        )
    raise TypeError(f"{kind} cannot go over a socket")


def _optional(kinds: tuple[Any, ...]) -> Form:
    present = [item for item in kinds if item is not types.NoneType]
    if len(present) > 1 and set(present) <= set(_PLAIN):
        return Form(_as_it_is, _checked(lambda value: _is_any(value, present), kinds))
    (kind,) = present
    form = form_of(kind)
    return Form(
        lambda value, frames: None if value is None else form.write(value, frames),
        lambda value, frames: None if value is None else form.read(value, frames),
    )


def _list(item: Form, make: Callable[[list[Any]], Any]) -> Form:
    return Form(
        lambda values, frames: [item.write(value, frames) for value in values],
        lambda values, frames: make([item.read(value, frames) for value in _listed(values)]),
    )


def _tuple(kinds: tuple[Any, ...]) -> Form:
    forms = [form_of(kind) for kind in kinds]

    def write(values: Any, frames: Frames) -> list[Any]:
        return [form.write(value, frames) for form, value in zip(forms, values, strict=True)]

    def read(values: Any, frames: Frames) -> tuple[Any, ...]:
        found = zip(forms, _listed(values, len(forms)), strict=True)
        return tuple(form.read(value, frames) for form, value in found)

    return Form(write, read)


def _mapping(key: Any, item: Form) -> Form:
    """As pairs, since keys may be other than texts."""
    pairs = _list(_of_two(form_of(key), item), dict)
    return Form(lambda values, frames: pairs.write(values.items(), frames), pairs.read)


def _of_two(first: Form, second: Form) -> Form:
    def read(value: Any, frames: Frames) -> tuple[Any, Any]:
        one, other = _listed(value, 2)
        return first.read(one, frames), second.read(other, frames)

    return Form(
        lambda pair, frames: [first.write(pair[0], frames), second.write(pair[1], frames)], read
    )


def _dataclass(kind: type[Any]) -> Form:
    hints = get_type_hints(kind, localns=_NAMES)
    names = [item.name for item in fields(kind)]
    values = _tuple(tuple(hints[name] for name in names))
    return Form(
        lambda value, frames: values.write([getattr(value, name) for name in names], frames),
        lambda value, frames: kind(*values.read(value, frames)),
    )


def _as_it_is(value: Any, _: Frames) -> Any:
    return value


def _checked(is_right: Callable[[Any], bool], kind: Any) -> Callable[[Any, Frames], Any]:
    def read(value: Any, _: Frames) -> Any:
        if not is_right(value):
            raise MessageRefused(f"{value!r:.80} is not {getattr(kind, '__name__', kind)}.")
        return value

    return read


def _is_plain(value: Any, wanted: Any) -> bool:
    return isinstance(value, wanted) and (wanted is bool or not isinstance(value, bool))


def _is_any(value: Any, kinds: Sequence[Any]) -> bool:
    return value is None or any(_is_plain(value, kind) for kind in kinds)


def _listed(value: Any, length: int | None = None) -> list[Any]:
    if not isinstance(value, list) or (length is not None and len(value) != length):
        raise MessageRefused(f"{value!r:.80} is not a list of the length that is wanted.")
    return value


def _time(value: Any) -> datetime:
    try:
        return datetime.fromisoformat(value)
    except (TypeError, ValueError) as error:
        raise MessageRefused(f"{value!r:.80} is not a time.") from error


def _put(frame: pl.DataFrame, frames: Frames) -> int:
    frames.append(frame)
    return len(frames) - 1


def _take(place: Any, frames: Frames) -> pl.DataFrame:
    if not isinstance(place, int) or not 0 <= place < len(frames):
        raise MessageRefused(f"There is no frame {place!r:.80}.")
    return frames[place]
