"""Stage `speed`: a row for each detector and dataset, timed on the texts themselves."""

import weakref
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from engine.errors import ModelUnavailable
from engine.models.baseline import keep_rows
from engine.models.baseline_name import MAJORITY
from engine.stages.classify import ClassifyParams
from engine.stages.speed import SpeedParams, SpeedStage, draw_texts
from store.schema import SAMPLES, SPEEDS
from store.sources import TRAINING_ROWS
from tests.engine.stages.test_classify import params as judge_params
from tests.engine.stages.test_evaluate import SAMPLES_OF_TWO, pair_samples
from tests.engine.stages.test_predict import add_detector, add_pair_detector, detectors
from tests.fakes import FakeGenerator, RecordedProgress, make_inputs, run_stage
from tests.rows import stand_in
from tests.tiny import tiny_bart, tiny_llama


def test_detectors_are_timed_on_each_dataset(tmp_path: Path) -> None:
    add_detector(tmp_path, "d1")
    add_detector(tmp_path, "d2", tiny_bart)
    tables = {"detectors": detectors("d1", "d2"), "samples": SAMPLES_OF_TWO}
    params = SpeedParams(detector_ids=("d2", "d1", "d2"), batch_size=2)
    found = run_stage(SpeedStage(), make_inputs(tmp_path, tables), params)
    assert dict(found.schema) == dict(SPEEDS)
    assert found.select("detector_id", "dataset", "rows", "latency_rows", "batch_size").rows() == [
        ("d2", "a", 4, 4, 2), ("d2", "b", 3, 3, 2), ("d1", "a", 4, 4, 2), ("d1", "b", 3, 3, 2)
    ]  # fmt: skip
    assert (found["rows_per_second"] > 0).all()
    assert (found["latency_p95_ms"] >= found["latency_ms"]).all()
    assert found["device"].str.starts_with("cpu, ").all()


def test_a_baseline_is_timed_too_and_a_resumed_job_goes_on(tmp_path: Path) -> None:
    known = add_detector(tmp_path, "d1")
    fitted = detectors("b1").with_columns(
        base=pl.lit(MAJORITY), labels=pl.lit(["advice", "content"]), seed=pl.lit(0)
    )
    rows = pl.DataFrame([{"text": "Rest.", "label": "advice"}])
    keep_rows(
        tmp_path / "detectors" / "b1",
        rows.select(
            pl.col(name) if name in rows.columns else pl.lit(None, kind).alias(name)
            for name, kind in TRAINING_ROWS.items()
        ),
    )
    tables = {"detectors": pl.concat([known, fitted.cast(known.schema)]), "samples": SAMPLES_OF_TWO}
    params = SpeedParams(detector_ids=("d1", "b1"))
    progress = RecordedProgress()
    resumed = replace(make_inputs(tmp_path, tables), parts_done=1, progress=progress)
    (part,) = SpeedStage().run(resumed, params)
    assert part["detector_id"].to_list() == ["b1", "b1"]
    assert progress.total == progress.done == 2 * SAMPLES_OF_TWO.height


def test_the_same_few_texts_are_drawn_each_time_and_none_is_blank() -> None:
    rows = [
        (f"s{number}", "d", f"Text {number}." if number % 5 else " ", None, None)
        for number in range(50)
    ]
    samples = pl.DataFrame(rows, schema=dict(SAMPLES), orient="row")
    (drawn,) = draw_texts(samples, 7).values()
    assert len(set(drawn)) == 7
    assert " " not in {row.text for row in drawn}
    assert draw_texts(samples.reverse(), 7) == {"d": drawn}
    assert len(draw_texts(samples, 100)["d"]) == 40


def test_pairs_are_timed_with_their_contexts(tmp_path: Path) -> None:
    add_pair_detector(tmp_path, "bi-encoder")
    tables = {"detectors": detectors("d1"), "samples": pair_samples()}
    found = run_stage(
        SpeedStage(), make_inputs(tmp_path, tables), SpeedParams(detector_ids=("d1",))
    )
    assert found.select("dataset", "rows", "latency_rows").rows() == [("pairs", 5, 5)]
    drawn = draw_texts(tables["samples"], 9)["pairs"]
    assert {(row.text, row.context) for row in drawn} == set(
        pair_samples().select("text", "context").rows()
    )


