"""Detectors, evaluations, counts and exports, on a store filled by hand."""

import json
from pathlib import Path

import polars as pl
import pytest

from store.counts import count_all
from store.database.connection import Database
from store.detectors import find_detector, initial_detector
from store.errors import StoreError, UnknownName
from store.evaluations import list_evaluations, unevaluated_detectors
from store.export import export_labels, export_pairs, export_predictions, write_frame
from tests import rows

ADVICE, CONTENT, GENERAL = rows.LABELS
SCORES = {"a-s0": 0.9, "a-s1": 0.7, "a-s2": 0.8, "a-s3": 0.6, "a-s4": 0.5, "a-s5": 0.7}


@pytest.fixture
def scored(labelled: Database, tmp_path: Path) -> Database:
    rows.ingest(labelled, tmp_path, "drift", rows.drift(SCORES, floor=0.4))
    return labelled


def test_detectors_are_found_by_name_or_id_and_the_newest_wins(
    labelled: Database, tmp_path: Path
) -> None:
    rows.ingest(labelled, tmp_path, "detectors", rows.detectors("t1", recipe="two-stage"), part=1)
    assert find_detector(labelled, "t").detector_id == "t1"
    initial = initial_detector(labelled)
    assert initial is not None
    assert initial.detector_id == "d0"
    with pytest.raises(UnknownName, match=r"no detector 'x'. Detectors: d0, t1"):
        find_detector(labelled, "x")


def test_an_evaluation_counts_label_against_prediction(labelled: Database, tmp_path: Path) -> None:
    found = [("b0", ADVICE, ADVICE), ("b1", ADVICE, CONTENT), ("b2", CONTENT, None)]
    samples = [(name, f"Text {name}.", label) for name, label, _ in found]
    rows.add_dataset(labelled, "bench", samples, "benchmark")
    judged = rows.evaluation(found, detector_id="d0", dataset="bench")
    rows.ingest(labelled, tmp_path, "evaluation_rows", judged)
    (evaluation,) = list_evaluations(labelled, "bench")
    assert evaluation.n == 3
    assert evaluation.confusion == {
        (ADVICE, ADVICE): 1, (ADVICE, CONTENT): 1, (CONTENT, None): 1
    }  # fmt: skip
    assert list_evaluations(labelled, "other") == []


def test_detectors_of_recipes_that_were_evaluated_on_nothing_are_named(
    labelled: Database, tmp_path: Path
) -> None:
    trained = rows.detectors("t1", "t2", recipe="two-stage")
    rows.ingest(labelled, tmp_path, "detectors", trained, part=1)
    assert unevaluated_detectors(labelled) == ("t1", "t2")
    rows.add_dataset(labelled, "bench", [("b0", "Text.", ADVICE)], "benchmark")
    evaluated = rows.evaluation([("b0", ADVICE, ADVICE)], detector_id="t1", dataset="bench")
    rows.ingest(labelled, tmp_path, "evaluation_rows", evaluated)
    assert unevaluated_detectors(labelled) == ("t2",)


def test_counts_agree_with_what_was_put_in(scored: Database) -> None:
    counts = count_all(scored)
    assert (counts.samples, counts.queries, counts.answers, counts.predictions) == (6, 6, 6, 6)
    assert (counts.clusters, counts.clusters_decided, counts.labels) == (2, 0, 0)


def test_exported_pairs_have_every_promised_column(scored: Database) -> None:
    found = export_pairs(scored, "c")
    assert found.columns == [
        "sample_id", "dataset", "seed_text", "seed_label", "query_id", "query", "answer_id",
        "answer", "predicted_label", "label", "label_origin", "bertscore_precision",
        "bertscore_recall", "bertscore_f1", "label_probability", "context", "source",
    ]  # fmt: skip
    assert found.height == 6
    assert found["predicted_label"].unique().to_list() == [ADVICE]
    assert export_pairs(scored, None)["bertscore_f1"].null_count() == 6
    assert export_labels(scored).is_empty()
    assert export_predictions(scored).is_empty()


@pytest.mark.parametrize("name", ["rows.parquet", "rows.jsonl", "rows.csv", "folder"])
def test_a_written_frame_reads_back_and_has_its_card(name: str, tmp_path: Path) -> None:
    frame = pl.DataFrame(
        {"text": ['a "quoted"\nline', "=1+1"], "shares": [[0.25, 0.75], [1.0, 0.0]]}
    )
    card = write_frame(frame, tmp_path / name, {"export": "rows"})
    assert json.loads(card.read_text()) == {
        "rows": 2, "columns": ["text", "shares"], "export": "rows"
    }  # fmt: skip
    assert _read(tmp_path / name)["text"].to_list() == frame["text"].to_list()


def _read(path: Path) -> pl.DataFrame:
    if path.suffix == "":
        from datasets import load_from_disk

        frame = load_from_disk(str(path)).to_polars()
        assert isinstance(frame, pl.DataFrame)
        return frame
    if path.suffix == ".parquet":
        return pl.read_parquet(path, glob=False)
    content = path.read_bytes()  # polars takes brackets in a path for a pattern
    return pl.read_ndjson(content) if path.suffix == ".jsonl" else pl.read_csv(content)


def test_nothing_that_exists_is_overwritten_and_unknown_formats_are_refused(
    tmp_path: Path,
) -> None:
    (tmp_path / "rows.csv").write_text("mine")
    with pytest.raises(StoreError, match="exists already"):
        write_frame(pl.DataFrame({"a": [1]}), tmp_path / "rows.csv", {})
    with pytest.raises(StoreError, match=r"'\.xlsx' is not a format"):
        write_frame(pl.DataFrame({"a": [1]}), tmp_path / "rows.xlsx", {})
    assert (tmp_path / "rows.csv").read_text() == "mine"
