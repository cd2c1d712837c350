"""Requests on their way to a model server, as many at a time as a limit allows.

Nobody waits for anybody: a new request is sent as soon as one has ended, and each reply is kept as
soon as it is there, whatever whoever reads the replies is busy with.
"""

import threading
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from queue import SimpleQueue
from typing import TypeAlias

from engine.errors import ServerRefused
from engine.generation.concurrency import MOST, Limit
from engine.generation.protocol import Generation, Keep, Replies, Request
from engine.generation.server_failure import quote

Ask: TypeAlias = Callable[[Request, threading.Event], Generation]
Reply: TypeAlias = tuple[str, Generation]


class Flow:
    """Asks for each request once, and yields the name and the reply of each as they arrive.

    `ask` is called in threads; it gets an event that is set when all is given up. `keep` is called
    once for each reply before it is yielded, one at a time. What `ask` raises costs its request
    alone, but for ServerRefused, which ends all; so does what `keep` raises.
    """

    def __init__(self, ask: Ask, keep: Keep, limit: Limit) -> None:
        self._ask, self._keep, self._limit = ask, keep, limit
        self._stopped = threading.Event()
        self._changed = threading.Condition()
        self._running = 0
        self._pool = ThreadPoolExecutor(MOST, thread_name_prefix="model-server")
        self._keeper = ThreadPoolExecutor(1, thread_name_prefix="replies")
        self._feeder = ThreadPoolExecutor(1, thread_name_prefix="requests")
        self._done: SimpleQueue[Future[Reply] | Future[int]] = SimpleQueue()

    def send(self, requests: Iterable[Request]) -> Replies:
        """Send them in order. Closing the iterator gives up those that were not sent yet."""
        feeding = self._feeder.submit(self._feed, requests)
        feeding.add_done_callback(self._done.put)
        sent, arrived = None, 0
        try:
            while sent is None or arrived < sent:
                future = self._done.get()
                if future is feeding:
                    sent = feeding.result()
                    continue
                arrived += 1
                reply = future.result()
                assert isinstance(reply, tuple)
                yield reply
        finally:
            self._give_up()

    def _feed(self, requests: Iterable[Request]) -> int:
        """Send each request once there is room for it, and return how many were sent."""
        sent = 0
        for request in requests:
            if not self._wait_for_room():
                break
            sent += 1
            asked = self._pool.submit(self._ask, request, self._stopped)
            asked.add_done_callback(partial(self._arrive, request))
        return sent

    def _wait_for_room(self) -> bool:
        """Take a place as soon as there is one; false if all is given up."""
        with self._changed:
            self._changed.wait_for(
                lambda: self._stopped.is_set() or self._running < self._limit.value
            )
            self._running += 1
            return not self._stopped.is_set()

    def _arrive(self, request: Request, asked: "Future[Generation]") -> None:
        with self._changed:
            self._running -= 1
            self._changed.notify()
        if not asked.cancelled():
            self._keeper.submit(self._take, request, asked).add_done_callback(self._done.put)

    def _take(self, request: Request, asked: "Future[Generation]") -> Reply:
        generation = _outcome(asked)
        self._keep(request.name, generation)
        return request.name, generation

    def _give_up(self) -> None:
        """Send nothing more; replies that are on their way are still kept."""
        self._stopped.set()
        with self._changed:
            self._changed.notify_all()
        self._feeder.shutdown(wait=False)
        self._pool.shutdown(wait=False, cancel_futures=True)


def _outcome(asked: "Future[Generation]") -> Generation:
    error = asked.exception()
    if error is None:
        return asked.result()
    if isinstance(error, ServerRefused) or not isinstance(error, Exception):
        raise error
    return Generation(None, 0, False, quote(f"{type(error).__name__}: {error}"))
