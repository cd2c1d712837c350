"""Which rows a view lists, in which order, and what is read of them."""

from pathlib import Path

import polars as pl
import pytest

from store.browsing.columns import TableName
from store.browsing.facets import list_values
from store.browsing.listing import count_rows, list_rows
from store.browsing.pages import read_page
from store.browsing.tables import TABLES
from store.browsing.views import Condition, Shown, Sort, View
from store.database.connection import Database
from store.decisions import Decision, record
from store.errors import PatternInvalid
from tests import rows


@pytest.fixture
def filled(database: Database, tmp_path: Path) -> Database:
    """Four seeds: two with answers, one with a question that failed, one that was never asked."""
    seeds = [
        ("s0", "Drink more TEA.", "health-advice"),
        ("s1", "Trains run late.", None),
        ("s2", "Rest a while.", "health-advice"),
        ("s3", "Drink more TEA.", "general-content"),
    ]
    rows.add_dataset(database, "seeds", seeds[:3], "seed", "train")
    rows.add_dataset(database, "more", seeds[3:], "benchmark")
    asked = rows.queries(["s0", "s1", "s2"]).with_columns(
        text=pl.Series(["Is tea good?", "Why late?", None]),
        flags=pl.Series([[], ["echo", "cut"], []]),
        error=pl.Series([None, None, "the server said 500"]),
    )
    rows.ingest(database, tmp_path, "queries", asked)
    answered = rows.answers(["s0", "s1"]).with_columns(
        text=pl.Series(["Yes, 2 cups.", "Snow (often)."]),
        new_tokens=pl.Series([30, 4], dtype=pl.Int32),
    )
    rows.ingest(database, tmp_path, "answers", answered)
    rows.ingest(database, tmp_path, "detectors", rows.detectors("d0"))
    rows.ingest(database, tmp_path, "predictions", rows.predictions({"a-s0": "health-advice"}))
    rows.ingest(database, tmp_path, "predictions",
                rows.predictions({"s1": "general-content"}, kind="sample"), part=1)  # fmt: skip
    rows.ingest(database, tmp_path, "members", rows.members({"c0": ["a-s0"]}))
    rows.ingest(database, tmp_path, "drift", rows.drift({"a-s0": 0.7}))
    record(database, "ann", [Decision("label", "c0", label="health-content", reach=1)])
    return database


def read(database: Database, view: View, *names: str) -> list[tuple[Shown, ...] | None]:
    found, page = read_page(database, view, list_rows(database, view), columns=names)
    order = [found.index(name) for name in names]
    return [None if row is None else tuple(row[place] for place in order) for row in page]


def ids(database: Database, view: View) -> list[Shown]:
    return [row[0] for row in read(database, view, "id") if row is not None]


def test_rows_come_as_they_were_stored_and_as_many_as_there_are(filled: Database) -> None:
    assert ids(filled, View("seeds")) == ["s0", "s1", "s2", "s3"]
    assert [count_rows(filled, View(name)) for name in TABLES] == [4, 3, 2, 3]


def test_a_seed_has_its_roles_its_label_and_what_was_made_of_it(filled: Database) -> None:
    names = ("dataset", "roles", "label", "origin", "questions", "answers", "characters")
    assert read(filled, View("seeds"), *names) == [
        ("seeds", "seed, train", "health-advice", "given", 1, 1, 15),
        ("seeds", "seed, train", "general-content", "predicted", 1, 1, 16),
        ("seeds", "seed, train", "health-advice", "given", 0, 0, 13),
        ("more", "benchmark", "general-content", "given", 0, 0, 15),
    ]


def test_a_pair_is_shown_as_far_as_it_has_come(filled: Database) -> None:
    names = ("seed", "question", "answer", "predicted", "label", "origin", "error")
    assert read(filled, View("pairs"), *names) == [
        ("Drink more TEA.", "Is tea good?", "Yes, 2 cups.",
         "health-advice", "health-content", "centroid", None),
        ("Trains run late.", "Why late?", "Snow (often).", None, None, None, None),
        ("Rest a while.", None, None, None, None, None, "the server said 500"),
    ]  # fmt: skip
    (f1, *_) = read(filled, View("pairs"), "f1")
    assert f1 is not None
    assert f1[0] == pytest.approx(0.7)


