"""Pictures of screens: what they show, and that they depend on the cells alone."""

from rich.segment import Segment
from rich.style import Style

from tests.tui.pictures import draw

BOLD, ON_BLUE = Style(bold=True), Style(bgcolor="#0000ff")


def test_the_same_cells_are_drawn_alike_however_they_are_cut() -> None:
    one = [Segment("two words", BOLD), Segment("   ")]
    cut = [Segment("two", BOLD), Segment(" ", Style(italic=True)), Segment("words", BOLD)]
    assert draw([one], 12, 1) == draw([[*cut, Segment("   ", BOLD)]], 12, 1)


def test_colours_and_lines_are_seen_on_blanks() -> None:
    plain = draw([[Segment("a  b")]], 4, 1)
    for style in (ON_BLUE, Style(underline=True), Style(color="#0000ff", reverse=True)):
        assert draw([[Segment("a"), Segment("  ", style), Segment("b")]], 4, 1) != plain


def test_each_row_is_one_line_of_inert_text() -> None:
    drawn = draw([[Segment("<b> & c")], [Segment("    ")], [Segment("日本", ON_BLUE)]], 8, 3)
    first, second = drawn.splitlines()[2:-1]
    assert "&lt;b&gt; &amp; c" in first
    assert '<rect x="0" y="40" width="40" height="20" fill="#0000ff"/>' in second
