"""Three detectors that were evaluated on a benchmark, two of them on production too."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from store.database.connection import Database
from tests import rows
from tests.tui.evaluated import GENERAL, add_detectors, add_evaluation, make_evaluated
from tui.screens.accuracy.desk import AccuracyDesk
from tui.screens.accuracy.views import Subject
from tui.services.workspace import Workspace

BENCH: Final = "bench"
REAL: Final = "real"
N: Final = 300
N_REAL: Final = 40
EVIL: Final = "Evil \x1b[31mred\x1b[0m [bold red]text[/] \u202e"


@pytest.fixture
def opened(empty_workspace: Workspace, tmp_path: Path) -> Iterator[Database]:
    """Three detectors on a benchmark; the first two on production too, which has few labels."""
    with empty_workspace.database() as database:
        samples = [
            (name, f"{EVIL if number == 0 else 'Text'} {name}.", label)
            for number, (name, label, _) in enumerate(make_evaluated(N, 0))
        ]
        groups = {name: f"forum-{int(name[1:]) % 3}" for name, *_ in samples}
        rows.add_dataset(database, BENCH, samples, "benchmark", groups=groups)
        labels = dict.fromkeys(range(30, N_REAL), GENERAL)
        rows.add_dataset(
            database, REAL,
            [(f"p{n}", f"{EVIL if n > 38 else 'Real'} {n}.", labels.get(n)) for n in range(N_REAL)],
            "production",
        )  # fmt: skip
        for number, (name, skill) in enumerate((("good", 2.0), ("bad", 0.3), ("alike", 2.0))):
            add_detectors(database, tmp_path, name)
            evaluated = make_evaluated(N, skill, drawn=number + 1)
            if name == "good":
                evaluated[1] = (*evaluated[1][:2], None)
            add_evaluation(database, tmp_path, name, BENCH, evaluated)
        for name in ("good", "bad"):
            evaluated = [(f"p{n}", labels.get(n), n / N_REAL) for n in range(N_REAL)]
            add_evaluation(database, tmp_path, name, REAL, evaluated)
        yield database


@pytest.fixture
def subject(empty_workspace: Workspace, opened: Database) -> Subject:
    """The first of three detectors on the benchmark, with their counts."""
    desk = AccuracyDesk(empty_workspace, opened)
    datasets = desk.datasets()
    first = datasets[0]
    return Subject(desk, datasets, first, first.detectors[0], scores=desk.counted(first))
