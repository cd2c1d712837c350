"""How a row of production looks when it is opened."""

import pytest

from store.browsing.records import read_record
from tests.tui.production import GUARD, add_patterns, answers_of
from tui.frame.snapshot import Labels
from tui.frame.task_words import SINGLE_TEXTS
from tui.screens.data.record_text import copy_record, show_record
from tui.screens.data.views import OpenedRow
from tui.services.workspace import Workspace
from tui.widgets.origin_text import OriginText, Unfolded


@pytest.fixture
def opened(clustered_workspace: Workspace) -> OpenedRow:
    add_patterns(clustered_workspace)
    with clustered_workspace.database() as database:
        return OpenedRow(read_record(database, "answer", answers_of(["r0"])[0]), {})


def test_it_is_below_what_its_guard_logged_and_names_no_model(opened: OpenedRow) -> None:
    labels = Labels.of((), SINGLE_TEXTS)
    shown = show_record(opened, labels, OriginText(SINGLE_TEXTS, "z"), Unfolded()).plain
    assert shown.startswith("PRODUCTION live")
    assert f"flagged by {GUARD} 1, score 0.88 · medical · [bold]odd[/bold]" in shown
    assert "\nPROMPT\nWhat about r0?" in shown
    assert "\nTEXT\nTake cough syrup" in shown
    assert "selected to be labelled" in shown
    assert "cluster p-cough" in shown
    assert "template" not in shown
    assert "SEED" not in shown


def test_a_copy_says_the_same(opened: OpenedRow) -> None:
    copied = copy_record(opened.record, SINGLE_TEXTS)
    assert copied.startswith("PRODUCTION (live)")
    assert "conversation talk-r0" in copied
