"""What the machine does, with recorded times and in place of NVIDIA's library a fake one."""

from collections import namedtuple
from pathlib import Path
from types import SimpleNamespace

import pytest

from tui.services import machine
from tui.services.machine import (
    WITHOUT_NVML,
    Gpu,
    Machine,
    MachineReader,
    busy_share,
    describe_machine,
    read_gpus,
)

GIB = 2**30
# As psutil has the first line of /proc/stat, in seconds.
Times = namedtuple(
    "Times", ["user", "nice", "system", "idle", "iowait", "irq", "softirq", "steal", "guest"]
)
EARLIER = Times(30157.0, 1020.0, 4073.0, 12593.0, 139.0, 0.0, 49.0, 27.0, 500.0)


class NvmlFailed(Exception):
    pass


class FakeNvml:
    """NVIDIA's library on a machine with two GPUs, the second a part that does not tell all."""

    NVMLError = NvmlFailed
    NVML_TEMPERATURE_GPU = 0

    def __init__(self, *, has_driver: bool = True) -> None:
        self._has_driver = has_driver
        self.is_open = False

    def nvmlInit(self) -> None:  # noqa: N802
        if not self._has_driver:
            raise NvmlFailed("Driver Not Loaded")
        self.is_open = True

    def nvmlShutdown(self) -> None:  # noqa: N802
        self.is_open = False

    def nvmlDeviceGetCount(self) -> int:  # noqa: N802
        return 2

    def nvmlDeviceGetHandleByIndex(self, number: int) -> int:  # noqa: N802
        assert self.is_open
        return number

    def nvmlDeviceGetName(self, handle: int) -> str | bytes:  # noqa: N802
        return "NVIDIA H100" if handle == 0 else b"NVIDIA H100 MIG 1g.10gb"

    def nvmlDeviceGetMemoryInfo(self, handle: int) -> SimpleNamespace:  # noqa: N802
        return SimpleNamespace(used=41 * GIB, total=80 * GIB)

    def nvmlDeviceGetUtilizationRates(self, handle: int) -> SimpleNamespace:  # noqa: N802
        if handle == 1:
            raise NvmlFailed("Not Supported")
        return SimpleNamespace(gpu=97, memory=40)

    def nvmlDeviceGetTemperature(self, handle: int, sensor: int) -> int:  # noqa: N802
        if handle == 1:
            raise NvmlFailed("Not Supported")
        return 64


def test_cores_are_busy_where_they_neither_idle_nor_wait_for_a_disk() -> None:
    later = EARLIER._replace(user=30163.0, idle=12595.0, iowait=141.0, guest=506.0)
    assert busy_share(EARLIER, later) == pytest.approx(6 / 10)
    assert busy_share(EARLIER, EARLIER) is None


def test_each_gpu_is_read_with_what_it_tells() -> None:
    nvml = FakeNvml()
    assert read_gpus(nvml) == (
        Gpu("NVIDIA H100", 41 * GIB, 80 * GIB, 0.97, 64.0),
        Gpu("NVIDIA H100 MIG 1g.10gb", 41 * GIB, 80 * GIB, None, None),
    )
    assert not nvml.is_open


def test_without_a_driver_there_is_no_gpu() -> None:
    assert read_gpus(FakeNvml(has_driver=False)) == ()


def test_gpus_are_said_first_then_the_processor_then_what_could_be_seen() -> None:
    gpus = read_gpus(FakeNvml())
    whole = Machine(8, 0.5, 3 * GIB, 24 * GIB, 54.2, gpus, WITHOUT_NVML)
    assert list(describe_machine(whole)) == [
        "GPU 0 NVIDIA H100 97% busy, 41.0 of 80.0 GiB, 64 °C",
        "GPU 1 NVIDIA H100 MIG 1g.10gb, 41.0 of 80.0 GiB",
        "8 cores 50% busy, 3.0 of 24.0 GiB, 54 °C",
        "`pip install nvidia-ml-py` shows the GPU",
    ]
    assert list(describe_machine(Machine(1, None, 0, GIB, None))) == ["1 core, 0.0 of 1.0 GiB"]


def test_this_machine_is_read_and_at_the_second_look_it_is_known_how_busy_it_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(machine, "_import_nvml", lambda: None)
    reader = MachineReader()
    first = reader.read()
    assert first.busy is None
    assert 0 < first.used_bytes < first.total_bytes
    assert first.cores >= 1
    second = reader.read()
    assert second.busy is None or 0 <= second.busy <= 1


def test_where_a_gpu_is_and_no_library_it_is_said_what_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(machine, "_import_nvml", lambda: None)
    monkeypatch.setattr(machine, "GPU_DRIVER", tmp_path)
    assert MachineReader().read().lacks == WITHOUT_NVML
