"""Pictures in cells: all has its place, labels never touch, nothing is wider than its room."""

import pytest

from tui.widgets.plot.picture import DASHES, Entry, Line, Picture, Rule, Spot
from tui.widgets.plot.plot import draw

UNIT = (0.0, 1.0)
DIAGONAL = Line(((0.0, 0.0), (1.0, 1.0)), "red", sign="1")
SQUARE = Picture("across", "up", UNIT, UNIT, UNIT, UNIT, lines=(DIAGONAL,))


def text_of(picture: Picture, width: int, height: int) -> list[str]:
    return [line.plain for line in draw(picture, width, height)]


@pytest.mark.parametrize(("width", "height"), [(78, 20), (30, 9), (20, 8), (158, 40)])
def test_a_picture_has_its_size_and_its_labels_are_apart(width: int, height: int) -> None:
    lines = text_of(SQUARE, width, height)
    assert len(lines) == height
    assert max(map(len, lines)) <= width
    labels = lines[-2].split()
    assert len(labels) >= 2
    assert [float(label) for label in labels] == sorted({float(label) for label in labels})
    assert (float(labels[0]), float(labels[-1])) == (0, 1)  # labels that touch are no numbers
    assert lines[-1].strip() == "across"
    assert lines[0] == "up"


def test_a_line_goes_from_corner_to_corner_and_bears_its_sign() -> None:
    lines = text_of(SQUARE, 40, 14)
    area = [line.split("┤")[-1].split("│")[-1] for line in lines[1:-3]]
    assert area[0].strip()
    assert area[-1].strip()
    assert len(area[0].rstrip()) > len(area[-1].rstrip())
    assert sum(line.count("1") for line in area) >= 3


def test_lines_beside_each_other_differ_without_colour() -> None:
    lines = [Line(DIAGONAL.points, "red", dash) for dash in DASHES]
    drawn = [text_of(Picture("x", "y", UNIT, UNIT, lines=(line,)), 60, 16) for line in lines]
    assert len({tuple(lines) for lines in drawn}) == len(DASHES)


def test_spots_their_reach_and_rules_are_where_they_belong() -> None:
    picture = Picture(
        "x", "y", UNIT, UNIT, UNIT, UNIT,
        spots=(Spot(0.5, 0.5, "●", "red", (0.1, 0.9)),),
        rules=(Rule(1.0, "blue"),),
        key=(Entry("●", "a name", "red"),),
    )  # fmt: skip
    lines = text_of(picture, 47, 19)
    rows = [number for number, line in enumerate(lines) if "●" in line][:1]
    column = lines[rows[0]].index("●")
    margin = lines[rows[0]].index("│") if "│" in lines[rows[0]][:6] else lines[rows[0]].index("┤")
    assert column - margin == pytest.approx((47 - margin) / 2, abs=1.5)
    above = [line for line in lines if len(line) > column and line[column] == "│"]
    assert len(above) >= 6
    assert sum(line.endswith("┊") for line in lines) >= 8
    assert lines[-1].strip() == "●  a name"


def test_a_key_that_leaves_no_room_gives_way_and_then_the_picture() -> None:
    many = Picture("x", "y", UNIT, UNIT, key=(Entry("1", "name", "red"),) * 9)
    assert not any("name" in line for line in text_of(many, 40, 9))
    assert text_of(many, 40, 4) == ["Too little room for the chart."]
