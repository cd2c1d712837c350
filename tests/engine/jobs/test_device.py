"""Which devices a setting names here, and the locks that keep jobs apart."""

from pathlib import Path

import pytest

from engine.errors import EngineError
from engine.jobs import device
from engine.jobs.device import hold_devices, lock_path, resolve_devices


@pytest.fixture(autouse=True)
def _private_locks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)


def see(monkeypatch: pytest.MonkeyPatch, gpus: int) -> None:
    monkeypatch.setattr(device, "_has_driver", lambda: gpus > 0)
    monkeypatch.setattr(device, "_count_gpus", lambda: gpus)


def names(*devices: str) -> list[str]:
    return [lock_path(device).name for device in devices]


@pytest.mark.parametrize(
    ("setting", "gpus", "expected"),
    [
        ("auto", 0, ("cpu",)),
        ("auto", 2, ("cuda:0",)),
        ("cpu", 2, ("cpu",)),
        ("cuda", 2, ("cuda:0",)),
        ("cuda:1", 2, ("cuda:1",)),
        ("cuda:2,0", 3, ("cuda:2", "cuda:0")),
    ],
)
def test_a_setting_names_devices(
    monkeypatch: pytest.MonkeyPatch, setting: str, gpus: int, expected: tuple[str, ...]
) -> None:
    see(monkeypatch, gpus)
    assert resolve_devices(setting) == expected


@pytest.mark.parametrize(
    ("setting", "missing"), [("cuda", "0"), ("cuda:0", "0"), ("cuda:0,3", "0")]
)
def test_a_gpu_that_is_not_there_is_said(
    monkeypatch: pytest.MonkeyPatch, setting: str, missing: str
) -> None:
    see(monkeypatch, 0)
    with pytest.raises(EngineError, match=rf"no GPU {missing} here: torch sees 0.*'auto'"):
        resolve_devices(setting)


def test_without_a_driver_torch_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    see(monkeypatch, 0)
    monkeypatch.delattr(device, "_count_gpus")
    assert resolve_devices("auto") == ("cpu",)


def test_locks_lie_in_the_users_runtime_folder(tmp_path: Path) -> None:
    assert lock_path("cuda:1") == tmp_path / "backquery" / "device-cuda-1.lock"
    assert lock_path("cpu") == tmp_path / "backquery" / "device-cpu.lock"


def test_a_gpu_has_one_lock_however_few_of_them_a_process_sees(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What one process calls its first may be another's third."""
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "2,0")
    assert names("cuda:0", "cuda:1") == ["device-cuda-2.lock", "device-cuda-0.lock"]
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "GPU-5f/1")
    assert names("cuda:0") == ["device-cuda-GPU-5f-1.lock"]


def test_all_devices_are_held_until_the_end(tmp_path: Path) -> None:
    held = tmp_path / "a" / "jobs" / "first"
    with hold_devices(("cuda:1", "cuda:0"), held, lambda _: None):
        for one in ("cuda:0", "cuda:1"):
            with lock_path(one).open("a") as file:
                assert not device._try_lock(file.fileno())
    with hold_devices(("cuda:0", "cuda:1"), held, lambda _: None):
        pass
