"""How tables and bars are laid out."""

from collections.abc import Sequence

import pytest
from rich.cells import cell_len
from textual.app import App, ComposeResult

from tui.widgets.bar import bar, marked_bar
from tui.widgets.fitting import lay_out
from tui.widgets.table import Column, Row, RowClicked, Table

COLUMNS = (Column("name", flexible=True), Column("n", right=True))


def test_numbers_stand_right_and_texts_left() -> None:
    lines = laid(COLUMNS, [("one", "7"), ("three", "1,000")], 40)
    assert lines == ["name       n", "one        7", "three  1,000"]


def test_a_flexible_column_gives_way_where_space_is_short() -> None:
    lines = laid(COLUMNS, [("a" * 50, "12,345")], 20)
    assert lines[1] == "a" * 11 + "…  12,345"
    assert all(len(line) == 20 for line in lines)


def test_a_name_keeps_its_end_where_it_is_cut() -> None:
    columns = (Column("detector", flexible=True, named=True), Column("n", right=True))
    names = ["two-stage-balanced-1", "two-stage-balanced-2", "real-1", "二段階の均衡-3"]
    lines = laid(columns, [(name, "7") for name in names], 14)
    assert [line[:11] for line in lines[1:4]] == [
        "two-s…ced-1",
        "two-s…ced-2",
        "real-1     ",
    ]
    assert {cell_len(line) for line in lines} == {14}
    assert lines[4].endswith("-3  7")


def test_cells_are_inert_and_wide_letters_count_twice() -> None:
    lines = laid(COLUMNS, [("[b]\x1b你好", "1"), ("plain", "2")], 40)
    assert lines[1] == "[b]␛你好  1"
    assert cell_len(lines[1]) == cell_len(lines[2])


@pytest.mark.parametrize(
    ("share", "drawn"),
    [(0.0, "╌╌╌╌"), (0.5, "━━╌╌"), (0.375, "━╸╌╌"), (1.0, "━━━━"), (7.0, "━━━━"), (None, "    ")],
)
def test_a_bar_is_filled_to_its_share(share: float | None, drawn: str) -> None:
    assert bar(share, 4) == drawn


def test_a_mark_lies_on_the_scale_of_its_bar() -> None:
    assert marked_bar(0.75, 0.25, 8) == "━━┃━━━╌╌"
    assert marked_bar(0.75, 1.0, 8)[-1] == "┃"


def test_ornaments_then_optional_columns_leave_before_a_name_is_cut() -> None:
    columns = (
        Column("name", flexible=True),
        Column("n", right=True),
        Column("when", optional=True),
        Column("0 … 1", ornament=True),
    )
    rows = [("a-long-name", "7", "today", "━━━━━")]
    assert drawn(columns, rows, 40) == "a-long-name  7  today  ━━━━━"
    assert drawn(columns, rows, 27) == "a-long-name  7  today"
    assert drawn(columns, rows, 20) == "a-long-name  7"
    assert drawn(columns, rows, 12) == "a-long-n…  7"


def drawn(columns: tuple[Column, ...], rows: Sequence[Row], width: int) -> str:
    """The first row."""
    return laid(columns, rows, width)[1]


def test_intervals_go_to_a_second_line_before_a_name_is_cut() -> None:
    columns = (Column("name", flexible=True), Column("F1", right=True), Column("n", right=True))
    rows = [("a-long-name", "0.512 (0.401–0.623)", "7"), ("b", "–", "12")]
    assert laid(columns, rows, 40)[1] == "a-long-name  0.512 (0.401–0.623)   7"
    assert laid(columns, rows, 32)[1:] == [
        "a-long-name          0.512   7\n             (0.401–0.623)    ",
        "b                        –  12\n                              ",
    ]
    assert laid(columns, rows, 28)[1].startswith("a-long-n…")


def laid(columns: tuple[Column, ...], rows: Sequence[Row], width: int) -> list[str]:
    """The heading and the rows."""
    found = lay_out(columns, rows, width)
    return [found.heading.plain, *(row.plain for row in found.rows)]


class Rows(App[None]):
    """A table that notes which of its rows are clicked."""

    def __init__(self) -> None:
        super().__init__()
        self.table = Table(COLUMNS)
        self.clicked: list[tuple[int, bool]] = []

    def compose(self) -> ComposeResult:
        yield self.table

    def on_row_clicked(self, message: RowClicked) -> None:
        self.clicked.append((message.row, message.is_double))
        self.table.chosen = message.row


async def test_a_click_tells_the_row_also_where_the_table_is_scrolled() -> None:
    app = Rows()
    async with app.run_test(size=(40, 6)) as pilot:
        app.table.show(COLUMNS, [(f"row {number}", "1") for number in range(20)], 0)
        await pilot.pause()
        await pilot.click(app.table, offset=(3, 0))
        await pilot.click(app.table, offset=(3, 2))
        app.table.chosen = 19
        await pilot.pause()
        await pilot.click(app.table, offset=(3, 5))
        await pilot.click(app.table, offset=(3, 4), times=2)
    assert app.clicked == [(1, False), (19, False), (18, False), (18, True)]


async def test_rows_of_two_lines_are_chosen_and_clicked_as_rows() -> None:
    app = Rows()
    columns = (Column("name", flexible=True), Column("F1", right=True))
    async with app.run_test(size=(26, 6)) as pilot:
        found = [(f"a-long-name-{number}", "0.512 (0.401–0.623)") for number in range(9)]
        app.table.show(columns, found, 0)
        await pilot.pause()
        await pilot.click(app.table, offset=(3, 4))
        app.table.chosen = 8
        await pilot.pause()
        await pilot.click(app.table, offset=(3, 5))
    assert app.clicked == [(1, False), (8, False)]
