from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from datasets import ClassLabel, Dataset, DatasetDict, Features, Value

from store.errors import ImportRefused
from store.reading.arrow import open_arrow, open_dataset, open_parquet
from store.reading.rows import Record

WANTED = frozenset(("text", "label", "split"))


def test_only_wanted_columns_of_a_parquet_file_are_read(tmp_path: Path) -> None:
    frame = pl.DataFrame({"text": ["a", None], "label": [1, 2], "embedding": [[0.5], [1.5]]})
    frame.write_parquet(tmp_path / "rows.parquet")
    rows = open_parquet(tmp_path / "rows.parquet", WANTED)
    assert rows.columns == ("text", "label", "embedding")
    assert list(rows.read()) == [
        Record(1, {"text": "a", "label": "1"}),
        Record(2, {"text": None, "label": "2"}),
    ]


def test_rows_are_numbered_over_all_batches(tmp_path: Path) -> None:
    pl.DataFrame({"text": ["a"] * 2500}).write_parquet(tmp_path / "rows.parquet")
    rows = open_parquet(tmp_path / "rows.parquet", WANTED)
    assert [row.line for row in rows.read()] == list(range(1, 2501))


@pytest.mark.parametrize("content", [b"PAR1 and nothing else", b"text\n"])
def test_a_file_that_is_no_parquet_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "rows.parquet").write_bytes(content)
    with pytest.raises(ImportRefused, match="not a readable Parquet file"):
        open_parquet(tmp_path / "rows.parquet", WANTED)


def test_a_parquet_file_with_damaged_pages_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "rows.parquet"
    pl.DataFrame({"text": [f"text {n}" for n in range(1000)]}).write_parquet(path)
    content = bytearray(path.read_bytes())
    content[4:400] = bytes(396)
    path.write_bytes(content)
    rows = open_parquet(path, WANTED)
    with pytest.raises(ImportRefused, match="is damaged"):
        list(rows.read())


def test_a_saved_dataset_is_read(tmp_path: Path) -> None:
    Dataset.from_dict({"text": ["a", "b"], "label": [0, 1], "unused": [1, 2]}).save_to_disk(
        tmp_path / "saved"
    )
    rows = open_dataset(tmp_path / "saved", WANTED)
    assert rows.columns == ("text", "label", "unused")
    assert list(rows.read()) == [
        Record(1, {"text": "a", "label": "0"}),
        Record(2, {"text": "b", "label": "1"}),
    ]


def test_a_dataset_that_was_filtered_before_saving_shows_only_what_is_left(tmp_path: Path) -> None:
    Dataset.from_dict({"text": ["a", "b", "c"]}).select([2, 0]).save_to_disk(tmp_path / "saved")
    rows = open_dataset(tmp_path / "saved", WANTED)
    assert [row.values["text"] for row in rows.read() if isinstance(row, Record)] == ["c", "a"]


def test_all_splits_are_read_in_their_order_and_named(tmp_path: Path) -> None:
    DatasetDict(
        {"train": Dataset.from_dict({"text": ["a"]}), "dev": Dataset.from_dict({"text": ["b"]})}
    ).save_to_disk(tmp_path / "saved")
    rows = open_dataset(tmp_path / "saved", WANTED)
    assert rows.columns == ("text", "split")
    assert list(rows.read()) == [
        Record(1, {"split": "train", "text": "a"}),
        Record(2, {"split": "dev", "text": "b"}),
    ]


def test_a_column_called_split_is_kept(tmp_path: Path) -> None:
    own = Dataset.from_dict({"text": ["a"], "split": ["own"]})
    DatasetDict({"train": own}).save_to_disk(tmp_path / "saved")
    rows = open_dataset(tmp_path / "saved", WANTED)
    assert list(rows.read()) == [Record(1, {"split": "own", "text": "a"})]


