"""Options of an import: which are refused, and what is remarked of the columns."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from store.errors import ImportRefused
from store.reading.options import ImportOptions
from store.reading.prepare import prepare
from store.reading.rows import FileRows, Record, Rejected
from tests.store.reading.test_prepare import LABELS, PLAIN, file_of


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            ImportOptions("d", (), label_column="label", label_for_all="health-advice"),
            "--label-all and --label contradict",
        ),
        (
            ImportOptions("d", (), label_column="label", label_map={"1": "advice"}),
            "'advice' is not a label of this task. Its labels are: health-advice, health-content",
        ),
        (ImportOptions("d", (), label_for_all="advice"), "'advice' is not a label of this task"),
        (ImportOptions("d", (), label_map={"1": "health-advice"}), "--map needs --label"),
        (
            ImportOptions("d", (), text_column="txet"),
            "no column 'txet'. Did you mean 'text'\\? Its columns are: text, label",
        ),
        (ImportOptions("d", (), label_column="zzz"), "no column 'zzz'. Its columns are: text"),
        (ImportOptions("d", (), id_column="zzz"), "no column 'zzz'"),
        (ImportOptions("d", (), group_column="zzz"), "no column 'zzz'"),
    ],
)
def test_wrong_options_are_refused_before_a_row_is_read(
    options: ImportOptions, message: str
) -> None:
    def read() -> Iterator[Record | Rejected]:
        raise AssertionError("a row was read")

    with pytest.raises(ImportRefused, match=message):
        prepare([FileRows("a.csv", ("text", "label"), (), read)], options, LABELS)


def test_without_a_text_column_the_names_that_exist_are_listed_shortened() -> None:
    file = file_of(columns=("663_3", "Please " * 20))
    with pytest.raises(ImportRefused, match=r"no column 'text': .* 663_3, Please .{30,35}…[.]"):
        prepare([file], PLAIN, LABELS)


def test_a_file_without_columns_is_refused_as_that() -> None:
    with pytest.raises(ImportRefused, match="It has no columns"):
        prepare([file_of(columns=())], PLAIN, LABELS)


def test_every_file_must_have_the_columns() -> None:
    files = [file_of({"text": "a"}), file_of({"sentence": "b"}, name="b", columns=("sentence",))]
    with pytest.raises(ImportRefused, match="b has no column 'text'"):
        prepare(files, PLAIN, LABELS)


@pytest.mark.parametrize("name", ["label", "Labels", "class", "category", "target"])
def test_a_column_called_like_labels_that_is_not_read_is_mentioned(name: str) -> None:
    file = file_of({"text": "a", name: "b"}, columns=["text", name])
    remark = f"a.csv: column '{name}' was not read; --label {name} takes it."
    assert prepare([file], PLAIN, LABELS).remarks == (remark,)
    for_all = replace(PLAIN, label_for_all="health-advice")
    assert prepare([file], for_all, LABELS).remarks == ()
