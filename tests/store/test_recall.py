"""What was not flagged: the spread of its scores, samples of it, and their labels."""

from pathlib import Path

import polars as pl
import pytest

from store.database.connection import Database
from store.decisions import Decision, record
from store.flagging import Flagging, count_verdicts
from store.labels import set_labels
from store.observed import SELECTED, read_selected, select_observed
from store.recall import (
    ScoreRange,
    count_cells,
    draw_unflagged,
    read_flagged_patterns,
    read_sampled,
    read_score_range,
)
from store.schema import LIST_OF_FLOATS
from tests import rows
from tests.rows import LABELS, add_dataset, add_records, frame, ingest, members

ADVICE, CONTENT, GENERAL = LABELS
GUARD = Flagging("live", None, (ADVICE,))


@pytest.fixture
def live(database: Database) -> Database:
    """A hundred rows with scores from 0 to 0.99; from 0.9 on they are flagged."""
    add_records(
        database,
        "live",
        [
            {"score": number / 100, "verdict": "flagged" if number >= 90 else "passed"}
            for number in range(100)
        ],
    )
    return database


def test_rows_are_flagged_by_the_verdict_and_no_verdict_is_none(live: Database) -> None:
    add_records(
        live,
        "other",
        [
            {"record_id": "o0", "verdict": "failed", "score": 0.4},
            {"record_id": "o1", "verdict": None},
            {"record_id": "o2", "verdict": "flagged", "missing": "redacted"},
            {"record_id": "o3", "verdict": "passed", "score": 7.5},
        ],
    )

    found = count_verdicts(live, "other")
    assert (found.verdicts, found.scored, found.without_text) == (3, 2, 1)
    other = Flagging("other", None, (ADVICE,))
    assert read_score_range(live, other) == ScoreRange(0.0, 7.5, 0, 2)
    # The guard that failed gave no score that counts.
    assert count_cells(live, other, ScoreRange(0, 7.5, 0, 2))["cell"].to_list() == [999, None]
    assert read_score_range(live, GUARD) == ScoreRange(0.0, 1.0, 10, 90)


def test_cells_hold_all_that_was_not_flagged_by_score(live: Database) -> None:
    cells = count_cells(live, GUARD, ScoreRange(0, 1, 10, 90))

    assert cells["rows"].sum() == 90
    assert cells["cell"].max() == 890
    assert cells["score"].to_list() == sorted(number / 100 for number in range(90))


def test_a_detectors_evaluation_flags_from_its_threshold_on_or_as_predicted(
    live: Database, tmp_path: Path
) -> None:
    ingest(live, tmp_path, "detectors", rows.detectors("d1"))
    evaluated = rows.evaluation(
        [(f"r{n}", ADVICE, ADVICE if n >= 60 else GENERAL) for n in range(100)],
        detector_id="d1",
        dataset="live",
    ).with_columns(
        label=pl.lit(None, pl.String),
        probabilities=pl.Series([[n / 100, 0.0, 1 - n / 100] for n in range(100)]).cast(
            LIST_OF_FLOATS
        ),
    )
    ingest(live, tmp_path, "evaluation_rows", evaluated)
    predicted = Flagging("live", "e-d1-live", (ADVICE,))
    cut = Flagging("live", "e-d1-live", (ADVICE,), threshold=0.795)

    assert read_score_range(live, predicted).flagged == 40
    assert read_score_range(live, cut).flagged == 20
    by_detector = Flagging("live", None, (ADVICE,), scores="e-d1-live")
    assert read_score_range(live, by_detector).flagged == 10
    assert count_cells(live, by_detector, ScoreRange(0, 1, 10, 90))["rows"].sum() == 90


def test_samples_are_of_their_strata_and_smaller_ones_are_in_larger(live: Database) -> None:
    scores = ScoreRange(0, 1, 10, 90)
    small = draw_unflagged(live, GUARD, scores, [499, 999], [4, 6], seed=1)
    large = draw_unflagged(live, GUARD, scores, [499, 999], [20, 6], seed=1)
    other = draw_unflagged(live, GUARD, scores, [499, 999], [4, 6], seed=2)

    assert small["stratum"].value_counts().sort("stratum").rows() == [(0, 4), (1, 6)]
    numbers = {int(name[1:]): stratum for name, stratum, _ in small.rows()}
    assert all((number >= 50) == stratum and number < 90 for number, stratum in numbers.items())
    assert set(small["sample_id"]) < set(large["sample_id"])
    assert set(small["sample_id"]) != set(other["sample_id"])
    assert set(small["verdict"]) == {"passed"}


