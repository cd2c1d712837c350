"""The stage on texts of a tiny encoder, beside the functions that it is made of."""

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from engine.models.encoder import Encoder
from engine.stages.distribution import DistributionParams, DistributionStage, draw_pairs
from engine.stages.embed import embed_answers
from engine.statistics.discrepancy import measure_discrepancy
from engine.statistics.diversity import share_distinct
from store.schema import SAMPLES
from store.words import cut_words, tokenise
from tests import rows
from tests.fakes import make_inputs, run_stage
from tests.tiny import tiny_bert

WORDS = ("water", "sleep", "train", "rest", "walk", "often", "late", "drink", "side", "day")


@pytest.fixture(scope="module")
def params(tmp_path_factory: pytest.TempPathFactory) -> DistributionParams:
    folder = tiny_bert(tmp_path_factory.mktemp("bert"))
    return DistributionParams(encoder=f"path:{folder}", limit=25)


def tables(seeds: int) -> dict[str, pl.DataFrame]:
    random = np.random.default_rng(0)
    names = [f"{'ab'[number % 2]}{number}" for number in range(seeds)]
    samples = [
        {"sample_id": name, "dataset": name[0], "text": " ".join(random.choice(WORDS, 4))}
        for name in names
    ]
    answers = pl.Series("text", [" ".join(random.choice(WORDS[:6], 12)) for _ in names])
    return {
        "samples": rows.frame(SAMPLES, samples),
        "queries": rows.queries(names),
        "answers": rows.answers(names).with_columns(answers),
        "vectors": rows.vectors({}),
    }


def test_figures_are_of_texts_as_they_are_and_of_texts_cut_to_equal_length(
    tmp_path: Path, params: DistributionParams
) -> None:
    inputs = make_inputs(tmp_path, tables(40))
    found = run_stage(DistributionStage(), inputs, params)
    assert found.select("dataset", "matched", "pairs").rows() == [
        (None, False, 25), (None, True, 25), ("a", False, 20), ("a", True, 20),
        ("b", False, 20), ("b", True, 20),
    ]  # fmt: skip
    pairs = draw_pairs(inputs, params.seed).filter(pl.col("dataset") == "b")
    seeds, answers = pairs["seed"].to_list(), pairs["answer"].to_list()
    encoder = Encoder(params.encoder, "cpu")
    cut = [cut_words(text, 4) for text in answers]
    assert {len(tokenise(text)) for text in cut} == {4}
    for row, texts in zip(found.rows(named=True)[4:], (answers, cut), strict=True):
        expected = measure_discrepancy(encoder.embed(seeds), encoder.embed(texts), params.seed)
        assert row["mmd2"]["value"] == pytest.approx(expected.mmd2.value, abs=1e-5)
        distinct = share_distinct([tokenise(text) for text in texts])
        assert distinct is not None
        assert row["answers_distinct_2"]["value"] == pytest.approx(distinct.value)


def test_answers_that_have_a_vector_are_not_embedded_again(
    tmp_path: Path, params: DistributionParams
) -> None:
    given = tables(12)
    encoder = Encoder(params.encoder, "cpu")
    texts = dict(given["answers"].select("answer_id", "text").rows())
    first, second, third = list(texts)[:3]
    stored = {first: encoder.embed([texts[first]])[0], second: -encoder.embed([texts[second]])[0]}
    given["vectors"] = rows.vectors(stored, encoder=params.encoder)
    ids = pl.Series([third, second, first])
    found = embed_answers(ids, [texts[name] for name in ids], given["vectors"], encoder)
    assert found[0] == pytest.approx(encoder.embed([texts[third]])[0], abs=1e-5)
    assert found[1].tolist() == stored[second].tolist()
    assert found[2].tolist() == stored[first].tolist()
    measured = run_stage(DistributionStage(), make_inputs(tmp_path / "stored", given), params)
    fresh = {**given, "vectors": rows.vectors({})}
    expected = run_stage(DistributionStage(), make_inputs(tmp_path / "fresh", fresh), params)
    assert measured["mmd2"][0] != expected["mmd2"][0]  # texts as they are
    assert measured["mmd2"][1] == expected["mmd2"][1]  # texts that were cut


def test_a_few_pairs_have_no_figure(tmp_path: Path, params: DistributionParams) -> None:
    found = run_stage(DistributionStage(), make_inputs(tmp_path, tables(8)), params)
    assert found["pairs"].to_list() == [8, 8, 4, 4, 4, 4]
    for name in ("mmd2", "seeds_distinct_2", "answers_near_duplicates", "mmd2_p", "clusters"):
        assert found[name].null_count() == found.height


def test_one_answer_of_a_seed_is_drawn_and_only_if_both_have_words(tmp_path: Path) -> None:
    given = tables(4)
    twice = given["answers"].with_columns(answer_id=pl.col("answer_id") + "-again")
    blank = twice.with_columns(text=pl.lit(" … "), answer_id=pl.col("answer_id") + "-blank")
    given["answers"] = pl.concat([given["answers"], twice, blank])
    pairs = draw_pairs(make_inputs(tmp_path, given), seed=0)
    assert pairs.height == 4
    assert not pairs["answer_id"].str.contains("blank").any()