def test_the_meaning_of_class_labels_is_said(tmp_path: Path) -> None:
    features = Features({"text": Value("string"), "label": ClassLabel(names=["no", "yes"])})
    Dataset.from_dict({"text": ["a"], "label": [1]}, features).save_to_disk(tmp_path / "saved")
    rows = open_dataset(tmp_path / "saved", WANTED)
    assert list(rows.read()) == [Record(1, {"text": "a", "label": "1"})]
    assert rows.remarks == ("saved: the numbers in column 'label' stand for 0 = no, 1 = yes.",)
    assert rows.class_names == {"label": {"0": "no", "1": "yes"}}


@pytest.mark.parametrize("kind", ["parquet", "arrow"])
def test_single_files_of_datasets_know_their_class_labels_too(tmp_path: Path, kind: str) -> None:
    features = Features({"text": Value("string"), "label": ClassLabel(names=["no", "yes"])})
    saved = Dataset.from_dict({"text": ["a"], "label": [1]}, features)
    if kind == "parquet":
        saved.to_parquet(tmp_path / "rows")
        rows = open_parquet(tmp_path / "rows", WANTED)
    else:
        saved.save_to_disk(tmp_path / "saved")
        rows = open_arrow(next((tmp_path / "saved").glob("*.arrow")), WANTED)
    assert list(rows.read()) == [Record(1, {"text": "a", "label": "1"})]
    assert rows.class_names == {"label": {"0": "no", "1": "yes"}}


def test_an_arrow_file_is_read(tmp_path: Path) -> None:
    pl.DataFrame({"text": ["a", "b"], "other": [1, 2]}).write_ipc(tmp_path / "rows.feather")
    rows = open_arrow(tmp_path / "rows.feather", WANTED)
    assert [row.values for row in rows.read() if isinstance(row, Record)] == [
        {"text": "a"},
        {"text": "b"},
    ]


def test_values_that_python_does_not_have_come_as_text_or_cost_one_row(tmp_path: Path) -> None:
    table = pa.table(
        {
            "text": pa.StringArray.from_buffers(
                2, pa.array([0, 1, 3], pa.int32()).buffers()[1], pa.py_buffer(b"ab\xff")
            ),
            "label": pa.array([1, 1600000000123456789], pa.timestamp("ns")),
            "split": pa.array([1, 2], pa.timestamp("us", tz="Mars/Olympus")),
        }
    )
    pq.write_table(table, tmp_path / "rows.parquet")
    first, second = open_parquet(tmp_path / "rows.parquet", WANTED).read()
    assert isinstance(first, Record)
    assert isinstance(second, Record)
    assert second.values["text"] == "b\udcff"
    assert str(second.values["label"]).endswith(".123456789")
    assert (first.values["split"], second.values["split"]) == ("1", "2")


def test_the_first_of_columns_with_one_name_is_read_and_that_is_said(tmp_path: Path) -> None:
    table = pa.table([pa.array(["a"]), pa.array(["b"])], names=["text", "text"])
    pq.write_table(table, tmp_path / "rows.parquet")
    rows = open_parquet(tmp_path / "rows.parquet", WANTED)
    assert list(rows.read()) == [Record(1, {"text": "a"})]
    assert rows.remarks == ("rows.parquet: of the columns called 'text', the first is read.",)


def test_a_folder_that_is_no_dataset_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ImportRefused, match="no dataset that `save_to_disk` wrote"):
        open_dataset(tmp_path, WANTED)


@pytest.mark.parametrize("content", ["", "{}", '{"_data_files": 3}'])
def test_a_dataset_with_a_damaged_state_is_refused(tmp_path: Path, content: str) -> None:
    Dataset.from_dict({"text": ["a"]}).save_to_disk(tmp_path / "saved")
    (tmp_path / "saved" / "state.json").write_text(content)
    with pytest.raises(ImportRefused):
        open_dataset(tmp_path / "saved", WANTED)


def test_a_dataset_with_a_damaged_table_is_refused(tmp_path: Path) -> None:
    Dataset.from_dict({"text": ["a"]}).save_to_disk(tmp_path / "saved")
    next((tmp_path / "saved").glob("*.arrow")).write_bytes(b"cut")
    with pytest.raises(ImportRefused):
        open_dataset(tmp_path / "saved", WANTED)
