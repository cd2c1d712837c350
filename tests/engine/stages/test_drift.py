from pathlib import Path

import polars as pl
import pytest

from engine.stages.drift import DriftParams, DriftStage, config_hash, drift_config
from engine.stages.drift import shuffled_references as shuffled
from store.schema import SAMPLES
from tests import rows
from tests.fakes import RecordedProgress, make_inputs, run_stage
from tests.tiny import tiny_bert

LONG = "a long sentence about water " * 80


@pytest.fixture(scope="module")
def params(tmp_path_factory: pytest.TempPathFactory) -> DriftParams:
    folder = tiny_bert(tmp_path_factory.mktemp("bert"))
    return DriftParams(model=f"path:{folder}", layer=1, part_rows=3)


def tables(seeds: dict[str, str], answers: dict[str, str]) -> dict[str, pl.DataFrame]:
    samples = [
        {"sample_id": name, "dataset": name[0], "text": text} for name, text in seeds.items()
    ]
    texts = pl.Series("text", list(answers.values()), dtype=pl.String)
    return {
        "samples": rows.frame(SAMPLES, samples),
        "queries": rows.queries(list(answers)),
        "answers": rows.answers(list(answers)).with_columns(texts),
    }


SEEDS = {"a1": "Drink more water.", "a2": "The train is late.", "b1": "Sleep on your side."}
ANSWERS = {"a1": "You should drink water often.", "a2": "Trains can be late.", "b1": LONG}


def test_scores_equal_those_of_the_library(tmp_path: Path, params: DriftParams) -> None:
    from bert_score import BERTScorer

    found = run_stage(DriftStage(), make_inputs(tmp_path, tables(SEEDS, ANSWERS)), params)
    pairs = found.filter(pl.col("kind") == "pair").sort("answer_id")
    scorer = BERTScorer(
        model_type=params.model.removeprefix("path:"), num_layers=params.layer, device="cpu"
    )
    precision, recall, f1 = scorer.score(list(ANSWERS.values()), list(SEEDS.values()))
    assert pairs["precision"].to_list() == pytest.approx(precision.tolist(), abs=1e-5)
    assert pairs["recall"].to_list() == pytest.approx(recall.tolist(), abs=1e-5)
    assert pairs["f1"].to_list() == pytest.approx(f1.tolist(), abs=1e-5)


def test_each_answer_is_also_scored_against_another_seed_of_its_dataset(
    tmp_path: Path, params: DriftParams
) -> None:
    found = run_stage(DriftStage(), make_inputs(tmp_path, tables(SEEDS, ANSWERS)), params)
    floor = found.filter(pl.col("kind") == "floor").sort("answer_id")
    assert dict(floor.select("answer_id", "reference_id").rows()) == {"a-a1": "a2", "a-a2": "a1"}


def test_a_text_longer_than_the_model_reads_is_marked(tmp_path: Path, params: DriftParams) -> None:
    found = run_stage(DriftStage(), make_inputs(tmp_path, tables(SEEDS, ANSWERS)), params)
    marked = found.filter(pl.col("cut"))["answer_id"].to_list()
    assert marked == ["a-b1"]


def test_an_empty_answer_gets_a_score_and_a_failed_one_none(
    tmp_path: Path, params: DriftParams
) -> None:
    given = tables(SEEDS, {"a1": "", "a2": "It failed."})
    given["answers"] = given["answers"].with_columns(
        error=pl.when(pl.col("answer_id") == "a-a2").then(pl.lit("no"))
    )
    found = run_stage(DriftStage(), make_inputs(tmp_path, given), params)
    assert found["answer_id"].unique().to_list() == ["a-a1"]


def test_a_resumed_stage_scores_only_what_is_left(tmp_path: Path, params: DriftParams) -> None:
    whole = run_stage(DriftStage(), make_inputs(tmp_path / "w", tables(SEEDS, ANSWERS)), params)
    progress = RecordedProgress()
    inputs = make_inputs(tmp_path / "r", tables(SEEDS, ANSWERS), parts_done=1, progress=progress)
    (rest,) = DriftStage().run(inputs, params)
    assert rest.select("answer_id", "kind").rows() == whole.select("answer_id", "kind").rows()[3:]
    assert (progress.total, progress.done) == (5, 5)


def test_the_configuration_has_a_hash_that_changes_with_model_and_layer(
    params: DriftParams,
) -> None:
    other = params.model_copy(update={"layer": 2})
    assert config_hash(drift_config(params)) != config_hash(drift_config(other))
    same = params.model_copy(update={"part_rows": 99})
    assert config_hash(drift_config(params)) == config_hash(drift_config(same))


def test_shuffled_references_never_pair_an_answer_with_its_own_seed() -> None:
    own = pl.DataFrame(
        {
            "answer_id": [f"a{number}" for number in range(40)],
            "sample_id": [f"s{number // 4}" for number in range(40)],  # four answers a seed
            "dataset": ["d"] * 40,
        }
    )
    found = own.join(shuffled(own, seed=1), on="answer_id")
    assert found.height == 40
    assert found.filter(pl.col("sample_id") == pl.col("reference_id")).is_empty()
    assert shuffled(own, seed=1).equals(shuffled(own, seed=1))
    assert not shuffled(own, seed=1).equals(shuffled(own, seed=2))
