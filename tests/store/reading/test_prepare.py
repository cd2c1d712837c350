import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from store.errors import ImportRefused
from store.ids import row_id, text_digest
from store.reading.csv_form import open_delimited
from store.reading.files import read_file
from store.reading.options import ImportOptions
from store.reading.prepare import (
    IMPORTED,
    FileCounts,
    PreparedImport,
    prepare,
)
from store.reading.rejects import REJECTS, write_rejects
from store.reading.rows import Cell, FileRows, Record, Rejected

LABELS = ("health-advice", "health-content", "general-content")
PLAIN = ImportOptions("seeds", ("seed",))
LABELLED = ImportOptions("seeds", ("seed",), label_column="label")


def file_of(
    *values: Mapping[str, Cell], name: str = "a.csv", columns: Sequence[str] = ("text", "label")
) -> FileRows:
    def read() -> Iterator[Record | Rejected]:
        yield from (Record(number, row) for number, row in enumerate(values, start=2))

    return FileRows(name, tuple(columns), (), read)


def prepared(*values: Mapping[str, Cell], options: ImportOptions = PLAIN) -> PreparedImport:
    return prepare([file_of(*values)], options, LABELS)


def reasons(result: PreparedImport) -> list[str]:
    return result.rejects["reason"].to_list()


def test_a_sample_carries_where_it_comes_from() -> None:
    options = ImportOptions(
        "seeds", ("seed",), label_column="label", id_column="id", group_column="doc",
        dimension_columns=("tone", "place"),
    )  # fmt: skip
    row = {"text": " Drink. ", "label": "health-advice", "id": "7", "doc": "d1", "tone": " kind "}
    file = file_of(row, columns=("text", "label", "id", "doc", "tone", "place"))
    samples = prepare([file], options, LABELS).samples
    assert samples.schema == pl.Schema(IMPORTED)
    assert samples.to_dicts() == [
        {
            "sample_id": row_id("sample", "seeds", " Drink. ", "health-advice", 0),
            "dataset": "seeds",
            "text": " Drink. ",
            "context": None,
            "text_hash": text_digest(" Drink. "),
            "label": "health-advice",
            "external_id": "7",
            "group_key": "d1",
            "source": "a.csv",
            "line": 2,
            "dimensions": [{"dimension": "tone", "value": "kind"}],
        }
    ]


def test_an_empty_id_or_group_is_none() -> None:
    options = ImportOptions("seeds", ("seed",), id_column="label")
    assert prepared({"text": "a", "label": ""}, options=options).samples["external_id"][0] is None


def test_equal_rows_are_all_kept_and_counted_over_all_files() -> None:
    files = [
        file_of({"text": "a"}, {"text": "a"}, name="one.csv"),
        file_of({"text": "a"}, {"text": "b"}, {"text": " "}, name="two.csv"),
    ]
    result = prepare(files, PLAIN, LABELS)
    assert result.samples["text"].to_list() == ["a", "a", "a", "b"]
    assert result.samples["sample_id"].n_unique() == 4
    assert result.counts == (
        FileCounts("one.csv", read=2, taken=2, rejected=0, duplicates=1),
        FileCounts("two.csv", read=3, taken=2, rejected=1, duplicates=1),
    )


def test_equal_texts_with_other_labels_are_duplicates_with_the_same_occurrence() -> None:
    result = prepared(
        {"text": "a", "label": "health-advice"},
        {"text": "a", "label": "health-content"},
        options=LABELLED,
    )
    assert result.samples["sample_id"].to_list() == [
        row_id("sample", "seeds", "a", label, 0) for label in ("health-advice", "health-content")
    ]
    assert result.counts[0].duplicates == 1


def test_equal_labelled_rows_have_ids_of_their_own() -> None:
    row = {"text": "a", "label": "health-advice"}
    assert prepared(row, row, options=LABELLED).samples["sample_id"].n_unique() == 2


def test_ids_do_not_depend_on_the_rows_in_between() -> None:
    alone = prepared({"text": "a"}, {"text": "a"}).samples["sample_id"].to_list()
    mixed = prepared({"text": "a"}, {"text": "b"}, {"text": "a"}).samples["sample_id"].to_list()
    assert [mixed[0], mixed[2]] == alone


def test_the_same_rows_in_a_later_import_have_the_same_ids() -> None:
    first = prepared({"text": "a"}, {"text": "a"}).samples["sample_id"].to_list()
    grown = prepared({"text": "a"}, {"text": "a"}, {"text": "b"}).samples["sample_id"].to_list()
    assert grown[:2] == first


