from pathlib import Path

import polars as pl
import pytest

from engine.stages.drift import (
    DriftParams,
    DriftStage,
    config_hash,
    drift_config,
    pair_with_others,
)
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
    found = run_stage(DriftStage(), make_inputs(tmp_path, tables(SEEDS, ANSWERS)), params)
    found = found.sort("answer_id")
    answers, seeds = list(ANSWERS.values()), list(SEEDS.values())
    queries = rows.queries(list(ANSWERS))["text"].to_list()
    for name, candidates, references in (
        ("answer_seed", answers, seeds), ("query_seed", queries, seeds),
        ("answer_query", answers, queries),
    ):  # fmt: skip
        assert_scores(found[name], library_scores(params, candidates, references))
    floor = found.filter(pl.col("answer_id") != "a-b1")
    for name, candidates, references in (
        ("answer_seed_floor", answers[:2], seeds[1::-1]),
        ("query_seed_floor", queries[:2], seeds[1::-1]),
        ("answer_query_floor", answers[:2], queries[1::-1]),
    ):
        assert_scores(floor[name], library_scores(params, candidates, references))


def library_scores(
    params: DriftParams, candidates: list[str], references: list[str]
) -> tuple[list[float], ...]:
    from bert_score import BERTScorer

    scorer = BERTScorer(
        model_type=params.model.removeprefix("path:"), num_layers=params.layer, device="cpu"
    )
    return tuple(column.tolist() for column in scorer.score(candidates, references))


def assert_scores(found: pl.Series, expected: tuple[list[float], ...]) -> None:
    for part, values in zip(("precision", "recall", "f1"), expected, strict=True):
        assert found.struct.field(part).to_list() == pytest.approx(values, abs=1e-5)


def test_the_floors_partner_is_another_answer_of_the_dataset(
    tmp_path: Path, params: DriftParams
) -> None:
    found = run_stage(DriftStage(), make_inputs(tmp_path, tables(SEEDS, ANSWERS)), params)
    partners = dict(found.select("answer_id", "floor_answer_id").rows())
    assert partners == {"a-a1": "a-a2", "a-a2": "a-a1", "a-b1": None}
    alone = found.filter(pl.col("answer_id") == "a-b1").row(0, named=True)
    assert alone["answer_seed_floor"] is alone["answer_query_floor"] is None


def test_a_text_longer_than_the_model_reads_is_marked(tmp_path: Path, params: DriftParams) -> None:
    found = run_stage(DriftStage(), make_inputs(tmp_path, tables(SEEDS, ANSWERS)), params)
    assert found.filter(pl.col("answer_cut"))["answer_id"].to_list() == ["a-b1"]
    assert not found["seed_cut"].any()
    assert not found["query_cut"].any()


def test_an_empty_answer_gets_a_score_and_a_failed_one_none(
    tmp_path: Path, params: DriftParams
) -> None:
    given = tables(SEEDS, {"a1": "", "a2": "It failed."})
    given["answers"] = given["answers"].with_columns(
        error=pl.when(pl.col("answer_id") == "a-a2").then(pl.lit("no"))
    )
    (found,) = run_stage(DriftStage(), make_inputs(tmp_path, given), params).to_dicts()
    assert found["answer_id"] == "a-a1"
    assert found["answer_seed"] == {"precision": 0.0, "recall": 0.0, "f1": 0.0}
    assert found["query_seed"]["f1"] > 0
    assert found["unmatched_answer"] == found["unmatched_seed"] == []


def test_words_that_match_worst_are_kept_with_their_place(
    tmp_path: Path, params: DriftParams
) -> None:
    seeds = {"a1": "drink more water every day", "a2": "sleep"}
    answers = {"a1": "  drink more water every day", "a2": "sleep"}
    found = run_stage(DriftStage(), make_inputs(tmp_path, tables(seeds, answers)), params)
    for row in found.to_dicts():
        for column, texts in (("unmatched_answer", answers), ("unmatched_seed", seeds)):
            text, (start, end) = texts[row["sample_id"]], row[column]
            assert text[start:end] in text.split()


def test_a_resumed_stage_scores_only_what_is_left(tmp_path: Path, params: DriftParams) -> None:
    params = params.model_copy(update={"part_rows": 2})
    whole = run_stage(DriftStage(), make_inputs(tmp_path / "w", tables(SEEDS, ANSWERS)), params)
    progress = RecordedProgress()
    inputs = make_inputs(tmp_path / "r", tables(SEEDS, ANSWERS), parts_done=1, progress=progress)
    (rest,) = DriftStage().run(inputs, params)
    assert rest.equals(whole[2:])
    assert (progress.total, progress.done) == (3, 3)


def test_the_configuration_has_a_hash_that_changes_with_model_and_layer(
    params: DriftParams,
) -> None:
    other = params.model_copy(update={"layer": 2})
    assert config_hash(drift_config(params)) != config_hash(drift_config(other))
    same = params.model_copy(update={"part_rows": 99})
    assert config_hash(drift_config(params)) == config_hash(drift_config(same))


def test_a_floors_partner_never_has_the_same_seed() -> None:
    texts = pl.DataFrame(
        {
            "answer_id": [f"a{number}" for number in range(40)],
            "sample_id": [f"s{number // 4}" for number in range(40)],  # four answers a seed
            "dataset": ["d"] * 40,
        }
    ).with_columns(query="answer_id", seed="sample_id")
    found = pair_with_others(texts, seed=1)
    assert sorted(found["answer_id"]) == sorted(texts["answer_id"])
    assert found.filter(pl.col("sample_id") == pl.col("floor_seed")).is_empty()
    assert found["floor_seed"].null_count() == 0
    assert found.filter(pl.col("floor_query") != pl.col("floor_answer_id")).is_empty()
    assert pair_with_others(texts, seed=1).equals(found)
    assert not pair_with_others(texts, seed=2).equals(found)
