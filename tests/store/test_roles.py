"""Changing the roles of a dataset, what hangs on one, and which files it came from."""

from pathlib import Path

import pytest

from store.database.connection import Database
from store.datasets import list_datasets
from store.decisions import Decision, record
from store.errors import DatasetInUse, ImportRefused, UnknownName
from store.hanging import Hanging, count_hanging, list_hanging
from store.roles import set_roles
from tests import rows


def roles_of(database: Database, name: str) -> tuple[str, ...]:
    return next(item.roles for item in list_datasets(database) if item.dataset == name)


def test_a_dataset_gets_other_roles_in_place_of_its_own(database: Database) -> None:
    rows.add_dataset(database, "d", [("s0", "A text.", None)], "seed")
    set_roles(database, "d", ["train", "production"])
    assert roles_of(database, "d") == ("production", "train")
    set_roles(database, "d", ["benchmark"])
    assert roles_of(database, "d") == ("benchmark",)


@pytest.mark.parametrize(
    ("roles", "error"),
    [([], "needs a role"), (["benchmark", "train"], "cannot be a benchmark and something else")],
)
def test_roles_that_cannot_be_are_refused(database: Database, roles: list[str], error: str) -> None:
    rows.add_dataset(database, "d", [("s0", "A text.", None)], "seed")
    with pytest.raises(ImportRefused, match=error):
        set_roles(database, "d", roles)  # type: ignore[arg-type]
    assert roles_of(database, "d") == ("seed",)


def test_what_was_asked_about_cannot_become_a_benchmark(database: Database, tmp_path: Path) -> None:
    rows.add_dataset(database, "d", [("s0", "A text.", None)], "seed")
    rows.ingest(database, tmp_path, "queries", rows.queries(["s0"]))
    with pytest.raises(DatasetInUse, match="questions were written"):
        set_roles(database, "d", ["benchmark"])
    set_roles(database, "d", ["train"])


def test_an_unknown_dataset_has_no_roles(database: Database) -> None:
    with pytest.raises(UnknownName):
        set_roles(database, "d", ["seed"])


def test_what_hangs_on_a_dataset_is_counted(labelled: Database) -> None:
    rows.add_dataset(labelled, "more", [("m0", "A text.", None)], "train")
    record(labelled, "ann", [Decision("label", "c0", label="health-advice")])
    assert count_hanging(labelled, "seeds") == Hanging(6, 6, 6, 3)
    assert list_hanging(labelled) == {
        "seeds": Hanging(6, 6, 6, 3), "more": Hanging(1, 0, 0, 0)
    }  # fmt: skip
