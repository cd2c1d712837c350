"""What the data screen asks of the store: to be called in threads, over an owned workspace."""

import os
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Final, cast

import polars as pl

from store.browsing.facets import list_values
from store.browsing.listing import NO_ROW, count_rows, list_rows
from store.browsing.pages import read_page
from store.browsing.records import Item, Record, read_record
from store.browsing.views import Condition, Shown, View
from store.database.connection import Database
from store.errors import UnknownName
from store.reading.options import ImportOptions, Role
from store.search import find_spans
from tui.screens.data.columns import COLUMNS
from tui.screens.data.messages import PathCompleted
from tui.screens.data.record_text import searched_texts
from tui.screens.data.rows import make_rows
from tui.screens.data.views import GridPage, ImportForm, Listing, OpenedRow, RowKey
from tui.services import dataset_changes
from tui.services.clipboard import Copied, copy_text
from tui.services.files.import_preview import (
    ImportPreview,
    LabelValues,
    count_labels,
    preview_file,
)
from tui.services.files.imports import describe_import, import_files
from tui.services.files.log_options import LogOptions
from tui.services.files.logs import describe_logs, import_logs
from tui.services.files.path_completion import complete_path
from tui.services.files.written import write_rows
from tui.services.results.browsing import TableName
from tui.services.results.datasets import DatasetDetail, read_details
from tui.services.workspace import Workspace

_ITEMS: Final[Mapping[TableName, Item]] = {
    "seeds": "seed", "questions": "question", "answers": "answer"
}  # fmt: skip
ROWS_WRITTEN: Final = 2000  # at a time, for their texts lie in memory
COUNTED: Final = "counted"  # the purpose of a list of which only the length is wanted
SEARCHED: Final = (
    "seed",
    "question",
    "answer",
    "error",
)  # columns that may show what was searched for


