"""What charts draw is what `--json` says: intervals, differences, curves, calibration."""

from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from store.database.connection import Database
from tests.commands import Commands
from tests.tui.evaluated import add_detectors, add_evaluation, make_evaluated
from tests.tui.screens.accuracy.conftest import BENCH, N
from tui.commands.encoding import encode
from tui.screens.accuracy.contestants import describe_signs, intervals_of, next_measure
from tui.screens.accuracy.desk import AccuracyDesk
from tui.screens.accuracy.intervals import draw_intervals
from tui.screens.accuracy.measure_rows import measure_columns, measure_row
from tui.screens.accuracy.pictures import DrawnCurve, calibration, precision_recall, roc
from tui.screens.accuracy.views import SHOWN_MEASURES, Subject
from tui.screens.accuracy.wording import describe_tests
from tui.services.results.comparison import compare_detectors
from tui.services.results.thresholds import keep_threshold
from tui.services.workspace import Workspace


@pytest.fixture
def subject(empty_workspace: Workspace, opened: Database, tmp_path: Path) -> Subject:
    """The benchmark with all that is known of it, and a baseline on it, too."""
    add_detectors(opened, tmp_path, "words", base="baseline:tfidf")
    add_evaluation(opened, tmp_path, "words", BENCH, make_evaluated(N, 1.0, drawn=9))
    desk = AccuracyDesk(empty_workspace, opened)
    first, *_ = datasets = desk.datasets()
    scores = desk.complete(desk.counted(first))
    return Subject(desk, datasets, first, first.detectors[0], scores=scores)


def json_of(subject: Subject, workspace: Workspace, database: Database) -> dict[str, Any]:
    found: dict[str, Any] = encode(compare_detectors(workspace, database, BENCH))
    return found


def with_measure(subject: Subject, measure: str) -> Subject:
    while subject.measure != measure:
        subject = Subject(
            subject.desk, subject.datasets, subject.dataset, subject.detector, subject.marked,
            measure=next_measure(subject), scores=subject.scores,
        )  # fmt: skip
    return subject


@pytest.mark.parametrize("measure", SHOWN_MEASURES)
def test_dots_and_whiskers_are_the_figures_of_json_the_best_first(
    subject: Subject, empty_workspace: Workspace, opened: Database, measure: str
) -> None:
    rows = {row["detector"]: row for row in json_of(subject, empty_workspace, opened)["rows"]}
    drawn = intervals_of(with_measure(subject, measure))
    assert {item.name for item in drawn.contestants} == set(rows)
    for item in drawn.contestants:
        row = rows[item.name]
        assert item.figure is not None
        assert item.figure.value == pytest.approx(100 * row[measure])
        low, high = row["intervals"][measure]
        assert item.figure.interval is not None
        assert list(item.figure.interval) == pytest.approx([100 * low, 100 * high])
        assert item.sign == ("■" if row["kind"] == "baseline" else "●")
    values = [item.figure.value for item in drawn.contestants if item.figure]
    lower_is_better = measure in ("fpr", "brier", "calibration_error")
    ordered = sorted(values, key=abs) if measure == "gap" else sorted(values)
    assert values == (ordered if lower_is_better or measure == "gap" else ordered[::-1])


def test_differences_to_the_marked_one_are_those_of_json(
    subject: Subject, empty_workspace: Workspace, opened: Database
) -> None:
    figures = encode(compare_detectors(empty_workspace, opened, BENCH, reference="alike"))
    alike = subject.dataset.find("alike")
    assert alike is not None
    against = subject.desk.against(subject.dataset, alike)
    compared = 0
    for pair in figures["pairs"]:
        for measure, found in pair["differences"].items():
            shown = against.difference(pair["first"], measure)
            assert shown is not None
            assert shown.value == pytest.approx(found["difference"])
            assert [shown.low, shown.high] == pytest.approx(found["intervals"]["difference"])
            compared += 1
    assert compared == 3 * 8
    assert against.difference("alike", "f1") is None


