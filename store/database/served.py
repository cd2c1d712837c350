"""Marks a function of the store as one that the owner of a workspace calls for other processes."""

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeVar

from store.errors import OutOfMemory

if TYPE_CHECKING:
    from store.database.connection import Database

P = ParamSpec("P")
T = TypeVar("T")


def served(
    function: "Callable[Concatenate[Database, P], T]",
) -> "Callable[Concatenate[Database, P], T]":
    """A function that is called where the database is: here, or in the process that owns it.

    Each call is on its own: what it reads is committed, and what it writes is whole or not there.
    So its arguments and its result are of types that `store.serving.values` knows.
    """

    @wraps(function)
    def call(database: "Database", /, *arguments: P.args, **named: P.kwargs) -> T:
        return database.perform(function, *arguments, **named)

    call.served = function  # type: ignore[attr-defined]
    return call


def as_memory_allows(call: Callable[[], T]) -> T:
    """What a call of a served function returns, made again as long as there is more memory for it.

    When there is no more, another error says so.
    """
    while True:
        try:
            return call()
        except OutOfMemory:
            continue