class DataDesk:
    """Lists, reads and finds rows. Methods block; any thread may call."""

    def __init__(self, workspace: Workspace, database: Database) -> None:
        self._workspace = workspace
        self._database = database
        self._turn = threading.Lock()  # one list at a time: more would only slow each other
        self._wanted: dict[str, View] = {}

    def want(self, view: View) -> None:
        """From now on, list no other view of its table. Does not block."""
        self._wanted[view.table] = view

    def listing(self, view: View) -> Listing | None:
        """The rows of a view; None if another one of its table is wanted by now.

        Raises PatternInvalid.
        """
        began = time.perf_counter()
        places = self._places(view.table, view)
        if places is None:
            return None
        took_s = time.perf_counter() - began
        is_all = not view.conditions and not view.pattern
        total = places.height if is_all else count_rows(self._database, view)
        return Listing(view, places, places.height, total, took_s)

    def _places(self, purpose: str, view: View) -> pl.DataFrame | None:
        with self._turn:
            if view != self._wanted.get(purpose, view):
                return None
            return list_rows(self._database, view)

    def page(self, listing: Listing, first: int, size: int, columns: Sequence[str]) -> GridPage:
        """So many rows of a listing from a place on, with these columns."""
        view, wanted = listing.view, {*columns, "error", "id"}
        places = listing.places[first : first + size]
        names, rows = read_page(self._database, view, places, columns=wanted)
        patterns = [view.pattern] if view.pattern else []
        searched = SEARCHED if patterns else ()
        found = make_rows(
            names, list(places.iter_rows()), rows, searched,
            lambda texts: find_spans(texts, patterns),
        )  # fmt: skip
        return GridPage(first, found)

    def place_of(self, listing: Listing, key: RowKey) -> int | None:
        """Where a row is in a listing; None if it is not in it."""
        is_row = [column == number for column, number in zip(listing.places, key, strict=True)]
        found = is_row[0]
        for column in is_row[1:]:
            found &= column
        return int(found.arg_max() or 0) if found.any() else None

    def counting(self, view: View) -> Callable[[], int | None]:
        """The call that counts the rows of a view, None if others are to be counted by then.

        This does not block. The call raises PatternInvalid.
        """
        self._wanted[COUNTED] = view
        return partial(self._count, view)

    def _count(self, view: View) -> int | None:
        places = self._places(COUNTED, view)
        return None if places is None else places.height

    def values(self, table: TableName) -> Mapping[str, Sequence[str | None]]:
        """The values to filter a table by, by column."""
        return list_values(self._database, table)

    def condition(self, listing: Listing, place: int, column: str) -> Condition | None:
        """That rows have the value of a cell, a text in full; None if the cell's row is gone."""
        view = View(listing.view.table)
        names, rows = read_page(
            self._database, view, listing.places[place : place + 1], columns={column}, length=None
        )
        row = rows[0] if rows else None
        return Condition(column, row[names.index(column)]) if row is not None else None

    def record(self, listing: Listing, place: int) -> Record:
        """All that hangs on the row at a place. Raises UnknownName if it is gone."""
        view, places = listing.view, listing.places[place : place + 1]
        _, rows = read_page(self._database, View(view.table), places, columns={"id"})
        if not rows or rows[0] is None:
            raise UnknownName("That row was removed meanwhile.")
        has_answer = view.table == "answers" or places.row(0)[-1] != NO_ROW
        of: Item = _ITEMS.get(view.table) or ("answer" if has_answer else "question")
        return read_record(self._database, of, str(rows[0][0]))

    def opened(self, listing: Listing, place: int) -> OpenedRow:
        """The record of the row at a place, with what was searched for. Raises UnknownName."""
        record, pattern = self.record(listing, place), listing.view.pattern
        texts = searched_texts(record) if pattern else ()
        found = find_spans(texts, [pattern] if pattern else [])
        return OpenedRow(record, {text: tuple(at) for text, at in zip(texts, found, strict=True)})

    def write(self, listing: Listing, told: Callable[[int], None]) -> Path:
        """A new CSV file of all rows and columns of a listing; `told` of the rows written."""
        table = listing.view.table
        columns = [column.name for column in COLUMNS[table]]

        def pages() -> Iterator[list[tuple[Shown, ...]]]:
            view = View(table)
            for first in range(0, listing.count, ROWS_WRITTEN):
                places = listing.places[first : first + ROWS_WRITTEN]
                names, rows = read_page(self._database, view, places, length=None)
                order = [names.index(name) for name in columns]
                yield [tuple(row[place] for place in order) for row in rows if row is not None]
                told(min(first + ROWS_WRITTEN, listing.count))

        folder, now = self._workspace.path / "exports", self._database.now()
        return write_rows(folder, f"data-{table}", columns, pages(), now)

    def copy(self, text: str) -> Copied:
        """Copy a text to a file, and inside tmux to its buffer."""
        return copy_text(text, self._workspace.path, os.environ)

    def datasets(self) -> tuple[DatasetDetail, ...]:
        """All datasets."""
        return read_details(self._database)

    def remove(self, dataset: str) -> list[str]:
        """Remove a dataset with all that hangs on it; sentences on what went."""
        return dataset_changes.remove(self._workspace, self._database, dataset, with_answers=True)

    def rename(self, dataset: str, name: str) -> list[str]:
        """Give a dataset another name."""
        dataset_changes.require_name(name)
        return dataset_changes.rename(
            self._workspace, self._database, dataset, name, with_answers=True
        )

    def relabel(self, dataset: str, label_map: Mapping[str, str]) -> list[str]:
        """Give a dataset's rows other labels, by those that they have; "" is none."""
        return dataset_changes.relabel(
            self._workspace, self._database, dataset, label_map, None, with_answers=True
        )

    def change_roles(self, dataset: str, roles: Sequence[str]) -> list[str]:
        """Give a dataset these roles in place of those that it has."""
        return dataset_changes.change_roles(
            self._workspace, self._database, dataset, [cast(Role, role) for role in roles]
        )

    def complete(self, typed: str) -> PathCompleted:
        """How a path that was begun goes on."""
        return PathCompleted(complete_path(typed))

    def preview(self, typed: str) -> ImportPreview:
        """What is seen of a file. Raises ImportRefused."""
        return preview_file(typed, [label.name for label in self._workspace.task.label])

    def label_values(self, path: Path, column: str) -> LabelValues:
        """The values of a column, with their rows. Raises ImportRefused where they are many."""
        return count_labels(path, column)

    def import_file(
        self,
        path: Path,
        form: ImportForm,
        label_map: Mapping[str, str],
        told: Callable[[int], None],
    ) -> list[str]:
        """Take a file in; sentences on what came of it. Raises ImportRefused and NameUnfit."""
        dataset_changes.require_name(form.dataset)
        if form.layout is not None:
            log_options = LogOptions(form.dataset, form.layout, form.turn)
            reports = import_logs(self._workspace, self._database, [path], log_options, told)
            return list(describe_logs(reports, form.dataset))
        options = ImportOptions(
            dataset=form.dataset,
            roles=tuple(cast(Role, role) for role in form.roles),
            text_column=form.text_column,
            context_column=form.context_column,
            label_column=form.label_column,
            label_map=label_map,
            label_for_all=form.label_for_all,
            id_column=form.id_column,
            group_column=form.group_column,
            turn=form.turn,
        )
        report = import_files(self._workspace, self._database, [path], options, told=told)
        return describe_import(report, form.dataset)
