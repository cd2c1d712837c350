"""One error for a batch that does not fit, whatever torch raises for it."""

import contextlib
import traceback
from collections.abc import Iterator

import torch

from engine.generation.protocol import OutOfMemory

SAID_OF_MEMORY = (
    "DefaultCPUAllocator",
    "not enough memory",
    "CUDA error: out of memory",
    "CUBLAS_STATUS_ALLOC_FAILED",
)


@contextlib.contextmanager
def translated_memory_errors(what: str) -> Iterator[None]:
    """Raise OutOfMemory in place of what torch raises, with the batch's memory given back."""
    try:
        yield
    except (MemoryError, RuntimeError) as error:
        if not _is_out_of_memory(error):
            raise
        # The frames of the traceback hold the batch's tensors.
        traceback.clear_frames(error.__traceback__)
        if torch.cuda.is_available():
            torch.cuda.empty_cache()
        raise OutOfMemory(f"{what} does not fit into memory.") from error


def _is_out_of_memory(error: Exception) -> bool:
    """Whether memory ran out, which some parts of torch say only in their message."""
    if isinstance(error, (torch.OutOfMemoryError, MemoryError)):
        return True
    return any(words in str(error) for words in SAID_OF_MEMORY)
