"""What speaks against a training."""

from pathlib import Path

import polars as pl
import pytest

from engine.training.curve import CurvePoint
from store.detectors import DetectorRow
from store.sources import TRAINING_ROWS
from tests import rows
from tests.tui.trained import keep_curve
from tui.services.results.training_doubts import (
    warn_of_losses,
    warn_of_positives,
    warn_of_rows,
)
from tui.services.workspace import Workspace

ADVICE, CONTENT, GENERAL = rows.LABELS


@pytest.fixture
def detector() -> DetectorRow:
    return DetectorRow(
        "d0", "two", "two-stage", "b", rows.LABELS, 10, 0, (0.5,), {}, rows.NOON, rows.JOB
    )


def training_rows(*counts: tuple[int, str, int]) -> pl.DataFrame:
    """So many rows of a stage and a label."""
    found = [
        {"stage": stage, "label": label} for stage, label, count in counts for _ in range(count)
    ]
    return rows.frame(TRAINING_ROWS, found)


def points(*losses: tuple[int, int, float | None]) -> list[CurvePoint]:
    """A step of ten rows for each stage, epoch and loss."""
    return [
        CurvePoint(stage, epoch, 1, 10, loss, 1e-4, float(number))
        for number, (stage, epoch, loss) in enumerate(losses)
    ]


def test_a_stage_with_few_rows_of_a_label_is_doubted_and_none_is_few() -> None:
    enough = [(0, label, 20) for label in rows.LABELS]
    found = training_rows(*enough, (1, ADVICE, 19), (1, CONTENT, 20))
    (warning,) = warn_of_rows(found, rows.LABELS)
    assert warning.startswith(f"Stage 2 has only 19 rows of {ADVICE}, 0 rows of {GENERAL}:")


def test_stages_with_rows_enough_are_not_doubted() -> None:
    assert warn_of_rows(training_rows(*[(0, name, 20) for name in rows.LABELS]), rows.LABELS) == ()


def test_a_later_stage_that_does_worse_than_guessing_is_doubted(
    imported_workspace: Workspace, detector: DetectorRow
) -> None:
    exploded = points((0, 0, 1.4), (0, 1, 0.3), (1, 0, 2.5), (1, 1, 0.9))
    keep_curve(imported_workspace, "d0", exploded)
    (warning,) = warn_of_losses(imported_workspace.path, [detector])
    assert "the loss of stage 2 reached 2.50, above 1.10" in warning
    assert "guessing among 3 labels" in warning


def test_a_first_stage_may_begin_high_and_a_later_one_stay_low(
    imported_workspace: Workspace, detector: DetectorRow
) -> None:
    calm = points((0, 0, 1.4), (0, 1, 0.3), (1, 0, 0.9), (1, 1, None))
    keep_curve(imported_workspace, "d0", calm)
    assert warn_of_losses(imported_workspace.path, [detector]) == ()


def test_without_a_curve_nothing_is_said(tmp_path: Path, detector: DetectorRow) -> None:
    assert warn_of_losses(tmp_path, [detector]) == ()


def sourced(source: str, **counts: int) -> pl.DataFrame:
    """So many rows of a source, advice or content."""
    labels = {"advice": ADVICE, "content": CONTENT}
    found = [
        {"item_id": f"{source}-{name}-{place}", "label": labels[name]}
        for name, count in counts.items()
        for place in range(count)
    ]
    return rows.frame(TRAINING_ROWS, found, source=source, stage=0)


def test_synthetic_rows_with_few_positives_are_doubted_beside_real_ones() -> None:
    real = sourced("real", advice=40, content=60)
    few, many = (sourced("synthetic", advice=count, content=90) for count in (10, 30))
    (warning,) = warn_of_positives(pl.concat([real, few, few]), {ADVICE})
    assert warning.startswith(
        "Of 100 synthetic rows only 10 (10 %) are positive, of the real ones 40"
    )
    assert warn_of_positives(pl.concat([real, many]), {ADVICE}) == ()
    assert warn_of_positives(few, {ADVICE}) == ()
    assert warn_of_positives(pl.concat([real, few.head(12)]), {ADVICE}) == ()
