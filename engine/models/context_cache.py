"""Token states of contexts, kept because a deployed system prompt hardly changes."""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import Tensor

Context = tuple[int, ...]  # token ids


class ContextCache:
    """States, [tokens, width] on the model's device, by context; the least recently used give way.

    `compute` makes those of contexts that are not held, in their order.
    """

    def __init__(
        self, compute: Callable[[Sequence[Context]], "Sequence[Tensor]"], limit_bytes: int
    ) -> None:
        self._compute, self._limit_bytes = compute, limit_bytes
        self._held: OrderedDict[Context, Tensor] = OrderedDict()
        self.size_bytes = 0

    def states(self, contexts: Sequence[Context]) -> "list[Tensor]":
        """The states of each context; each distinct one is computed once, if at all."""
        distinct = dict.fromkeys(contexts)
        missing = [context for context in distinct if context not in self._held]
        known = {context: self._held[context] for context in distinct if context in self._held}
        if missing:
            known |= dict(zip(missing, self._compute(missing), strict=True))
        for context in distinct:
            self._keep(context, known[context])
        return [known[context] for context in contexts]

    def _keep(self, context: Context, states: "Tensor") -> None:
        if context not in self._held:
            self._held[context] = states
            self.size_bytes += states.nbytes
        self._held.move_to_end(context)
        while self.size_bytes > self._limit_bytes:
            _, dropped = self._held.popitem(last=False)
            self.size_bytes -= dropped.nbytes
