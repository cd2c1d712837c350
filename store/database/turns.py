"""Whose turn it is to write: one at a time, and the patient ones last."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Turns:
    """A lock that a patient thread gets only while no other waits for it."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._is_taken = False
        self._impatient = 0  # threads that wait and are not patient

    @contextmanager
    def taken(self, is_patient: bool) -> Iterator[None]:
        """Hold the turn while the block lasts."""
        with self._changed:
            self._impatient += not is_patient
            self._changed.wait_for(
                lambda: not self._is_taken and not (is_patient and self._impatient)
            )
            self._impatient -= not is_patient
            self._is_taken = True
        try:
            yield
        finally:
            with self._changed:
                self._is_taken = False
                self._changed.notify_all()
