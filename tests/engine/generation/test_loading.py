import re
import socket
from pathlib import Path

import pytest
import torch

from engine.errors import ModelUnavailable
from engine.generation.loading import choose_dtype, load_generator
from engine.generation.protocol import Generator, Sampling, ServedGenerator
from engine.generation.templates import Prompt

QUESTION = Prompt(user="Is a glass of water before a meal good for me?")


def test_a_server_is_not_called_before_it_is_asked() -> None:
    assert isinstance(load_generator("openai:m@http://127.0.0.1:9/v1"), ServedGenerator)


def test_a_local_folder_loads_without_any_network(
    llama_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("the network was touched")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    llama = load_generator(f"path:{llama_folder}")
    assert not isinstance(llama, ServedGenerator)
    ((_, written),) = llama.generate([QUESTION], (), Sampling(max_new_tokens=6), seed=1)
    assert written.new_tokens >= 5


def test_a_broken_checkpoint_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text('{"model_type": "nothing-known"}')
    with pytest.raises(ModelUnavailable, match=re.escape(f"path:{tmp_path} cannot be loaded")):
        load_generator(f"path:{tmp_path}")


@pytest.mark.parametrize(
    ("flags", "expected"),
    [
        ("fpu avx512f avx512_bf16", torch.bfloat16),
        ("fpu amx_bf16 amx_tile", torch.bfloat16),
        ("fpu avx2 avx512f", torch.float32),
    ],
)
def test_a_cpu_gets_bfloat16_only_where_it_multiplies_it(
    tmp_path: Path, flags: str, expected: torch.dtype
) -> None:
    cpuinfo = tmp_path / "cpuinfo"
    cpuinfo.write_text(f"processor : 0\nflags\t\t: {flags}\n")
    assert choose_dtype("cpu", cpuinfo) is expected
    assert choose_dtype("cuda:0", cpuinfo) is torch.bfloat16


def test_a_machine_without_cpuinfo_gets_float32(tmp_path: Path) -> None:
    assert choose_dtype("cpu", tmp_path / "absent") is torch.float32


@pytest.mark.embedded
def test_the_embedded_model_answers_as_an_assistant(embedded: Generator) -> None:
    assert embedded.render(QUESTION).endswith("<|im_end|>\n<|im_start|>assistant\n")
    ((_, written),) = embedded.generate([QUESTION], (), Sampling(max_new_tokens=40), seed=1)
    assert written.text is not None
    assert written.text.strip()  # which words are drawn depends on the processor's kernels


@pytest.mark.embedded
def test_the_embedded_model_writes_in_four_bits_on_the_cpu() -> None:
    small = load_generator("bundled:smollm2-135m-instruct", quantization="nf4")
    greedy = Sampling(max_new_tokens=20, temperature=0)
    ((_, written),) = small.generate([QUESTION], (), greedy, seed=1)
    assert written.text is not None
    assert len(written.text.split()) >= 5
