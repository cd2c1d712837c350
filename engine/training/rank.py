"""Which of the processes that train one model together this one is, and what it does for them."""

from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any

from engine.training.batches import Step


@dataclass(frozen=True, slots=True)
class Rank:
    """Which of how many processes this one is; by itself, it is the first of one."""

    number: int = 0
    count: int = 1

    @property
    def leads(self) -> bool:
        """Whether this is the first process, which alone writes files."""
        return self.number == 0

    def share(self, step: Step) -> Step:
        """Rows of a step that this process computes: every so many of each batch.

        Rows of a batch are in order of length, so the shares are of similar length. Empty if the
        batches have fewer rows than there are processes.
        """
        shares = [batch[self.number :: self.count] for batch in step]
        return [share for share in shares if share]

    def join_gradients(self, model: Any) -> Any:
        """The model, whose backward pass leaves the mean of all processes' gradients in it."""
        if self.count == 1:
            return model
        from torch.nn.parallel import DistributedDataParallel

        # A base may have parameters that no label depends on, such as a pooler.
        return DistributedDataParallel(model, find_unused_parameters=True)

    def total(self, amount: Any) -> Any:
        """Sum of a tensor over all processes, the same on each."""
        if self.count == 1:
            return amount
        from accelerate.utils import reduce

        return reduce(amount, reduction="sum")

    def leader_first(self) -> AbstractContextManager[Any]:
        """Let the first process through a block before the others enter it."""
        if self.count == 1:
            return nullcontext()
        from accelerate import PartialState

        context: AbstractContextManager[Any] = PartialState().main_process_first()
        return context


ALONE = Rank()
