"""Models that several test modules share, each loaded once."""

from pathlib import Path

import pytest
import torch

from engine.generation.loading import load_generator
from engine.generation.protocol import Generator
from tests.tiny import tiny_llama


@pytest.fixture(scope="session", autouse=True)
def one_thread() -> None:
    """Keep torch to one thread: on a busy machine, threads that wait for each other crawl."""
    torch.set_num_threads(1)


@pytest.fixture(scope="session")
def llama_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_llama(tmp_path_factory.mktemp("llama"))


@pytest.fixture(scope="session")
def embedded() -> Generator:
    return load_generator("bundled:smollm2-135m-instruct")
