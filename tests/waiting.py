"""Waiting for something to come true, instead of sleeping and hoping."""

import time
from collections.abc import Callable
from threading import Event

PATIENCE_S = 60.0


def wait_for(ready: Callable[[], bool]) -> None:
    """As soon as `ready` holds; fail after a minute."""
    deadline = time.monotonic() + PATIENCE_S
    while not ready():
        assert time.monotonic() < deadline, "it never came true"
        Event().wait(0.01)
