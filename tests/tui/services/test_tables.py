"""Tables as Markdown and CSV: what is in a cell stays text."""

import csv
import io

from engine.statistics.estimate import Estimate
from tui.services.numbers import show_difference, show_percent, show_rate, show_share
from tui.services.tables import Value, csv_text, markdown_lines

COLUMNS = ("name", "n", "F1")
ROWS = [("a|b <i>", 12345, 0.51239), ("two\nlines \x1b[2J", None, None)]


def test_markdown_keeps_bars_and_tags_as_text_and_each_row_on_a_line() -> None:
    assert list(markdown_lines(COLUMNS, ROWS, "Title")) == [
        "Title",
        "",
        "| name | n | F1 |",
        "| --- | --- | --- |",
        "| a\\|b \\<i> | 12,345 | 0.5124 |",
        "| two lines ␛\\[2J | – | – |",
    ]


def test_csv_has_numbers_in_full_and_nothing_where_nothing_is_known() -> None:
    assert list(csv.reader(io.StringIO(csv_text(COLUMNS, ROWS)))) == [
        ["name", "n", "F1"],
        ["a|b <i>", "12345", "0.51239"],
        ["two\nlines ␛[2J", "", ""],
    ]


def test_an_interval_becomes_two_columns_beside_its_figure() -> None:
    low, high = Estimate(0.5, (0.25, 0.75), 8), Estimate(-0.125, (-0.5, 0.25), 8)
    columns = ("F1", "gap", "rate", "%", "text")
    text = "0.5 (0.1–0.2)"
    rows: list[tuple[Value, ...]] = [
        (show_share(low), show_difference(high), show_rate(low), show_percent(low), text),
        (None, None, 1234.5, None, "in all"),
    ]
    heading, first, second = csv.reader(io.StringIO(csv_text(columns, rows)))
    assert heading == [
        *("F1", "F1 low", "F1 high", "gap", "gap low", "gap high"),
        *("rate", "rate low", "rate high", "%", "% low", "% high", "text"),
    ]
    assert first == [
        *("0.5", "0.25", "0.75", "-0.125", "-0.5", "0.25"),
        *("0.5", "0.2", "0.8", "50.0", "25.0", "75.0", "0.5 (0.1–0.2)"),
    ]
    assert second == ["", "", "", "", "", "", "1234.5", "", "", "", "", "", "in all"]
