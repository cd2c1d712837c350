"""Turning a model reference into a generator: which device, which dtype, how many bits.

Model libraries are imported inside the functions, so that choices can be checked without them.
"""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from engine.errors import ModelUnavailable
from engine.generation.concurrency import TIMEOUT_S, Concurrent
from engine.generation.protocol import Generator
from engine.models.references import ModelReference, parse_reference, resolve_checkpoint

if TYPE_CHECKING:
    import torch

    from engine.generation.constraint import Constraint

Quantization = Literal["none", "nf4"]

# Instructions that multiply bfloat16; without them bfloat16 is slower than float32.
BFLOAT16_FLAGS = frozenset({"amx_bf16", "avx512_bf16"})


def load_generator(
    reference: str,
    *,
    quantization: Quantization = "none",
    device: str = "cpu",
    concurrent: Concurrent = "auto",
    timeout_s: float = TIMEOUT_S,
    schema: str | None = None,
    waiting: Callable[[str], None] = lambda _: None,
    decoded: Callable[[int], None] = lambda _: None,
) -> Generator:
    """The generator that a reference names, ready to use.

    `device` is torch's name of it ("cpu", "cuda:0"); a server ignores it, and `quantization`.
    Only a server is sent `concurrent` requests at a time, each for `timeout_s`, and `waiting` is
    told what it is waited for, and "" when that is over. `decoded` is told how many new tokens a
    model that runs here has written since it was told last. By a JSON `schema` all that it writes
    is one value. Raises ModelUnavailable.
    """
    parsed = parse_reference(reference)
    if parsed.kind == "openai":
        from engine.generation.server import ServerGenerator

        return ServerGenerator(
            parsed.name,
            parsed.base_url,
            waiting=waiting,
            concurrent=concurrent,
            timeout_s=timeout_s,
            schema=schema,
        )
    return _load_local(parsed, quantization, device, decoded, schema)


def choose_dtype(device: str, cpuinfo: Path = Path("/proc/cpuinfo")) -> "torch.dtype":
    """The dtype to load weights in: bfloat16 where the device multiplies it fast.

    On a CPU that is where `cpuinfo` lists AMX or AVX-512 BF16; if there is no such file,
    float32.
    """
    import torch

    if device.startswith("cpu"):
        return torch.bfloat16 if _has_fast_bfloat16(cpuinfo) else torch.float32
    return torch.bfloat16


def _has_fast_bfloat16(cpuinfo: Path) -> bool:
    try:
        lines = cpuinfo.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return False
    flags = next((line for line in lines if line.startswith("flags")), "")
    return not BFLOAT16_FLAGS.isdisjoint(flags.split())


def _load_local(
    reference: ModelReference,
    quantization: Quantization,
    device: str,
    decoded: Callable[[int], None],
    schema: str | None,
) -> Generator:
    import torch
    from safetensors import SafetensorError
    from transformers import AutoModelForCausalLM, AutoTokenizer

    from engine.generation.local import LocalGenerator

    checkpoint = resolve_checkpoint(reference)
    options: dict[str, Any] = {"local_files_only": checkpoint.local_only}
    try:
        tokenizer = AutoTokenizer.from_pretrained(checkpoint.location, **options)
        model: Any = AutoModelForCausalLM.from_pretrained(
            checkpoint.location,
            dtype=choose_dtype(device),
            device_map={"": device},
            **_quantized(quantization, device),
            **options,
        )
    except torch.OutOfMemoryError as error:
        raise ModelUnavailable(
            f"{reference} does not fit on {device}: {error}. Choose a smaller model or nf4."
        ) from error
    except (OSError, ValueError, ImportError, SafetensorError) as error:
        raise ModelUnavailable(f"{reference} cannot be loaded: {error}") from error
    constraint = _constrain(model, tokenizer, schema) if schema else None
    return LocalGenerator(model.eval(), tokenizer, decoded=decoded, constraint=constraint)


def _constrain(model: Any, tokenizer: Any, schema: str) -> "Constraint":
    from engine.generation.constraint import Constraint
    from engine.generation.token_facts import end_ids

    return Constraint(tokenizer, schema, end_ids(model, tokenizer))


def _quantized(quantization: Quantization, device: str) -> dict[str, Any]:
    if quantization == "none":
        return {}
    from transformers import BitsAndBytesConfig

    make_config: Any = BitsAndBytesConfig  # transformers leaves it untyped
    config = make_config(
        load_in_4bit=True,
        bnb_4bit_quant_type="nf4",
        bnb_4bit_compute_dtype=choose_dtype(device),
    )
    return {"quantization_config": config}
