"""One error for a batch that does not fit, whatever torch raises for it."""

import contextlib
import traceback
from collections.abc import Iterator

import torch

from engine.models.generator import OutOfMemory


@contextlib.contextmanager
def translated_memory_errors(what: str) -> Iterator[None]:
    """Raise OutOfMemory in place of what torch raises, with the batch's memory given back."""
    try:
        yield
    except (torch.OutOfMemoryError, MemoryError, RuntimeError) as error:
        if type(error) is RuntimeError and not _is_failed_allocation(error):
            raise
        # The frames of the traceback hold the batch's tensors.
        traceback.clear_frames(error.__traceback__)
        if torch.cuda.is_available():
            torch.cuda.empty_cache()
        raise OutOfMemory(f"{what} does not fit into memory.") from error


def _is_failed_allocation(error: RuntimeError) -> bool:
    """Return whether torch's CPU allocator failed, which it says only in its message."""
    return "DefaultCPUAllocator" in str(error) or "not enough memory" in str(error)
