"""Terminals that know ASCII only."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

import tui
from store.database.connection import Database
from tests.tui.driving import make_app, text_of, until_clusters
from tui.frame.ascii import is_ascii_only, to_ascii
from tui.frame.snapshot import GLYPHS
from tui.services.workspace import Workspace


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({}, False),
        ({"LANG": "de_DE.UTF-8"}, False),
        ({"LANG": "C.utf8"}, False),
        ({"LANG": "C"}, True),
        ({"LANG": "de_DE.UTF-8", "LC_ALL": "POSIX"}, True),
        ({"LANG": "", "LC_CTYPE": "de_DE.ISO-8859-1"}, True),
    ],
)
def test_the_locale_tells(environment: dict[str, str], expected: bool) -> None:
    assert is_ascii_only(environment) == expected


@given(st.text())
def test_any_text_becomes_ascii_of_the_same_width(text: str) -> None:
    shown = to_ascii(text)
    assert shown.isascii()
    assert cell_len(shown) == sum(cell_len(char) for char in text)


def test_every_label_keeps_a_sign_of_its_own() -> None:
    assert len(set(to_ascii(GLYPHS))) == len(GLYPHS)
    assert "?" not in to_ascii(GLYPHS)


def test_no_sign_of_the_app_becomes_a_question_mark() -> None:
    sources = Path(tui.__file__).parent.rglob("*.py")
    signs = {char for path in sources for char in path.read_text("utf-8") if not char.isascii()}
    assert {sign for sign in signs if "?" in to_ascii(sign)} <= set("␛␡")


def test_what_is_done_differs_from_what_is_left() -> None:
    assert to_ascii("━━╸╌╌") == "===--"


def test_a_chart_is_denser_where_it_has_more_dots() -> None:
    assert to_ascii("⠀⠁⠇⡇⣇⣿") == " ..::="


async def test_the_app_writes_ascii_where_the_locale_says_so(
    clustered_workspace: Workspace, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "C")
    app = make_app(clustered_workspace, database)
    async with app.run_test(size=(80, 24)) as pilot:
        await until_clusters(pilot)
        await pilot.press("1", "h")
        shown = text_of(app)
        assert shown.isascii()
        assert "* health-advice" in shown
        assert "+- Clusters:" in shown
