"""The stage `production`, with a tiny encoder."""

import json
from pathlib import Path

import polars as pl
import pytest

from engine.jobs.parts import list_parts
from engine.models.encoder import Encoder
from engine.stages.production import ProductionParams, ProductionStage, draw_sets
from store.drift_schema import COMPARED
from store.schema import SAMPLES
from tests import rows
from tests.fakes import RecordedProgress, make_inputs, run_stage
from tests.tiny import tiny_bert

SEEDS = {f"s{n}": f"A study of {n} patients found no effect of vitamin {n}." for n in range(30)}
VERBS = ("rest", "sleep", "walk", "swim", "read")
ANSWERS = {f"s{n}": f"You should {VERBS[n % 5]} for {n * 7 % 31} days!" for n in range(30)}
PRODUCTION = {f"p{n}": f"You should {VERBS[n % 5]} for {n * 11 % 37} days!" for n in range(40)}


def tables(
    seeds: dict[str, str] = SEEDS,
    answers: dict[str, str] = ANSWERS,
    production: dict[str, str] = PRODUCTION,
) -> dict[str, pl.DataFrame]:
    samples = [
        {"sample_id": item, "dataset": dataset, "text": text}
        for dataset, texts in (("seeds", seeds), ("real", production))
        for item, text in texts.items()
    ]
    texts = pl.Series("text", list(answers.values()), dtype=pl.String)
    return {
        "samples": rows.frame(SAMPLES, samples),
        "queries": rows.queries(list(answers)),
        "answers": rows.answers(list(answers)).with_columns(texts),
    }


@pytest.fixture(scope="module")
def params(tmp_path_factory: pytest.TempPathFactory) -> ProductionParams:
    folder = tiny_bert(tmp_path_factory.mktemp("bert"))
    return ProductionParams(datasets=("real",), encoder=f"path:{folder}")


def test_answers_that_read_like_production_are_harder_to_tell_than_their_seeds(
    tmp_path: Path, params: ProductionParams
) -> None:
    progress = RecordedProgress()
    inputs = make_inputs(tmp_path, tables(), progress=progress)
    found = run_stage(ProductionStage(), inputs, params)
    assert found.select("compared", "features", "matched").rows() == [
        (compared, features, matched)
        for compared in COMPARED
        for matched in (False, True)
        for features in ("embedding", "length")
    ]
    whole = found.filter(~pl.col("matched"))
    assert whole["n_compared"].to_list() == [30] * 4
    assert whole["n_production"].to_list() == [40] * 4
    assert whole["groups"].to_list() == [70] * 4  # an answer has the group of its seed
    seeds, _, answers, _ = whole["auc"]
    assert seeds == 1
    assert answers < seeds
    assert (found["low"] <= found["auc"]).all()
    assert (found["auc"] <= found["high"]).all()
    assert (progress.done, progress.total) == (60, 60)


def test_matched_rows_are_pairs_and_their_config_says_where_texts_were_cut(
    tmp_path: Path, params: ProductionParams
) -> None:
    found = run_stage(ProductionStage(), make_inputs(tmp_path, tables()), params)
    matched = found.filter(pl.col("matched") & (pl.col("compared") == "answers"))
    assert (matched["n_compared"] == matched["n_production"]).all()
    encoder = Encoder(params.encoder, "cpu")
    (cut,) = {json.loads(config)["cut_tokens"] for config in matched["config"]}
    assert cut <= max(encoder.count_tokens(list(PRODUCTION.values())))


def test_the_same_work_gives_the_same_rows_and_other_rows_another_id(
    tmp_path: Path, params: ProductionParams
) -> None:
    first, again, other = (
        run_stage(ProductionStage(), make_inputs(tmp_path / name, given), params)
        for name, given in (
            ("1", tables()),
            ("2", {name: frame.reverse() for name, frame in tables().items()}),
            ("3", tables(production=dict(list(PRODUCTION.items())[1:]))),
        )
    )
    assert first.equals(again)
    assert first["result_id"].n_unique() == first.height
    whole = ~pl.col("matched")  # which rows are matched may stay the same
    assert not set(first.filter(whole)["result_id"]) & set(other.filter(whole)["result_id"])


def test_a_resumed_stage_makes_only_the_part_that_is_missing(
    tmp_path: Path, params: ProductionParams
) -> None:
    whole = run_stage(ProductionStage(), make_inputs(tmp_path / "whole", tables()), params)
    inputs = make_inputs(tmp_path / "rest", tables(), parts_done=1)
    rest = run_stage(ProductionStage(), inputs, params)
    assert rest.equals(whole[4:])
    assert [path.stem for path in list_parts(inputs.stage_dir)] == ["00001"]


def test_sets_too_small_have_counts_and_no_figure(tmp_path: Path, params: ProductionParams) -> None:
    few = dict(list(PRODUCTION.items())[:9])
    found = run_stage(ProductionStage(), make_inputs(tmp_path, tables(production=few)), params)
    assert found["auc"].null_count() == found["low"].null_count() == 8
    assert found["n_production"][0] == 9
    none = run_stage(ProductionStage(), make_inputs(tmp_path / "none", tables(answers={})), params)
    assert none["n_compared"].to_list() == [0] * 8


def test_sets_hold_only_what_has_words_and_answers_share_the_group_of_their_seed(
    tmp_path: Path, params: ProductionParams
) -> None:
    seeds = {"s0": "Rest  well.", "s1": "rest well.", "s2": "Never answered."}
    given = tables(seeds, {"s0": "Sleep.", "s1": " \n"}, {"p0": "REST WELL.", "p1": "…"})
    given["samples"] = given["samples"].sample(fraction=1, shuffle=True, seed=1)
    drawn = draw_sets(make_inputs(tmp_path, given), params)
    assert drawn["answers"]["item_id"].to_list() == ["a-s0"]
    assert drawn["production"]["item_id"].to_list() == ["p0"]
    groups = {*drawn["answers"]["group"], *drawn["seeds"]["group"], *drawn["production"]["group"]}
    assert groups == {"rest well."}


def test_no_more_rows_are_drawn_than_asked_for(tmp_path: Path, params: ProductionParams) -> None:
    few = params.model_copy(update={"limit": 12})
    drawn = draw_sets(make_inputs(tmp_path, tables()), few)
    assert {name: frame.height for name, frame in drawn.items()} == dict.fromkeys(
        ("production", "seeds", "answers"), 12
    )
    assert {name.removeprefix("a-") for name in drawn["answers"]["item_id"]} == set(
        drawn["seeds"]["item_id"]
    )
