"""What counts as too little memory, and what is another error that only looks like it."""

import pytest
import torch

from engine.generation.protocol import OutOfMemory
from engine.models.memory import translated_memory_errors


@pytest.mark.parametrize(
    "error",
    [
        torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB."),
        MemoryError(),
        RuntimeError("[enforce fail at alloc_cpu.cpp:121] DefaultCPUAllocator: can't allocate"),
        RuntimeError("CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`"),
        torch.AcceleratorError("CUDA error: out of memory"),
    ],
    ids=repr,
)
def test_too_little_memory_is_one_error(error: Exception) -> None:
    with (
        pytest.raises(OutOfMemory, match=r"A batch of 8 does not fit into memory\."),
        translated_memory_errors("A batch of 8"),
    ):
        raise error


@pytest.mark.parametrize(
    "error",
    [
        RuntimeError("The size of tensor a (3) must match the size of tensor b (4)"),
        torch.AcceleratorError("CUDA error: no kernel image is available for execution"),
        torch.distributed.DistBackendError("NCCL error"),
        NotImplementedError("no kernel"),
        ValueError("no"),
    ],
    ids=repr,
)
def test_any_other_error_stays_what_it_is(error: Exception) -> None:
    with pytest.raises(type(error)) as found, translated_memory_errors("A batch of 8"):
        raise error
    assert found.value is error
