"""What is seen of a file before it is imported."""

from pathlib import Path

import pytest

from store.errors import ImportRefused
from tui.services.files.import_preview import count_labels, preview_file


def test_a_table_shows_its_columns_and_what_they_seem_to_be_for(tmp_path: Path) -> None:
    path = tmp_path / "My rows (2).csv"
    path.write_text("id,sentence,Label\n1,A long sentence.,yes\n2,Another one.,no\n")
    found = preview_file(f" {path} ")
    assert found.columns == ("id", "sentence", "Label")
    assert found.rows == (("1", "A long sentence.", "yes"), ("2", "Another one.", "no"))
    assert (found.text_column, found.label_column, found.dataset) == (
        "sentence", "Label", "my-rows-2"
    )  # fmt: skip
    assert found.numbered is not None
    assert found.numbered.columns == ("1", "2", "3")


def test_a_column_with_nothing_but_the_labels_of_the_task_is_taken_for_them(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_text(
        "id,sentence,kind,note\na,One text.,yes,no\nb,Two texts.,no,maybe\nc,Three.,,\n"
    )
    found = preview_file(str(path), ["yes", "no"])
    assert (found.text_column, found.label_column) == ("sentence", "kind")
    assert preview_file(str(path)).label_column is None


def test_a_table_without_a_header_can_be_read_by_numbers(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_text("7,The first row is data.\n8,The second as well.\n")
    numbered = preview_file(str(path)).numbered
    assert numbered is not None
    assert numbered.rows[0] == ("7", "The first row is data.")
    assert numbered.text_column == "2"


def test_a_first_row_with_a_long_text_looks_like_data(tmp_path: Path) -> None:
    path = tmp_path / "V1.4_rows.csv"
    path.write_text(f"7,{'A long text. ' * 5}\n8,Another.\n")
    found = preview_file(str(path))
    assert found.looks_headless
    assert found.dataset == "v1.4_rows"


def test_plain_text_has_one_column_and_no_numbers(tmp_path: Path) -> None:
    path = tmp_path / "texts.txt"
    path.write_text("One.\nTwo.\n")
    found = preview_file(str(path))
    assert (found.columns, found.text_column, found.label_column, found.numbered) == (
        ("text",), "text", None, None
    )  # fmt: skip


def test_rows_that_cannot_be_read_say_why(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text('{"text": "One."}\n{"text": \n{"text": "Two."}\n')
    assert [len(row) for row in preview_file(str(path)).rows] == [1, 1, 1]
    assert preview_file(str(path)).rows[1][0].startswith("line 2: ")


def test_a_huge_cell_is_cut(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text(f'{{"text": "{"x" * 100_000}"}}\n' * 2)
    assert len(preview_file(str(path)).rows[0][0]) == 300


@pytest.mark.parametrize("content", ["", "PK\x03\x04 workbook"])
def test_what_cannot_be_imported_is_refused_as_by_the_importer(
    tmp_path: Path, content: str
) -> None:
    path = tmp_path / "rows.csv"
    path.write_text(content)
    with pytest.raises(ImportRefused):
        preview_file(str(path))
    with pytest.raises(ImportRefused, match="does not exist"):
        preview_file(str(tmp_path / "nothing.csv"))


def test_values_of_labels_are_counted_most_frequent_first(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text(
        '{"text": "a", "label": 1}\n{"text": "b", "label": "x "}\n{"text": "c", "label": 1}\n'
        '{"text": "d", "label": null}\n{"text": "e", "label": {"of": 1}}\n'
    )
    found = count_labels(path, "label")
    assert found.counts == (("1", 2), ("x", 1))
    assert (found.rows, found.refused) == (5, 1)


def test_a_column_of_many_values_is_none_of_labels(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_text("text,label\n" + "".join(f"text {n},{n}\n" for n in range(100)))
    with pytest.raises(ImportRefused, match="more than 30 values"):
        count_labels(path, "label")
