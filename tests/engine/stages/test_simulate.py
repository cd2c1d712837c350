from pathlib import Path

import polars as pl

from engine.stages.simulate import SimulateParams, SimulateStage
from store.schema import SAMPLES
from tests import rows
from tests.engine.stages.test_predict import LABELS, add_detector
from tests.fakes import RecordedProgress, make_inputs, run_stage
from tests.tiny import tiny_bert

ROWS = 24


def simulate(tmp_path: Path, parts_done: int = 0) -> pl.DataFrame:
    samples = rows.frame(
        SAMPLES,
        [
            {
                "sample_id": f"s{number:02}",
                "dataset": "d",
                "text": f"Rest for {number} days" if number % 2 else f"The liver is {number}",
                "label": LABELS[number % 2],
            }
            for number in range(ROWS)
        ]
        + [{"sample_id": "s99", "dataset": "d", "text": " ", "label": LABELS[0]}],
    )
    encoder = tmp_path / "encoder"
    params = SimulateParams(
        detector_id="d1",
        encoder=f"path:{encoder if encoder.exists() else tiny_bert(encoder)}",
        keys=(4, 8),
        starts=2,
    )
    tables = {"samples": samples, "detectors": add_detector(tmp_path)}
    inputs = make_inputs(
        tmp_path, tables, stage="1-simulate", parts_done=parts_done, progress=RecordedProgress()
    )
    return run_stage(SimulateStage(), inputs, params)


def test_every_start_has_every_way_in_every_space(tmp_path: Path) -> None:
    found = simulate(tmp_path)

    ways = found.group_by("start", "embeddings", "keys").len()
    assert ways.height == 2 * 3 * 2
    assert set(ways["len"]) == {4}
    assert found["right"].is_between(0, 1).all()
    shares = found.select("rows", "detector_right").unique()
    assert shares.height == 1
    assert shares["rows"].item() == ROWS  # the blank one is left out


def test_a_resumed_simulation_goes_on_with_the_next_start(tmp_path: Path) -> None:
    complete = simulate(tmp_path / "complete")
    resumed = simulate(tmp_path / "resumed", parts_done=1)

    assert set(resumed["start"]) == {1}
    assert resumed.equals(complete.filter(pl.col("start") == 1))
    assert simulate(tmp_path / "ended", parts_done=2).is_empty()