def asked(model: str = "path:none") -> ClassifyParams:
    return judge_params(model, batch_rows=8)


def test_a_language_model_is_timed_after_detectors(tmp_path: Path) -> None:
    add_detector(tmp_path, "d1")
    model = f"path:{tiny_llama(tmp_path / 'llm')}"
    tables = {"detectors": detectors("d1"), "samples": SAMPLES_OF_TWO}
    timing = SpeedParams(detector_ids=("d1",), judges=(asked(model),))
    found = run_stage(SpeedStage(), make_inputs(tmp_path, tables), timing)
    assert found.select("detector_id", "dataset", "rows", "latency_rows", "batch_size").rows() == [
        ("d1", "a", 4, 4, 32), ("d1", "b", 3, 3, 32), ("j1", "a", 4, 4, 8), ("j1", "b", 3, 3, 8)
    ]  # fmt: skip
    assert (found["rows_per_second"] > 0).all()


@pytest.mark.parametrize(("largest", "fitted"), [(8, [8, 8]), (3, [2, 8]), (1, [1, 1])])
def test_a_language_model_is_timed_on_batches_that_fit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, largest: int, fitted: list[int]
) -> None:
    monkeypatch.setattr(ClassifyParams, "load", lambda *_: FakeGenerator(largest=largest))
    inputs = make_inputs(tmp_path, {"samples": SAMPLES_OF_TWO})
    found = run_stage(SpeedStage(), inputs, SpeedParams(judges=(asked(),)))
    assert found["batch_size"].to_list() == fitted  # of four texts, and of three


def test_a_language_model_without_room_for_a_single_text_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ClassifyParams, "load", lambda *_: FakeGenerator(largest=0))
    inputs = make_inputs(tmp_path, {"samples": SAMPLES_OF_TWO})
    with pytest.raises(ModelUnavailable, match="not even one text"):
        run_stage(SpeedStage(), inputs, SpeedParams(judges=(asked(),)))


def test_texts_that_a_language_model_cannot_read_are_not_timed(tmp_path: Path) -> None:
    judge = asked(f"path:{tiny_llama(tmp_path / 'llm')}")
    long = pl.DataFrame(
        [
            (f"l{number}", dataset, "word " * 500, None, None)
            for number, dataset in enumerate("aac")
        ],
        schema=dict(SAMPLES), orient="row",
    )  # fmt: skip
    inputs = make_inputs(tmp_path, {"samples": pl.concat([SAMPLES_OF_TWO, long])})
    found = run_stage(SpeedStage(), inputs, SpeedParams(judges=(judge,)))
    assert found.select("dataset", "rows").rows() == [("a", 4), ("b", 3)]  # of "c" nothing


def test_a_model_is_gone_before_the_next_is_loaded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[weakref.ref[FakeGenerator]] = []
    alive: list[int] = []

    def load(*_: object) -> FakeGenerator:
        alive.append(sum(generator() is not None for generator in made))
        generator = FakeGenerator()
        made.append(weakref.ref(generator))
        return generator

    monkeypatch.setattr(ClassifyParams, "load", load)
    inputs = make_inputs(tmp_path, {"samples": SAMPLES_OF_TWO})
    run_stage(SpeedStage(), inputs, SpeedParams(judges=(asked(), asked(), asked())))
    assert alive == [0, 0, 0]


def test_of_several_one_that_cannot_be_loaded_gives_no_rows(tmp_path: Path) -> None:
    add_detector(tmp_path, "d1")
    stand_in(tmp_path, "d2")
    tables = {"detectors": detectors("d1", "d2"), "samples": SAMPLES_OF_TWO}
    inputs = make_inputs(tmp_path, tables)
    params = SpeedParams(detector_ids=("d2", "d1"), may_leave_out=True)
    broken, whole = SpeedStage().run(inputs, params)
    assert broken.is_empty()
    assert whole["detector_id"].unique().to_list() == ["d1"]
