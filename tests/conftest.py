"""What holds for every test: one thread each, no network for models, nobody's environment."""

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.jobs import supervisor
from tests.forked_jobs import Forks
from tests.new_databases import copied_from
from tui.frame import collector

# Threads of several test processes would wait for each other; on two cores that is ten times
# slower than one thread each. Set before torch is imported, and inherited by workers.
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("HF_HUB_OFFLINE", "1")

# Workers import nothing from the current folder; some of the tests' own are modules of `tests`.
os.environ["PYTHONPATH"] = str(Path(__file__).parents[1])

# Screens are drawn in ASCII by some locales, and without colours where somebody wishes it.
for name in ("LC_ALL", "LC_CTYPE", "NO_COLOR", "BACKQUERY_WORKSPACE", "OPENAI_API_KEY"):
    os.environ.pop(name, None)
os.environ["LANG"] = "C.UTF-8"

# Moments are shown as the clock of the machine shows them.
os.environ["TZ"] = "UTC"
time.tzset()

# A folder that is not there, so that nobody's own keys and name reach a test.
os.environ["XDG_CONFIG_HOME"] = str(Path(__file__).parent / "no-configuration")


@pytest.fixture(autouse=True)
def _private_tracebacks(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Keep what the border writes out of the user's own folder."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path_factory.getbasetemp() / "state"))


@pytest.fixture(scope="session", autouse=True)
def _copied_databases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Begin new databases with a copy of one."""
    with copied_from(tmp_path_factory.mktemp("database")):
        yield


FORKS = Forks()


@pytest.fixture(autouse=True)
def _forked_jobs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Start jobs as forks of a process that has torch already."""
    monkeypatch.setattr(supervisor, "start_worker", FORKS.start_worker)


SLOWEST_FIRST = (
    "test_whole_way.py",
    "test_train_together.py",
    "test_judging.py",
    "test_baselines.py",
    "test_train_resumed.py",
    "test_train.py",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the files that take longest, so that no worker waits for one at the end."""
    items.sort(
        key=lambda item: (
            SLOWEST_FIRST.index(item.path.name)
            if item.path.name in SLOWEST_FIRST
            else len(SLOWEST_FIRST)
        )
    )


def pytest_sessionfinish() -> None:
    """Unfreeze what apps froze, which DuckDB's bindings would name when the interpreter ends."""
    FORKS.close()
    collector.release()
