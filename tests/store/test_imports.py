"""Importing again: what is new, what has another label, what is gone."""

from pathlib import Path
from typing import Any

import pytest

from store.database.connection import Database
from store.datasets import split_dataset
from store.errors import DatasetInUse
from store.imports import Changes, FileTaken, known_digests, take_in
from store.labels import relabel_dataset
from store.reading.files import read_file
from store.reading.options import ImportOptions
from store.reading.prepare import prepare
from store.renaming import rename_dataset
from tests import rows

ADVICE, CONTENT, GENERAL = rows.LABELS
LINES = ["Rest.,health-advice", "Iron is a metal.,content", "Rest.,health-advice", "Nine.,"]


def bring(
    database: Database, folder: Path, lines: list[str], name: str = "d", **options: Any
) -> Changes:
    """Import lines of text and label as a file whose digest is its content."""
    how = {key: options.pop(key) for key in ("replace", "with_answers") if key in options}
    path = folder / options.pop("file", "rows.csv")
    path.write_text("\n".join(["text,label", *lines]) + "\n")
    chosen = ImportOptions(name, options.pop("roles", ("seed",)), **options)
    prepared = prepare([read_file(path, chosen.named_columns)], chosen, rows.LABELS)
    file = FileTaken(path.name, str(lines), prepared.counts[0])
    return take_in(
        database, name, chosen.roles, prepared.samples, [file],
        options={"label_column": chosen.label_column, "label_map": dict(chosen.label_map)},
        rejects_file=None, **how,
    )  # fmt: skip


def stored(database: Database, dataset: str = "d") -> list[tuple[str, str | None]]:
    with database.read() as cursor:
        return [tuple(row) for row in cursor.rows(
            "SELECT text, label FROM samples WHERE dataset = ? ORDER BY line, text", [dataset]
        )]  # fmt: skip


def ids(database: Database) -> dict[str, str]:
    with database.read() as cursor:
        return dict(cursor.rows("SELECT sample_id, text FROM samples"))


def test_rows_that_were_refused_come_in_with_a_better_map(
    database: Database, tmp_path: Path
) -> None:
    first = bring(database, tmp_path, LINES, label_column="label")
    before = ids(database)
    again = bring(database, tmp_path, LINES, label_column="label", label_map={"content": CONTENT})
    assert (first.new, again) == (3, Changes(new=1, known=3))
    assert stored(database) == [
        ("Rest.", ADVICE), ("Iron is a metal.", CONTENT), ("Rest.", ADVICE), ("Nine.", None),
    ]  # fmt: skip
    assert before.items() <= ids(database).items()


def test_labels_can_come_later_and_change_but_are_not_taken_away(
    database: Database, tmp_path: Path
) -> None:
    lines = ["Rest.,a", "Iron.,b"]
    bring(database, tmp_path, lines)
    before = ids(database)
    both = {"a": ADVICE, "b": ADVICE}
    assert bring(database, tmp_path, lines, label_column="label", label_map=both).relabelled == 2
    other = {"a": ADVICE, "b": CONTENT}
    assert bring(database, tmp_path, lines, label_column="label", label_map=other) == Changes(
        known=2, relabelled=1
    )
    assert bring(database, tmp_path, lines) == Changes(known=2)
    assert stored(database) == [("Rest.", ADVICE), ("Iron.", CONTENT)]
    assert ids(database) == before


def test_another_file_adds_its_own_labels_and_changes_none(
    database: Database, tmp_path: Path
) -> None:
    bring(database, tmp_path, ["Rest.,health-advice"], label_column="label")
    changes = bring(
        database, tmp_path, ["Rest.,health-content"], label_column="label", file="b.csv"
    )
    assert (changes.new, changes.relabelled) == (1, 0)
    assert [label for _, label in stored(database)] == [ADVICE, CONTENT]


def test_a_file_that_grew_brings_only_what_is_new_after_its_rows_were_relabelled(
    database: Database, tmp_path: Path
) -> None:
    bring(database, tmp_path, ["Rest.,health-advice"], label_column="label")
    relabel_dataset(database, "d", {ADVICE: GENERAL}, None)
    grown = ["Rest.,health-advice", "Sleep.,health-advice"]
    assert bring(database, tmp_path, grown, label_column="label") == Changes(new=1, known=1)
    assert stored(database) == [("Rest.", GENERAL), ("Sleep.", ADVICE)]


