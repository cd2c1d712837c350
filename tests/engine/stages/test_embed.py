"""The stage on texts of a tiny encoder."""

from pathlib import Path

import polars as pl
import pytest

from engine.models.encoder import Encoder
from engine.stages.embed import EmbedParams, EmbedStage
from tests import rows
from tests.fakes import make_inputs, run_stage
from tests.tiny import tiny_bert

NAMES = [f"s{number}" for number in range(5)]
TEXTS = ["You could rest.", "Drink water", " \n", "Walk often, and sleep late", "Rest"]


@pytest.fixture(scope="module")
def encoder(tmp_path_factory: pytest.TempPathFactory) -> str:
    return f"path:{tiny_bert(tmp_path_factory.mktemp('bert'))}"


def answers(texts: list[str] = TEXTS) -> pl.DataFrame:
    return rows.answers(NAMES[: len(texts)]).with_columns(text=pl.Series(texts))


def test_every_answer_has_its_vector_of_length_one_and_a_blank_one_an_error(
    tmp_path: Path, encoder: str
) -> None:
    inputs = make_inputs(tmp_path, {"answers": answers()})
    found = run_stage(EmbedStage(), inputs, EmbedParams(encoder=encoder, part_rows=2))
    assert found["answer_id"].to_list() == [f"a-{name}" for name in NAMES]
    assert found["encoder"].unique().to_list() == [encoder]
    assert found["error"].to_list() == [None, None, "there is no text to embed", None, None]
    expected = Encoder(encoder, "cpu")
    for text, vector in zip(TEXTS, found["vector"], strict=True):
        if text.strip():
            assert vector.to_list() == pytest.approx(expected.embed([text])[0], abs=1e-5)
        else:
            assert vector is None


def test_answers_that_failed_and_answers_met_twice_take_no_row_of_their_own(
    tmp_path: Path, encoder: str
) -> None:
    failed = pl.when(pl.col("answer_id") == "a-s1").then(pl.lit("cut off"))
    given = pl.concat([answers(["Rest", "Walk"]).with_columns(error=failed), answers(["Rest"])])
    inputs = make_inputs(tmp_path, {"answers": given})
    found = run_stage(EmbedStage(), inputs, EmbedParams(encoder=encoder))
    assert found["answer_id"].to_list() == ["a-s0"]


def test_a_stage_whose_parts_are_all_there_loads_no_model(tmp_path: Path) -> None:
    inputs = make_inputs(tmp_path, {"answers": answers()}, parts_done=1)
    assert list(EmbedStage().run(inputs, EmbedParams(encoder="path:/nowhere"))) == []
