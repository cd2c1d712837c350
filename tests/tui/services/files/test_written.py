"""Writing what a screen shows: names say when, and never take the place of another file."""

from datetime import datetime
from pathlib import Path

from tui.services.files.written import WrittenFigure, write_view
from tui.services.tables import WrittenTable

NOW = datetime(2026, 1, 2, 3, 4, 5)
TABLE = WrittenTable("drift-pairs", "Pairs", ("id", "F1"), (("a", 0.5),))


def test_a_table_is_written_as_csv_and_markdown_and_a_figure_as_svg(tmp_path: Path) -> None:
    folder = tmp_path / "exports"
    written = write_view(folder, [TABLE], [WrittenFigure("drift-spread", "<svg/>")], NOW)
    assert [path.name for path in written] == [
        "drift-pairs-20260102-030405.csv",
        "drift-pairs-20260102-030405.md",
        "drift-spread-20260102-030405.svg",
    ]
    assert written[0].read_text(encoding="utf-8") == "id,F1\na,0.5\n"
    assert written[1].read_text(encoding="utf-8").startswith("Pairs\n\n| id | F1 |\n")
    assert written[2].read_text(encoding="utf-8") == "<svg/>"


def test_a_file_that_is_there_is_never_written_over(tmp_path: Path) -> None:
    first = write_view(tmp_path, [TABLE], [], NOW)
    second = write_view(tmp_path, [TABLE], [], NOW)
    assert {path.name for path in second} == {
        "drift-pairs-20260102-030405-2.csv",
        "drift-pairs-20260102-030405-2.md",
    }
    assert not {*first} & {*second}