def test_a_marked_one_is_a_band_and_the_others_have_their_difference_in_the_table(
    subject: Subject,
) -> None:
    good = subject.dataset.find("good")
    assert good is not None
    marked = with_measure(
        Subject(subject.desk, subject.datasets, subject.dataset, good, good, scores=subject.scores),
        "f1",
    )
    scores = subject.scores
    assert scores is not None
    own = scores.scores_of("good")
    assert own is not None
    assert own.f1 is not None
    drawn = intervals_of(marked)
    assert drawn.band == (100 * own.f1.low, 100 * own.f1.high)
    lines = [line.plain for line in draw_intervals(drawn, 100, 20)]
    bands = [
        (line.index("░"), line.rindex("░")) for line in lines if "░" in line and "●" not in line
    ]
    assert len(set(bands)) == 1
    marked = replace(marked, against=subject.desk.against(subject.dataset, good))
    titles = [column.title for column in measure_columns(marked)]
    bad = scores.scores_of("bad")
    assert bad is not None
    cells = dict(zip(titles, measure_row(marked, scores, bad, 160), strict=True))
    assert str(cells["− ◆ (95 %)"]).startswith("-")
    assert float(str(cells["p"])) < 0.05
    assert "interval of ◆" in describe_signs(marked)
    tests = describe_tests(marked)
    assert tests.startswith("p by Holm over 3 tests; found in 8 of 10 cases: ")
    assert tests.endswith(" points")
    assert len(tests) <= 76
    assert describe_tests(replace(marked, against=None)) == ""


def test_charts_of_any_size_show_the_chosen_one_and_no_line_is_too_long(subject: Subject) -> None:
    drawn = intervals_of(subject.move(9))
    for width, height in ((156, 20), (78, 10), (78, 4), (40, 3)):
        lines = [line.plain for line in draw_intervals(drawn, width, height)]
        assert max(map(len, lines)) <= width
        assert len(lines) <= height
        assert sum("▸" in line for line in lines) == 1


def test_curves_are_those_of_json_and_meet_where_the_detector_flags(
    subject: Subject,
    empty_workspace: Workspace,
    opened: Database,
    capsys: pytest.CaptureFixture[str],
) -> None:
    from store.detectors import find_detector

    keep_threshold(empty_workspace, opened, find_detector(opened, "good"), 0.4, "by hand")
    detectors = [item for item in subject.dataset.detectors if item.detector in ("good", "bad")]
    curves = subject.desk.curves(subject.dataset, detectors)
    scores = subject.scores
    assert scores is not None
    drawn = []
    for sign, item in zip("◆1", detectors, strict=True):
        own = scores.scores_of(item.detector_id)
        assert own is not None
        drawn.append(DrawnCurve(sign, curves[item.detector_id], own))
    opened.close()
    run = Commands(empty_workspace.path, capsys)
    figures = [run.json("threshold", item.detector, "--on", BENCH) for item in detectors]
    first, precision = roc(drawn), precision_recall(drawn)
    for line, found in zip(first.lines, figures, strict=False):
        points = [(x["false_positive_rate"], x["recall"]) for x in reversed(found["curve"])]
        assert line.points == ((0.0, 0.0), *points)
    assert [line.sign for line in first.lines] == ["◆", "1", ""]
    assert len({line.dash for line in first.lines}) == 3
    flagged, by_label = first.spots
    at = figures[0]["at"]
    assert (flagged.x, flagged.y) == (at["false_positive_rate"], at["recall"])
    assert drawn[1].scores.fpr is not None
    assert by_label.x == drawn[1].scores.fpr.value
    area = drawn[0].scores.pr_auc
    assert area is not None
    steps = precision.lines[0].points
    drawn_area = sum((to[0] - own[0]) * own[1] for own, to in pairwise(steps))
    assert drawn_area == pytest.approx(area.value, abs=0.01)  # the curve is thinned
    share = figures[0]["curve"][0]["precision"]
    assert precision.lines[-1].points == ((0.0, share), (1.0, share))


def test_calibration_has_each_tenth_of_the_rows(subject: Subject) -> None:
    scores = subject.scores
    assert scores is not None
    own = scores.scores_of("bad")
    assert own is not None
    picture = calibration(own)
    assert [spot.x for spot in picture.spots] == [item.mean_probability for item in own.calibration]
    assert f"n = {N} in 10 bins of 30" in picture.key[0].text
