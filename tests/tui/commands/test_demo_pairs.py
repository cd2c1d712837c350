"""What the demo from a problem's definition is made of, and what it says at its end."""

import re
from pathlib import Path

from store.datasets import evaluation_samples
from tests.tui.commands.test_demo_outcome import compared
from tui.commands.demo_pairs import (
    BENCHMARK,
    REFERENCE,
    TASK,
    describe_pairs,
    describe_ranking,
    import_benchmark,
)
from tui.commands.demo_steps import open_demo
from tui.services.workspace import Workspace


def test_the_benchmark_comes_in_as_pairs(tmp_path: Path) -> None:
    workspace = open_demo(tmp_path / "demo", TASK, clusters=10)
    import_benchmark(workspace)
    with workspace.database() as database:
        samples = evaluation_samples(database, BENCHMARK)
    assert samples.height > 300
    assert samples["context"].n_unique() >= 40
    assert set(samples["label"]) == set(workspace.task.labels)


def test_what_is_better_worse_and_open_is_told_apart(
    empty_workspace: Workspace, tmp_path: Path
) -> None:
    skills = {REFERENCE: 1.0, "weak": 0.1, "strong": 4.0, "alike": 1.0}
    found = describe_pairs(compared(empty_workspace, tmp_path, skills))
    assert "is clearly better than weak" in found
    assert "clearly worse than strong" in found
    assert "cannot be told from alike" in found
    assert re.search(r"Its ROC-AUC is \d\d\.\d \(.*\) %\. Nobody", found)


def test_a_ranking_that_is_no_better_than_chance_is_called_so(
    empty_workspace: Workspace, tmp_path: Path
) -> None:
    found = describe_ranking(compared(empty_workspace, tmp_path, {REFERENCE: 0.0, "alike": 0.0}))
    assert found.endswith(" %, no better than chance.")
