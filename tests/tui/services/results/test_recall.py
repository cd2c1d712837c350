"""What a labelled sample says of recall on production."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.statistics.label_noise import weighted_share
from engine.statistics.stratified import Stratum, estimate_share
from store.database.connection import Database
from store.decisions import Decision, record
from store.observed import SELECTED, Selection, read_selected, select_observed
from tests import rows
from tests.rows import LABELS, frame
from tui.services.jobs.recall import RecallRequest, take_sample
from tui.services.results.flagger_names import GUARD
from tui.services.results.recall import Recall, read_recall
from tui.services.workspace import Workspace

ADVICE, _, GENERAL = LABELS
FLAGGED = 100


@pytest.fixture
def opened(empty_workspace: Workspace, tmp_path: Path) -> Iterator[Database]:
    """1,000 rows, the 100 with the highest score flagged."""
    with empty_workspace.database() as database:
        rows.add_records(
            database,
            "live",
            [
                {"score": n / 1000, "verdict": "flagged" if n >= 1000 - FLAGGED else "passed"}
                for n in range(1000)
            ],
        )
        rows.ingest(database, tmp_path, "detectors", rows.detectors("d0"))
        yield database


@pytest.fixture
def sample(empty_workspace: Workspace, opened: Database) -> Selection:
    return take_sample(empty_workspace, opened, RecallRequest("live", sample=40, bins=2))


def label(database: Database, selection: Selection, misses: int) -> None:
    """Label all rows of the higher stratum, and half of the lower; the first few are misses."""
    sampled = read_selected(database, selection.selection_id)
    high = sampled.filter(stratum=1)["answer_id"].to_list()
    low = sampled.filter(stratum=0)["answer_id"].to_list()
    decisions = [
        Decision("label", answer_id=answer, label=ADVICE if number < misses else GENERAL)
        for number, answer in enumerate([*high, *low[: len(low) // 2]])
    ]
    record(database, "ann", decisions)


def add_patterns(database: Database, folder: Path) -> None:
    """Two labelled patterns of flagged rows: 60 are positive, 20 are not."""
    chosen = frame(SELECTED, [{"sample_id": f"r{n}"} for n in range(900, 980)], label=ADVICE)
    selection = select_observed(database, "live", "patterns", chosen, {"rows": "flagged"})
    answers = read_selected(database, selection)["answer_id"].to_list()
    found = rows.members({"c0": answers[:60], "c1": answers[60:]})
    rows.ingest(database, folder, "members", found)
    record(
        database,
        "ann",
        [
            Decision("label", cluster_id="c0", label=ADVICE),
            Decision("label", cluster_id="c1", label=GENERAL),
        ],
    )


def read(workspace: Workspace, database: Database, selection: Selection) -> Recall:
    return read_recall(workspace, database, GUARD, selection)


def test_misses_are_estimated_by_stratum_and_recall_by_the_patterns_precision(
    empty_workspace: Workspace, opened: Database, sample: Selection, tmp_path: Path
) -> None:
    label(opened, sample, misses=5)
    add_patterns(opened, tmp_path)
    found = read(empty_workspace, opened, sample)

    assert (found.flagged, found.unflagged, found.drawn) == (100, 900, 40)
    assert (found.misses, found.patterns) == (5, 2)
    assert [item.misses for item in found.strata] == [0, 5]
    share = estimate_share([Stratum(i.size, i.labelled, i.misses) for i in found.strata])
    precision = weighted_share([True, False], [60, 20])
    assert share is not None
    assert precision is not None
    assert found.per_10000 is not None
    assert found.per_10000.value == pytest.approx(10_000 * share.value)
    assert found.precision == precision
    assert found.recall is not None
    hits, misses = 100 * precision.value, 900 * share.value
    assert found.recall.value == pytest.approx(hits / (hits + misses))
    assert found.recall.low < found.recall.value < found.recall.high
    assert found.notes == ()


def test_nothing_is_estimated_before_each_stratum_has_a_label(
    empty_workspace: Workspace, opened: Database, sample: Selection
) -> None:
    found = read(empty_workspace, opened, sample)

    assert (found.labelled, found.per_10000, found.recall) == (0, None, None)
    assert found.notes[0].startswith("2 strata have no labelled row yet")
    assert "label patterns" in found.notes[1]


def test_few_misses_are_said_to_weaken_the_interval(
    empty_workspace: Workspace, opened: Database, sample: Selection
) -> None:
    label(opened, sample, misses=1)
    found = read(empty_workspace, opened, sample)

    assert found.notes[0].startswith("1 miss found, fewer than 4")
    assert found.per_10000 is not None
    assert found.per_10000.low < found.per_10000.value < found.per_10000.high


def test_rows_that_came_later_are_counted(
    empty_workspace: Workspace, opened: Database, sample: Selection
) -> None:
    rows.add_records(
        opened, "live", [{"record_id": "new", "text": "New.", "score": 0.1},
                         {"record_id": "none", "missing": "redacted"}],
    )  # fmt: skip
    found = read(empty_workspace, opened, sample)

    assert (found.unflagged, found.added, found.without_text) == (900, 1, 1)


def test_a_log_of_several_versions_says_that_figures_are_of_all(
    empty_workspace: Workspace, opened: Database, sample: Selection
) -> None:
    def notes() -> str:
        return " ".join(read_recall(empty_workspace, opened, GUARD, sample).notes)

    assert "versions" not in notes()
    rows.add_records(opened, "live", [{"record_id": "new", "guard_version": "2"}])
    assert "The log is of 2 guards or versions; these figures are of all together." in notes()
