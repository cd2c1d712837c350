"""What a model makes of contexts, kept because a deployed system prompt hardly changes."""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Final, Generic, Protocol, TypeVar

Context = tuple[int, ...]  # token ids
CACHE_BYTES: Final = 256 << 20  # 170 contexts of 1,024 tokens at width 384


class _Numbers(Protocol):
    """A tensor or an array."""

    @property
    def nbytes(self) -> int:
        """Its size in memory."""


Key = TypeVar("Key", bound=Hashable)
States = TypeVar("States", bound=_Numbers)


class ContextCache(Generic[Key, States]):
    """States by context, a text or its token ids; the least recently used give way.

    They are [tokens, width], or one vector. `compute` makes those of contexts that are not held, in
    their order.
    """

    def __init__(
        self,
        compute: Callable[[Sequence[Key]], Iterable[States]],
        limit_bytes: int = CACHE_BYTES,
    ) -> None:
        self._compute, self._limit_bytes = compute, limit_bytes
        self._held: OrderedDict[Key, States] = OrderedDict()
        self.size_bytes = 0

    def states(self, contexts: Sequence[Key]) -> list[States]:
        """The states of each context; each distinct one is computed once, if at all."""
        distinct = dict.fromkeys(contexts)
        missing = [context for context in distinct if context not in self._held]
        known = {context: self._held[context] for context in distinct if context in self._held}
        if missing:
            known |= dict(zip(missing, self._compute(missing), strict=True))
        for context in distinct:
            self._keep(context, known[context])
        return [known[context] for context in contexts]

    def _keep(self, context: Key, states: States) -> None:
        if context not in self._held:
            self._held[context] = states
            self.size_bytes += states.nbytes
        self._held.move_to_end(context)
        while self.size_bytes > self._limit_bytes:
            _, dropped = self._held.popitem(last=False)
            self.size_bytes -= dropped.nbytes
