"""What the machine does now: processor and memory, and NVIDIA's GPUs where their library is there.

psutil and pynvml are imported when they are first asked.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, Final, Protocol, cast

from store.counting import counted

GPU_DRIVER: Final = Path("/dev/nvidiactl")
WITHOUT_NVML: Final = "`pip install nvidia-ml-py` shows the GPU"
_PROCESSOR_SENSORS: Final = ("coretemp", "k10temp", "zenpower", "cpu_thermal", "cpu-thermal")


@dataclass(frozen=True, slots=True)
class Gpu:
    """One GPU: `busy` from 0 to 1 and `celsius` are None where it does not tell."""

    name: str
    used_bytes: int
    total_bytes: int
    busy: float | None
    celsius: float | None


@dataclass(frozen=True, slots=True)
class Machine:
    """The machine at one moment; `lacks` says what would have to be installed to see more."""

    cores: int
    busy: float | None  # of all cores, from 0 to 1; not known at the first look
    used_bytes: int
    total_bytes: int
    celsius: float | None
    gpus: tuple[Gpu, ...] = ()
    lacks: str = ""


class Times(Protocol):
    """The seconds that all cores have spent since the machine started, as psutil has them."""

    @property
    def idle(self) -> float:
        """Doing nothing."""

    def _asdict(self) -> dict[str, float]: ...


class MachineReader:
    """Looks at the machine; how busy it is is reckoned from one look to the next."""

    def __init__(self) -> None:
        self._times: Times | None = None

    def read(self) -> Machine:
        """How the machine is now; it takes some milliseconds."""
        psutil = import_module("psutil")
        before, self._times = self._times, psutil.cpu_times()
        memory = psutil.virtual_memory()
        nvml = _import_nvml()
        return Machine(
            cores=psutil.cpu_count() or 1,
            busy=None if before is None else busy_share(before, self._times),
            used_bytes=memory.total - memory.available,
            total_bytes=memory.total,
            celsius=_processor_celsius(psutil),
            gpus=read_gpus(nvml) if nvml is not None else (),
            lacks=WITHOUT_NVML if nvml is None and GPU_DRIVER.exists() else "",
        )


def busy_share(before: Times, after: Times) -> float | None:
    """The share of all cores' time between two looks that was spent on work, from 0 to 1."""
    spent = {name: value - before._asdict()[name] for name, value in after._asdict().items()}
    # A guest's time is in that of its host already.
    total = sum(value for name, value in spent.items() if not name.startswith("guest"))
    idle = spent["idle"] + spent.get("iowait", 0.0)
    return min(max(1 - idle / total, 0.0), 1.0) if total > 0 else None


def read_gpus(nvml: Any) -> tuple[Gpu, ...]:
    """All GPUs, by NVIDIA's library; none where its driver does not answer."""
    try:
        nvml.nvmlInit()
    except nvml.NVMLError:
        return ()
    try:
        return tuple(_read_gpu(nvml, number) for number in range(nvml.nvmlDeviceGetCount()))
    except nvml.NVMLError:
        return ()
    finally:
        nvml.nvmlShutdown()


def _read_gpu(nvml: Any, number: int) -> Gpu:
    handle = nvml.nvmlDeviceGetHandleByIndex(number)
    memory = nvml.nvmlDeviceGetMemoryInfo(handle)
    name = nvml.nvmlDeviceGetName(handle)
    try:
        busy = nvml.nvmlDeviceGetUtilizationRates(handle).gpu / 100
    except nvml.NVMLError:  # a part of a GPU does not tell
        busy = None
    try:
        celsius = float(nvml.nvmlDeviceGetTemperature(handle, nvml.NVML_TEMPERATURE_GPU))
    except nvml.NVMLError:
        celsius = None
    name = name.decode("utf-8", "replace") if isinstance(name, bytes) else name
    return Gpu(name, memory.used, memory.total, busy, celsius)


def describe_machine(machine: Machine) -> Iterator[str]:
    """Words on each GPU, then on processor and memory, and on what could be seen as well."""
    for number, gpu in enumerate(machine.gpus):
        yield ", ".join(
            (
                f"GPU {number} {gpu.name}{_percent(gpu.busy)}",
                _memory(gpu.used_bytes, gpu.total_bytes),
                *_celsius(gpu.celsius),
            )
        )
    yield ", ".join(
        (
            f"{counted(machine.cores, 'core')}{_percent(machine.busy)}",
            _memory(machine.used_bytes, machine.total_bytes),
            *_celsius(machine.celsius),
        )
    )
    if machine.lacks:
        yield machine.lacks


def _percent(share: float | None) -> str:
    return "" if share is None else f" {share:.0%} busy"


def _memory(used: int, total: int) -> str:
    return f"{used / 2**30:,.1f} of {total / 2**30:,.1f} GiB"


def _celsius(celsius: float | None) -> list[str]:
    return [] if celsius is None else [f"{celsius:.0f} °C"]


def _import_nvml() -> Any | None:
    try:
        return import_module("pynvml")
    except ImportError:
        return None


def _processor_celsius(psutil: Any) -> float | None:
    """The hottest of the processor's sensors; None where there are none, as in most containers."""
    read = getattr(psutil, "sensors_temperatures", None)  # not on every system
    found = cast("dict[str, list[Any]]", read() if read else {})
    degrees = [sensor.current for name in _PROCESSOR_SENSORS for sensor in found.get(name, ())]
    return max(degrees, default=None)
