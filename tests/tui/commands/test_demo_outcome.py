import re
from pathlib import Path

import pytest

from engine.spreading.forecast import Forecast
from tests import rows
from tests.tui.evaluated import add_detectors, add_evaluation, make_evaluated
from tests.tui.filled import BENCHMARK
from tui.commands.demo import REFERENCE, label_automatically
from tui.commands.demo_outcome import (
    describe_curve,
    describe_outcome,
    describe_rule,
    describe_spread,
)
from tui.services.results.comparison import Comparison, compare_detectors
from tui.services.results.label_curve import GOAL, LabelCurve, read_label_curve
from tui.services.workspace import Workspace

BENCH = "bench"


@pytest.mark.parametrize(
    ("skill", "other", "words"),
    [
        (3.0, 0.3, r"^Synthetic rows helped: two-stage has accuracy \+\d"),
        (0.3, 3.0, r"^Synthetic rows did not help, they did harm: two-stage has accuracy -\d"),
        (1.1, 1.0, r"^Whether synthetic rows helped is not clear: .*difference of \d"),
    ],
)
def test_the_outcome_is_said_as_it_is(
    empty_workspace: Workspace, tmp_path: Path, skill: float, other: float, words: str
) -> None:
    comparison = compared(empty_workspace, tmp_path, {REFERENCE: other, "two-stage": skill})
    found = describe_outcome(comparison, "two-stage")
    assert re.search(words, found), found
    assert re.search(r"It finds \d.* % of the positive texts, initial \d", found)
    assert re.search(r"ROC-AUC, which needs no threshold: \d.* \(.*\), initial \d.* \(", found)
    assert "simulated by a rule" in found


def test_the_label_curve_is_said_with_what_more_keys_would_bring(
    clustered_workspace: Workspace,
) -> None:
    with clustered_workspace.database() as database:
        curve = read_label_curve(clustered_workspace, database)
    assert "Too little is decided" in describe_curve(curve)
    label_automatically(clustered_workspace)
    with clustered_workspace.database() as database:
        curve = read_label_curve(clustered_workspace, database)
    assert re.search(r"% after 10 keys, .* after 20 keys, .* 90 %", describe_curve(curve))
    said = describe_curve(LabelCurve(curve.points, Forecast(GOAL, more=12, low=4, high=None)))
    assert said.endswith("About 12 more keys (4 to more than can be said) would bring 90 %.")


def test_nothing_is_said_of_what_was_not_compared(
    empty_workspace: Workspace, tmp_path: Path
) -> None:
    comparison = compared(empty_workspace, tmp_path, {REFERENCE: 1.0, "stage-1": 1.0})
    assert "nothing can be said" in describe_outcome(comparison, "two-stage")


def compared(workspace: Workspace, folder: Path, skills: dict[str, float]) -> Comparison:
    with workspace.database() as database:
        samples = [(name, f"Text {name}.", label) for name, label, _ in make_evaluated(300, 0)]
        rows.add_dataset(database, BENCH, samples, "benchmark")
        for drawn, (name, skill) in enumerate(skills.items(), 2):
            add_detectors(database, folder, name)
            found = make_evaluated(300, skill, drawn=drawn)
            add_evaluation(database, folder, name, BENCH, found)
        return compare_detectors(workspace, database, BENCH, reference=REFERENCE)


def test_the_rule_is_measured_on_a_benchmark_and_against_what_spread(
    clustered_workspace: Workspace,
) -> None:
    with clustered_workspace.database() as database:
        assert describe_spread(database) == "No label spread to another answer."
    label_automatically(clustered_workspace)
    with clustered_workspace.database() as database:
        assert "% of 150 answers." in describe_rule(database, BENCHMARK)
        assert re.search(r"spread to \d+ more answers; .* % of them", describe_spread(database))
