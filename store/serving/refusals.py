"""Errors as messages: those of the store come back as themselves."""

from store import errors
from store.errors import CallFailed, StoreError
from store.serving.wire import Message


def write_error(error: BaseException) -> Message:
    """The message that says why something was not done."""
    if isinstance(error, StoreError):
        return Message({"error": type(error).__name__, "text": str(error)})
    text = f"The process that has the workspace open failed: {type(error).__name__}: {error}"
    return Message({"error": CallFailed.__name__, "text": text})


def read_error(message: Message) -> StoreError:
    """The error of the store that a message names."""
    kind = getattr(errors, str(message.head.get("error")), None)
    if not (isinstance(kind, type) and issubclass(kind, StoreError)):
        kind = CallFailed
    return kind(str(message.head.get("text")))
