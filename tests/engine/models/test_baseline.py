"""Baselines made of the rows that their folder keeps."""

from pathlib import Path

import pytest

from engine.errors import ModelUnavailable, TrainingRefused
from engine.models.baseline import keep_rows, load_baseline
from engine.models.baseline_name import COSINE, CROSS_ENCODER, KNN, MAJORITY, TFIDF, BaselineName
from engine.models.detector import Verdict
from tests.engine.models.pair_rows import LABELS, OFF, ON, pair_rows
from tests.engine.stages.test_train import toy_rows
from tests.tiny import tiny_bert

ROWS = pair_rows(
    ("You answer questions on water.", "How much water?", ON),
    ("You answer questions on water.", "When does the train leave?", OFF),
    ("You answer questions on trains.", "How much water?", OFF),
    ("You answer questions on trains.", "When does the train leave?", ON),
)


@pytest.mark.parametrize(
    ("text", "kind", "model"),
    [
        (MAJORITY, MAJORITY, ""),
        ("baseline:cosine@hf:BAAI/bge-large-en-v1.5", COSINE, "hf:BAAI/bge-large-en-v1.5"),
        ("baseline:knn@path:/a@b", KNN, "path:/a@b"),
    ],
)
def test_a_name_is_a_kind_and_a_model(text: str, kind: str, model: str) -> None:
    assert BaselineName.parse(text) == BaselineName(kind, model)
    assert str(BaselineName(kind, model)) == text


def test_a_baseline_whose_rows_are_gone_is_refused_by_its_folder(tmp_path: Path) -> None:
    keep_rows(tmp_path, toy_rows(8))
    load_baseline(tmp_path, TFIDF, LABELS, seed=0)
    with pytest.raises(TrainingRefused, match="elsewhere"):
        load_baseline(tmp_path / "elsewhere", TFIDF, LABELS, seed=0)


def test_a_fit_is_kept_and_made_again_where_it_cannot_be_read(tmp_path: Path) -> None:
    base, folder = f"{COSINE}@path:{tiny_bert(tmp_path / 'encoder')}", tmp_path / "baseline"
    keep_rows(folder, ROWS.drop("is_positive"), {OFF})

    def ask() -> list[Verdict]:
        contexts = ["You answer questions on water."]
        return load_baseline(folder, base, LABELS, 0).classify(["Water?"], 8, contexts=contexts)

    first = ask()
    kept = (folder / "fit.json").read_text()
    (folder / "training_rows.parquet").rename(tmp_path / "rows")
    assert ask() == first
    (folder / "fit.json").write_text("{")
    with pytest.raises(TrainingRefused, match="are gone"):
        ask()
    (tmp_path / "rows").rename(folder / "training_rows.parquet")
    assert ask() == first
    assert (folder / "fit.json").read_text() == kept


def test_what_takes_long_is_noted_until_its_end(tmp_path: Path) -> None:
    base, noted = f"{KNN}@path:{tiny_bert(tmp_path / 'encoder')}", list[str]()
    keep_rows(tmp_path / "baseline", ROWS.drop("is_positive"), {OFF})
    load_baseline(tmp_path / "baseline", base, LABELS, 0, note=noted.append)
    assert noted == [f"fits baseline:knn with path:{tmp_path / 'encoder'}", ""]


def test_a_model_of_the_hub_cannot_be_had_without_a_network_and_the_way_out_is_said(
    tmp_path: Path,
) -> None:
    base = f"{CROSS_ENCODER}@hf:cross-encoder/stsb-roberta-base"
    with pytest.raises(ModelUnavailable, match=r"needs a network.*baseline:cross-encoder@path:FOL"):
        load_baseline(tmp_path, base, LABELS, 0)


def test_a_model_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable, match="path:/nowhere"):
        load_baseline(tmp_path, f"{COSINE}@path:/nowhere", LABELS, 0)