@pytest.mark.parametrize("name", list(TABLES))
def test_every_column_can_be_sorted_by_both_ways_with_empty_cells_last(
    filled: Database, name: TableName
) -> None:
    table = TABLES[name]
    for column in table.columns:
        for is_descending in (False, True):
            sort = Sort(column.name, is_descending=is_descending)
            cells = [
                row[0]
                for row in read(filled, View(name, sort=sort), column.name)
                if row is not None
            ]
            assert len(cells) == count_rows(filled, View(name))
            known = [cell for cell in cells if cell is not None]
            assert cells[: len(known)] == known
            by = str.lower if column.kind == "text" else None
            assert known == sorted(known, key=by, reverse=is_descending)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("table", "condition", "found"),
    [
        ("seeds", Condition("label", "health-advice"), ["s0", "s2"]),
        ("seeds", Condition("label", "health-advice", is_left_out=True), ["s1", "s3"]),
        ("seeds", Condition("roles", "train"), ["s0", "s1", "s2"]),
        ("seeds", Condition("questions", 0), ["s2", "s3"]),
        ("seeds", Condition("seed", "Drink more TEA."), ["s0", "s3"]),
        ("questions", Condition("flags", "cut"), ["q-s1"]),
        ("questions", Condition("flags", "cut, echo"), ["q-s1"]),
        ("questions", Condition("flags", ""), ["q-s0", "q-s2"]),
        ("questions", Condition("error", None, is_left_out=True), ["q-s2"]),
        ("answers", Condition("label", None), ["a-s1"]),
        ("answers", Condition("tokens", 30), ["a-s0"]),
        ("pairs", Condition("answer", None), ["q-s2"]),
        ("pairs", Condition("predicted", "health-advice", is_left_out=True), ["a-s1", "q-s2"]),
    ],
)
def test_rows_are_kept_by_the_value_of_a_column(
    filled: Database, table: TableName, condition: Condition, found: list[str]
) -> None:
    assert ids(filled, View(table, (condition,))) == found


@pytest.mark.parametrize("name", list(TABLES))
def test_the_value_of_any_cell_finds_its_row(filled: Database, name: TableName) -> None:
    for column in TABLES[name].columns:
        for key, row in enumerate(read(filled, View(name), column.name, "id")):
            assert row is not None
            assert row[1] in ids(filled, View(name, (Condition(column.name, row[0]),))), (key, row)


@pytest.mark.parametrize(
    ("table", "pattern", "found"),
    [
        ("seeds", "tea", ["s0", "s3"]),
        ("questions", "tea", ["q-s0"]),
        ("questions", "500", ["q-s2"]),
        ("answers", "(often)", ["a-s1"]),
        ("pairs", "TEA", ["a-s0"]),
        ("pairs", "late", ["a-s1"]),
        ("pairs", "/^Yes|^Rest/", ["a-s0", "q-s2"]),
        ("pairs", "zebra", []),
    ],
)
def test_a_text_is_found_in_every_text_of_a_row(
    filled: Database, table: TableName, pattern: str, found: list[str]
) -> None:
    assert ids(filled, View(table, pattern=pattern)) == found


@pytest.mark.parametrize("pattern", ["/(/", "/(?<=a)b/", r"/a{3001}/"])
def test_a_pattern_that_is_none_is_refused(filled: Database, pattern: str) -> None:
    with pytest.raises(PatternInvalid):
        list_rows(filled, View("pairs", pattern=pattern))


def test_a_long_text_is_cut_and_begins_before_what_was_found(database: Database) -> None:
    text = f"{'word ' * 200}needle {'more ' * 200}"
    rows.add_dataset(database, "seeds", [("s0", text, None)], "seed")
    assert read(database, View("seeds"), "seed") == [(text[:400],)]
    (row,) = read(database, View("seeds", pattern="NEEDLE"), "seed")
    assert row is not None
    assert str(row[0]).startswith("… word word needle more")


def test_rows_that_are_gone_leave_a_gap(filled: Database) -> None:
    view = View("answers")
    places = list_rows(filled, view)
    with filled.write() as cursor:
        cursor.execute("DELETE FROM answers WHERE answer_id = 'a-s0'")
    _, page = read_page(filled, view, places, columns=["id"])
    assert page == [None, ("a-s1",)]


def test_the_values_of_columns_that_have_few_are_known(filled: Database) -> None:
    found = list_values(filled, "seeds")
    assert found["label"] == ["general-content", "health-advice", None]
    assert found["roles"] == ["benchmark", "seed", "train"]
    assert list_values(filled, "questions")["flags"] == ["cut", "echo"]
    assert list_values(filled, "pairs")["label"] == ["health-content", None]


@pytest.mark.parametrize("name", list(TABLES))
def test_all_rows_have_one_of_the_values_of_a_column(filled: Database, name: TableName) -> None:
    for column, values in list_values(filled, name).items():
        if TABLES[name].column(column).kind != "set":
            found = [list_rows(filled, View(name, (Condition(column, item),))) for item in values]
            assert sum(rows.height for rows in found) == count_rows(filled, View(name))