def test_texts_that_differ_by_quotes_and_spaces_around_them_are_mentioned() -> None:
    rows = ({"text": text} for text in ("a", '" a "', "a ", "b"))
    result = prepare([file_of(*rows, columns=["text"])], PLAIN, LABELS)
    assert result.counts[0].duplicates == 0
    assert result.remarks == ("Repeated but for spaces and quotation marks around it: 2 texts.",)


def test_labels_go_through_the_map_without_the_spaces_around_them() -> None:
    options = ImportOptions(
        "seeds",
        ("seed",),
        label_column="label",
        label_map={"0": "health-content", " 1 ": "health-advice"},
    )
    rows = [{"text": "a", "label": raw} for raw in (" 0", "1", "health-advice", "", "  ", None)]
    result = prepared(*rows, options=options)
    assert result.samples["label"].to_list() == [
        "health-content",
        "health-advice",
        "health-advice",
        None,
        None,
        None,
    ]


def test_an_unknown_label_is_rejected_with_the_way_out() -> None:
    result = prepared({"text": "a", "label": "very bad"}, {"text": "b"}, options=LABELLED)
    assert result.samples["text"].to_list() == ["b"]
    assert result.rejects.schema == pl.Schema(REJECTS)
    assert result.rejects.to_dicts() == [
        {
            "file": "a.csv",
            "line": 2,
            "reason": "unknown label 'very bad': say what it means with --map 'very bad=LABEL'",
            "raw": '{"text": "a", "label": "very bad"}',
        }
    ]


def test_without_a_label_column_nothing_is_labelled() -> None:
    assert prepared({"text": "a", "label": "health-advice"}).samples["label"].to_list() == [None]


def test_one_label_can_be_given_to_all_rows() -> None:
    options = ImportOptions("seeds", ("seed",), label_for_all="general-content")
    result = prepared({"text": "a", "label": "whatever"}, options=options)
    assert result.samples["label"].to_list() == ["general-content"]


def test_a_map_key_that_no_row_has_is_mentioned() -> None:
    options = ImportOptions(
        "seeds", ("seed",), label_column="label", label_map={"2": "health-advice"}
    )
    result = prepared({"text": "a", "label": "health-content"}, options=options)
    assert result.remarks == ("--map 2=health-advice: no row has the label '2'.",)


@pytest.mark.parametrize("text", [None, "", " \n\t", "\u00a0\u2003"])
def test_an_empty_text_is_rejected(text: str | None) -> None:
    assert reasons(prepared({"text": text}, {"text": "a"})) == ["empty text"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("a\0b", "column 'text' contains a NUL character"),
        ("half \ud83d", "column 'text' contains bytes that are no character"),
        ("cut \udcc3", "column 'text' contains bytes that are no character"),
        (
            ["a"],
            "column 'text' holds a list or an object; unnest it into a column of text",
        ),
        (
            {"a": "b"},
            "column 'text' holds a list or an object; unnest it into a column of text",
        ),
    ],
)
def test_a_text_that_cannot_be_stored_is_rejected(text: Cell, reason: str) -> None:
    result = prepared({"text": text}, {"text": "a"})
    assert reasons(result) == [reason]
    assert result.samples.height == 1
    result.rejects.to_arrow()


def test_what_is_in_unused_columns_does_not_matter() -> None:
    assert prepared({"text": "a", "label": ["\ud83d"]}).rejects.is_empty()


def test_used_columns_must_be_storable_too() -> None:
    options = ImportOptions("seeds", ("seed",), group_column="label")
    assert reasons(prepared({"text": "a", "label": ["x"]}, options=options)) == [
        "column 'label' holds a list or an object; unnest it into a column of text"
    ]


def test_texts_are_kept_exactly() -> None:
    texts = [
        " a ",
        '"quoted"',
        "e\u0301",
        "\u00e9",
        "\x1b[31mred",
        "a\x85b",
        "line\r\nline",
        "\ufeffa",
    ]
    assert prepared(*({"text": text} for text in texts)).samples["text"].to_list() == texts


