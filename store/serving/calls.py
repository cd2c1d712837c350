"""Store calls as messages: a function by its name, its arguments and its result by their types.

What may be called is what carries `served`, in a module of this package; nothing else is found by
name. Errors of the store come back as themselves.
"""

import importlib
import inspect
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from store.errors import MessageRefused
from store.serving.refusals import read_error
from store.serving.values import Frames, form_of, types_of
from store.serving.wire import Message

_NAME: Final = re.compile(r"(store(?:\.[a-z][a-z_]*)+)\.([a-z][a-z_]*)")

Function = Callable[..., Any]


def write_call(
    function: Function, arguments: Sequence[Any], named: Mapping[str, Any], call_id: str
) -> Message:
    """The message that asks for a call of a function, without its database."""
    hints, frames = types_of(function), Frames()
    bound = inspect.signature(function).bind(None, *arguments, **named).arguments
    values = {
        name: form_of(hints[name]).write(value, frames) for name, value in list(bound.items())[1:]
    }
    name = f"{function.__module__}.{function.__qualname__}"
    return Message({"call": name, "id": call_id, "arguments": values}, frames)


def read_call(message: Message) -> tuple[Function, dict[str, Any], str]:
    """The function, its arguments but the database, and the id of a call. Raises MessageRefused."""
    function = find_served(message.head.get("call"))
    call_id, given = message.head.get("id"), message.head.get("arguments")
    parameters = list(inspect.signature(function).parameters.values())[1:]
    needed = {item.name for item in parameters if item.default is inspect.Parameter.empty}
    if not isinstance(call_id, str) or not isinstance(given, dict):
        raise MessageRefused("A call without an id or arguments was refused.")
    if not needed <= given.keys() <= {item.name for item in parameters}:
        raise MessageRefused(f"{function.__name__} cannot be called with {', '.join(given)}.")
    hints, frames = types_of(function), list(message.frames)
    values = {name: form_of(hints[name]).read(value, frames) for name, value in given.items()}
    return function, values, call_id


def find_served(name: object) -> Function:
    """The function of the store with this full name. Raises MessageRefused if it is not served."""
    matched = _NAME.fullmatch(name) if isinstance(name, str) else None
    if matched:
        try:
            found = getattr(importlib.import_module(matched[1]), matched[2], None)
        except ModuleNotFoundError:
            found = None
        function = getattr(found, "served", None)
        if function is not None and function.__module__ == matched[1]:
            return function  # type: ignore[no-any-return]
    raise MessageRefused(f"The store serves no {name!r:.80}.")


def write_result(function: Function, result: Any) -> Message:
    """The message that answers a call."""
    frames = Frames()
    return Message({"result": form_of(types_of(function)["return"]).write(result, frames)}, frames)


def read_result(function: Function, message: Message) -> Any:
    """What a function returned in another process. Raises what it raised there."""
    if "error" in message.head:
        raise read_error(message)
    form = form_of(types_of(function)["return"])
    return form.read(message.head.get("result"), list(message.frames))
