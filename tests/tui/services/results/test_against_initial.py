"""What is said of a detector after its training, against the initial one."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from store.database.connection import Database
from store.development import DEVELOPMENT
from tests import rows
from tests.tui.evaluated import add_detectors
from tui.services.results.against_initial import AgainstInitial, compare_with_initial
from tui.services.workspace import Workspace

ADVICE, CONTENT, _ = rows.LABELS


@pytest.fixture
def opened(imported_workspace: Workspace) -> Iterator[Database]:
    with imported_workspace.database() as database:
        yield database


def evaluate(
    database: Database, folder: Path, part: int, detector: str, right: Sequence[bool]
) -> None:
    """Let a detector be right on some of the rows, of which every other one is advice."""
    recipe = "initial" if detector == "initial" else "two-stage"
    add_detectors(database, folder, detector, recipe=recipe)
    found = [
        (
            f"a{place:03}",
            (ADVICE, CONTENT)[place % 2],
            (ADVICE, CONTENT)[(place + (not is_right)) % 2],
        )
        for place, is_right in enumerate(right)
    ]
    evaluation = rows.evaluation(found, detector_id=detector, dataset=DEVELOPMENT)
    rows.ingest(database, folder, "evaluation_rows", evaluation, part=part)


def compare(
    workspace: Workspace, database: Database, *sides: Sequence[bool]
) -> AgainstInitial | None:
    """The initial detector's rows, then those of one or more trainings."""
    names = ["initial", *(f"d{number}" for number in range(len(sides) - 1))]
    for part, (name, right) in enumerate(zip(names, sides, strict=True)):
        evaluate(database, workspace.path, part, name, right)
    return compare_with_initial(workspace, database, names[1:])


def test_one_that_is_right_more_often_is_better(
    imported_workspace: Workspace, opened: Database
) -> None:
    found = compare(imported_workspace, opened, [True] * 20 + [False] * 20, [True] * 40)
    assert found is not None
    assert (found.verdict, found.n, found.positives, found.missing) == ("better", 40, 20, ())
    assert found.difference.value == 0.5
    assert found.p < 0.001
    assert found.sentence.startswith("d0 is better than the initial detector: 100.0 (91.2–100.0) %")
    assert "40 decided answers held back from both are right, against 50.0" in found.sentence


def test_one_that_is_right_less_often_is_worse(
    imported_workspace: Workspace, opened: Database
) -> None:
    found = compare(imported_workspace, opened, [True] * 40, [True] * 20 + [False] * 20)
    assert found is not None
    assert found.verdict == "worse"
    assert found.sentence.startswith("d0 is worse than the initial detector")


def test_where_it_is_not_known_what_is_missing_is_said_in_numbers(
    imported_workspace: Workspace, opened: Database
) -> None:
    initial = [True] * 15 + [False] * 5
    found = compare(imported_workspace, opened, initial, [True] * 16 + [False] * 4)
    assert found is not None
    assert found.verdict == "unknown"
    keys, seeds = found.missing
    half = (found.difference.high - found.difference.low) / 2
    needed = 20 * (half / 0.05) ** 2  # the width falls with the root of the rows
    assert f"about {int(needed) + 1:,} decided answers" in keys
    assert "more keys" in keys
    assert seeds == "more training seeds: 1 training may differ by chance (--seeds 3)"
    assert "is not known" in found.sentence
    assert seeds in found.sentence


def test_where_the_initial_detector_is_always_right_nothing_can_be_better(
    imported_workspace: Workspace, opened: Database
) -> None:
    found = compare(imported_workspace, opened, [True] * 20, [True] * 20)
    assert found is not None
    assert "answers that the initial detector gets wrong" in found.missing[0]


def test_a_narrow_interval_asks_for_a_better_model_not_for_more_keys(
    imported_workspace: Workspace, opened: Database
) -> None:
    initial = [True] * 300 + [False] * 100
    found = compare(imported_workspace, opened, initial, [True] * 302 + [False] * 98)
    assert found is not None
    assert found.missing[0].startswith("a better model")


def test_three_seeds_are_compared_as_one_and_no_more_are_asked_for(
    imported_workspace: Workspace, opened: Database
) -> None:
    some = [True] * 15 + [False] * 5
    found = compare(imported_workspace, opened, some, some[::-1], some, some)
    assert found is not None
    assert found.detectors == ("d0", "d1", "d2")
    assert found.accuracy.value == 0.75
    assert not any("seeds" in missing for missing in found.missing)
    assert "two-stage (3 seeds)" in found.sentence


def test_without_evaluations_on_a_development_set_nothing_is_said(
    imported_workspace: Workspace, opened: Database
) -> None:
    add_detectors(opened, imported_workspace.path, "initial", recipe="initial")
    add_detectors(opened, imported_workspace.path, "d0", recipe="real")
    assert compare_with_initial(imported_workspace, opened, ["d0"]) is None
    assert compare_with_initial(imported_workspace, opened, ["initial"]) is None
