"""The thread that opens the workspace and then keeps the app supplied with snapshots."""

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from textual.message import Message

from tui.frame.calls import Refused, attempt
from tui.frame.messages import (
    OpeningFailed,
    ReopeningNeeded,
    Said,
    SessionOpened,
    SnapshotTaken,
    WorkspaceOpened,
)
from tui.frame.opening import Opening

if TYPE_CHECKING:
    from tui.frame.session import Session
    from tui.frame.snapshot import Snapshot

CLUSTERS_PATIENCE_S: Final = 5.0  # then the rest is opened even if no clusters could be read


class Keeper:
    """Takes finished parts in and posts the workspace's state whenever it has changed.

    `prepare` is called in the thread once the session is open. `is_brief` says whether counts can
    wait. `waits_for_clusters` lets the clusters be shown before all else is opened, whose imports
    would keep them waiting.
    """

    def __init__(
        self,
        opening: Opening,
        post: Callable[[Message], object],
        prepare: Callable[["Session"], None],
        is_brief: Callable[[], bool],
        *,
        interval_s: float,
        waits_for_clusters: bool,
    ) -> None:
        self._opening = opening
        self._post = post
        self._prepare = prepare
        self._is_brief = is_brief
        self._interval_s = interval_s
        self._waits_for_clusters = waits_for_clusters
        self._stopping = threading.Event()
        self._clusters_shown = threading.Event()
        self._wake = threading.Event()  # set when the next snapshot is to come at once

    def go_on(self) -> None:
        """Open the rest: clusters are on the screen."""
        self._clusters_shown.set()

    def wake(self) -> None:
        """Take the next snapshot now."""
        self._wake.set()

    def stop(self) -> None:
        """End the thread soon."""
        self._stopping.set()
        self._clusters_shown.set()
        self._wake.set()

    def keep(self) -> None:
        """What the thread does, until it is stopped."""
        session = self._open()
        if session is None:
            return
        last: Snapshot | Refused | None = None
        while not self._stopping.is_set():
            reason = attempt(session.why_reopen)
            if isinstance(reason, str):
                self._post(ReopeningNeeded(reason))
                return
            taken = attempt(lambda: session.snapshot(is_brief=self._is_brief()))
            if taken != last and isinstance(taken, Refused):
                self._post(Said(taken.text, is_warning=True))
            elif taken != last and not isinstance(taken, Refused):
                self._post(SnapshotTaken(taken))
            last = taken
            self._wake.wait(self._interval_s)
            self._wake.clear()

    def _open(self) -> "Session | None":
        try:
            self._post(WorkspaceOpened(self._opening.workspace()))
            if self._waits_for_clusters:
                self._clusters_shown.wait(CLUSTERS_PATIENCE_S)
            session = self._opening.session()
            self._prepare(session)
        except Exception as error:  # noqa: BLE001 (the boundary; run_app raises it again)
            self._post(OpeningFailed(error))
            return None
        self._post(SessionOpened(session))
        return session