def test_rows_without_a_score_are_a_stratum_of_their_own(live: Database) -> None:
    add_records(live, "live", [{"record_id": "x", "text": "X", "verdict": "failed"}])
    found = draw_unflagged(live, GUARD, ScoreRange(0, 1, 10, 91), [999], [2, 2], seed=1)

    assert found.filter(stratum=1).rows() == [("x", 1, "failed")]


@pytest.fixture
def sampled(live: Database, tmp_path: Path) -> tuple[Database, str, list[str]]:
    """Four rows of a sample, of which two are in clusters of their own and two share one."""
    chosen = frame(SELECTED, [{"sample_id": f"r{n}", "stratum": n % 2} for n in range(4)])
    selection = select_observed(live, "live", "recall", chosen, {})
    answers = read_selected(live, selection)["answer_id"].to_list()
    ingest(live, tmp_path, "detectors", rows.detectors("d0"))
    clusters = {"c0": answers[:1], "c1": answers[1:2], "c2": answers[2:]}
    ingest(live, tmp_path, "members", members(clusters, label=GENERAL))
    return live, selection, answers


def test_only_a_label_of_the_very_text_counts(
    sampled: tuple[Database, str, list[str]],
) -> None:
    database, selection, _ = sampled
    decisions = [
        Decision("label", cluster_id="c0", label=ADVICE),
        Decision("unsure", cluster_id="c1"),
        Decision("label", cluster_id="c2", label=CONTENT),
    ]
    record(database, "ann", decisions)

    found = read_sampled(database, selection)
    assert found["label"].to_list() == [ADVICE, None, CONTENT, None]
    assert found["put_off"].to_list() == [False, True, False, False]
    assert found["shared"].to_list() == [False, False, False, True]
    assert found["stratum"].to_list() == [0, 1, 0, 1]


def test_a_label_that_came_with_the_row_counts_until_somebody_says_otherwise(
    sampled: tuple[Database, str, list[str]],
) -> None:
    database, selection, answers = sampled
    with database.write() as cursor:
        given = pl.DataFrame({"sample_id": ["r0", "r3"], "label": [CONTENT, CONTENT]})
        set_labels(cursor, given)
    record(database, "ann", [Decision("label", answer_id=answers[0], label=ADVICE)])

    assert read_sampled(database, selection)["label"].to_list() == [ADVICE, None, None, CONTENT]


def test_labelled_patterns_are_weighted_by_their_flagged_rows(
    database: Database, tmp_path: Path
) -> None:
    add_records(database, "live", [{"verdict": "flagged" if n < 5 else "passed"} for n in range(9)])
    chosen = frame(SELECTED, [{"sample_id": f"r{n}"} for n in range(9)])
    selection = select_observed(database, "live", "patterns", chosen, {"rows": "all"})
    answers = read_selected(database, selection)["answer_id"].to_list()
    ingest(database, tmp_path, "detectors", rows.detectors("d0"))
    clusters = {"c0": answers[:3], "c1": answers[3:7], "c2": answers[7:]}
    ingest(database, tmp_path, "members", members(clusters))
    labels = [("c0", ADVICE), ("c1", GENERAL), ("c2", ADVICE)]
    record(database, "ann", [Decision("label", cluster_id=c, label=label) for c, label in labels])

    assert read_flagged_patterns(database, GUARD).rows() == [(ADVICE, 3), (GENERAL, 2)]


def test_patterns_of_unsure_rows_say_nothing_of_all_flagged_ones(
    database: Database, tmp_path: Path
) -> None:
    add_dataset(database, "seeds", [], "seed")
    add_records(database, "live", [{"verdict": "flagged"}])
    chosen = frame(SELECTED, [{"sample_id": "r0"}])
    selection = select_observed(database, "live", "patterns", chosen, {"rows": "unsure"})
    answers = read_selected(database, selection)["answer_id"].to_list()
    ingest(database, tmp_path, "detectors", rows.detectors("d0"))
    ingest(database, tmp_path, "members", members({"c0": answers}))
    record(database, "ann", [Decision("label", cluster_id="c0", label=ADVICE)])

    assert read_flagged_patterns(database, GUARD).is_empty()