def test_what_the_reader_rejected_is_kept_in_order_with_what_is_rejected_here() -> None:
    def read() -> Iterator[Record | Rejected]:
        yield Record(2, {"text": " "})
        yield Rejected(3, "the row is damaged", "raw \udcff")
        yield Record(4, {"text": "a"})

    result = prepare([FileRows("a.csv", ("text",), ("a remark",), read)], PLAIN, LABELS)
    assert result.rejects.rows() == [
        ("a.csv", 2, "empty text", '{"text": " "}'),
        ("a.csv", 3, "the row is damaged", "raw \\udcff"),
    ]
    assert result.counts == (FileCounts("a.csv", read=3, taken=1, rejected=2, duplicates=0),)
    assert result.remarks == ("a remark",)


def test_a_file_without_rows_is_refused() -> None:
    with pytest.raises(ImportRefused, match=r"a\.csv holds no rows"):
        prepared()


def test_a_file_name_that_is_no_unicode_is_shown_escaped() -> None:
    result = prepare([file_of({"text": "a"}, name="caf\udce9.csv")], PLAIN, LABELS)
    assert result.samples["source"].to_list() == ["caf\\udce9.csv"]


def test_files_with_and_without_header_in_two_encodings_make_one_import(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes('id,text,label\n1,"Café, s’il",0\n'.encode())
    (tmp_path / "b.csv").write_bytes("2,Thé vert,1\n3,Café,0\n".encode("latin-1"))
    options = ImportOptions("seeds", ("seed",), text_column="2", id_column="1")
    files = [read_file(tmp_path / name, options.named_columns) for name in ("a.csv", "b.csv")]
    result = prepare(files, options, LABELS)
    assert result.samples["text"].to_list() == ["Café, s’il", "Thé vert", "Café"]
    assert result.samples["external_id"].to_list() == ["1", "2", "3"]
    assert len(result.remarks) == 3


def test_a_label_in_a_list_of_one_is_that_label() -> None:
    rows: list[dict[str, Cell]] = [
        {"text": "a", "label": ["health-advice"]},
        {"text": "b", "label": []},
        {"text": "c", "label": ["health-advice", "health-content"]},
        {"text": "d", "label": ["health-content", "health-content", None]},
    ]
    result = prepared(*rows, options=LABELLED)
    assert result.samples["label"].to_list() == ["health-advice", None, "health-content"]
    assert "2 labels (health-advice, health-content); a row has one label" in reasons(result)[0]


def test_the_numbers_of_class_labels_count_as_their_names() -> None:
    names = {"label": {"0": "no", "1": "health-advice", "2": "health-content"}}
    values = [{"text": number, "label": number} for number in "0122"]
    file = replace(file_of(*values), class_names=names)
    result = prepare([file], LABELLED, LABELS)
    assert result.samples["label"].to_list() == ["health-advice", *["health-content"] * 2]
    assert reasons(result) == ["unknown label '0' (no): say what it means with --map 0=LABEL"]
    mapped = replace(LABELLED, label_map={"no": "general-content", "2": "health-advice"})
    assert prepare([file], mapped, LABELS).samples["label"].to_list() == [
        "general-content", "health-advice", "health-advice", "health-advice",
    ]  # fmt: skip


CHAT: Cell = [
    {"role": "user", "content": "May I run?"},
    {"role": "assistant", "content": "Yes."},
]


def test_the_text_of_a_chat_is_the_last_turn_of_who_is_asked_for() -> None:
    file = file_of({"messages": CHAT}, {"messages": []}, columns=["messages"])
    result = prepare([file], PLAIN, LABELS)
    assert result.samples["text"].to_list() == ["Yes."]
    assert result.remarks == (
        "a.csv: of the chats in column 'messages', the text is what the assistant said last; "
        "--turn user takes the user's.",
    )
    asked = replace(PLAIN, text_column="messages", turn="user")
    assert prepare([file], asked, LABELS).samples["text"].to_list() == ["May I run?"]


def test_a_chat_without_such_a_turn_is_rejected() -> None:
    file = file_of({"messages": [CHAT[0]]}, columns=["messages"])  # type: ignore[index]
    assert reasons(prepare([file], PLAIN, LABELS)) == [
        "the chat in column 'messages' has no text of the assistant"
    ]


def test_rejects_can_be_imported_as_they_are(tmp_path: Path) -> None:
    values: list[dict[str, Cell]] = [
        {"text": "a", "label": "advice"},
        {"text": "=b", "label": ["x", "y"]},
        {"text": "c"},
    ]
    broken = Rejected(9, "the row has 3 columns, the first row has 2", "d,e,f")
    first = prepared(*values, options=LABELLED)
    rejects = pl.concat(
        [
            first.rejects,
            pl.DataFrame([("a.csv", 9, broken.reason, broken.raw)], REJECTS, orient="row"),
        ]
    )
    for name in ("rejects.csv", "rejects.jsonl"):
        write_rejects(tmp_path / name, rejects)
        mapped = replace(LABELLED, label_map={"advice": "health-advice"})
        again = prepare([read_file(tmp_path / name, mapped.named_columns)], mapped, LABELS)
        assert again.samples.select("text", "label").rows() == [("a", "health-advice")]
        assert again.rejects["raw"].to_list() == rejects["raw"].to_list()[1:]


REJECTED = pl.DataFrame(
    [("a.csv", 2, "empty text", '=cmd|" /c calc"!A1\n\x1b[31m, é')], REJECTS, orient="row"
)


def test_rejects_are_written_unchanged_as_json_lines(tmp_path: Path) -> None:
    write_rejects(tmp_path / "rejects.jsonl", REJECTED)
    (line,) = (tmp_path / "rejects.jsonl").read_text("utf-8").splitlines()
    assert json.loads(line) == REJECTED.to_dicts()[0]


def test_rejects_open_in_a_spreadsheet_and_run_no_formula(tmp_path: Path) -> None:
    write_rejects(tmp_path / "rejects.csv", REJECTED)
    assert (tmp_path / "rejects.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    (row,) = open_delimited(tmp_path / "rejects.csv").read()
    assert isinstance(row, Record)
    assert row.values["raw"] == "'" + REJECTED["raw"][0]


def test_no_rejects_are_an_empty_file(tmp_path: Path) -> None:
    write_rejects(tmp_path / "rejects.jsonl", REJECTED.clear())
    assert (tmp_path / "rejects.jsonl").read_bytes() == b""


def paired(*values: Mapping[str, Cell], **named: str) -> PreparedImport:
    options = replace(LABELLED, is_pair=True, context_column=named.get("context"))
    columns = ("text", named.get("context", "context"), "label")
    return prepare([file_of(*values, columns=columns)], options, LABELS)


def test_pairs_with_one_text_in_two_contexts_are_two_samples() -> None:
    rows = [
        {"context": place, "text": "Thanks!", "label": "health-advice"}
        for place in ("Here.", "There.")
    ]
    found = paired(*rows)
    assert found.samples["context"].to_list() == ["Here.", "There."]
    assert found.samples["text_hash"].n_unique() == found.samples["sample_id"].n_unique() == 2
    assert found.counts[0].duplicates == 0


def test_a_pair_without_a_context_is_kept_with_its_reason() -> None:
    contexts = (" ", "Be kind.")
    found = paired(
        *({"system": context, "text": "Hi.", "label": None} for context in contexts),
        context="system",
    )
    assert reasons(found) == ["empty context in column 'system'; --pair-with draws one"]
    assert found.samples.height == 1


def test_a_file_of_pairs_without_contexts_names_the_option() -> None:
    with pytest.raises(ImportRefused, match="--context"):
        prepare([file_of({"text": "Hi."})], replace(PLAIN, is_pair=True), LABELS)


def test_a_context_is_refused_where_samples_are_single_texts() -> None:
    with pytest.raises(ImportRefused, match="single texts"):
        prepared({"text": "Hi."}, options=replace(PLAIN, context_column="system"))


def test_rows_without_a_context_get_one_and_others_keep_their_own() -> None:
    options = replace(PLAIN, is_pair=True, pair_with="made", pair_seed=3)
    values = [{"context": "Own.", "text": "a"}, {"context": "", "text": "b"}, {"text": "b"}]
    file = file_of(*values, columns=("context", "text"))
    found = prepare([file], options, LABELS, ["Here.", "There."])
    own, *drawn = found.samples["context"].to_list()
    assert own == "Own."
    assert set(drawn) <= {"Here.", "There."}
    assert found.rejects.is_empty()
    assert found.remarks[0].startswith("Drawn from made with seed 3: the contexts of 2 rows")
    bare = prepare([file_of({"text": "b"}, {"text": "b"}, columns=("text",))], options, LABELS,
                   ["Here.", "There."])  # fmt: skip
    assert bare.samples["context"].to_list() == drawn
    assert prepare([], options, LABELS, ["Here."]).remarks == ()


def test_contexts_are_not_drawn_where_samples_are_single_texts() -> None:
    with pytest.raises(ImportRefused, match="--pair-with is for tasks of pairs"):
        prepared({"text": "Hi."}, options=replace(PLAIN, pair_with="made"))