def test_rows_that_were_held_out_do_not_come_back(database: Database, tmp_path: Path) -> None:
    lines = [f"Sentence {n}." for n in range(9)]
    bring(database, tmp_path, [f"{line},a" for line in lines])
    bring(database, tmp_path, [f"{line},a" for line in lines], label_column="label",
          label_map={"a": ADVICE})  # fmt: skip
    split_dataset(database, "d", 4, seed=0, name="bench")
    again = bring(database, tmp_path, [f"{line},a" for line in lines], label_column="label",
                  label_map={"a": CONTENT})  # fmt: skip
    assert again == Changes(known=5, relabelled=5, held_out=4)
    assert len(stored(database)) == 5


def test_a_dataset_of_the_old_name_can_be_made_after_renaming(
    database: Database, tmp_path: Path
) -> None:
    bring(database, tmp_path, LINES)
    rename_dataset(database, "d", "e")
    assert bring(database, tmp_path, LINES).new == 4
    assert stored(database, "e") == stored(database)


def test_replacing_keeps_equal_rows_and_removes_the_others(
    database: Database, tmp_path: Path
) -> None:
    bring(database, tmp_path, ["Rest.,health-advice", "Gone.,health-advice"], label_column="label")
    kept = {text: name for name, text in ids(database).items()}["Rest."]
    changes = bring(
        database, tmp_path, ["New.,health-content", "Rest.,"], label_column="label", replace=True
    )
    assert changes == Changes(new=1, known=1, relabelled=1, removed=1)
    assert stored(database) == [("New.", CONTENT), ("Rest.", None)]
    assert ids(database)[kept] == "Rest."


def test_rows_with_answers_are_replaced_only_when_asked(labelled: Database, tmp_path: Path) -> None:
    with pytest.raises(DatasetInUse, match="6 questions and 6 answers"):
        bring(labelled, tmp_path, ["New.,"], name="seeds", replace=True)
    assert len(stored(labelled, "seeds")) == 6
    changes = bring(labelled, tmp_path, ["New.,", "Seed s0.,"], name="seeds", replace=True,
                    with_answers=True)  # fmt: skip
    assert (changes.new, changes.known, changes.removed) == (1, 1, 5)


def test_a_file_is_known_by_bytes_and_options_and_only_where_nothing_was_refused(
    database: Database, tmp_path: Path
) -> None:
    digest, good = str(LINES), {"content": CONTENT}
    bring(database, tmp_path, LINES, label_column="label")
    asked = {"label_column": "label", "label_map": {}, "roles": ("train",)}
    assert known_digests(database, "d", asked) == set()
    bring(database, tmp_path, LINES, label_column="label", label_map=good)
    assert known_digests(database, "d", asked | {"label_map": good}) == {digest}
    assert known_digests(database, "d", asked | {"label_map": good, "turn": None}) == {digest}
    assert known_digests(database, "d", asked | {"label_map": {"content": ADVICE}}) == set()
    assert known_digests(database, "e", asked | {"label_map": good}) == set()


def dimensions(database: Database) -> list[tuple[str, str, str]]:
    with database.read() as cursor:
        return [tuple(row) for row in cursor.rows(
            """SELECT text, dimension, "value" FROM sample_dimensions
            JOIN samples USING (sample_id) ORDER BY ALL"""
        )]  # fmt: skip


def test_dimensions_come_with_rows_and_again_with_those_that_are_there(
    database: Database, tmp_path: Path
) -> None:
    bring(database, tmp_path, ["Rest.,kind", "Nine.,"])
    assert dimensions(database) == []
    bring(database, tmp_path, ["Rest.,kind", "Nine.,"], dimension_columns=("label",))
    assert dimensions(database) == [("Rest.", "label", "kind")]
    bring(database, tmp_path, ["Rest.,curt", "Nine.,kind"], dimension_columns=("label",))
    assert dimensions(database) == [("Nine.", "label", "kind"), ("Rest.", "label", "curt")]


def test_rows_in_place_of_others_lose_the_dimensions_that_they_do_not_bring(
    database: Database, tmp_path: Path
) -> None:
    bring(database, tmp_path, ["Rest.,kind", "Nine.,curt"], dimension_columns=("label",))
    bring(database, tmp_path, ["Rest.,kind"], replace=True)
    assert dimensions(database) == []
    with database.read() as cursor:
        assert cursor.number("SELECT count(*) FROM sample_dimensions") == 0
