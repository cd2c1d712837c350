"""Labelling prompts that were invented: below their context, against what they were written for."""

from pathlib import Path

import pytest

from store.clusters import list_clusters
from store.database.connection import Database
from store.export import export_labels
from tests.tui.driving import is_settled, make_app, shown, until, until_clusters
from tests.tui.paired import OFF, ON
from tui.screens.label.place import read_place
from tui.services.workspace import Workspace

NARROW, WIDE = (80, 24), (160, 48)
FOLDED = "words more: z"


@pytest.fixture
def workspace(pair_workspace: Workspace) -> Workspace:
    return pair_workspace


async def press(
    workspace: Workspace, *keys: str, size: tuple[int, int] = NARROW, until_seen: str = ""
) -> str:
    """Press keys where prompts are labelled; what is shown then."""
    with workspace.database() as database:
        async with make_app(workspace, database).run_test(size=size) as pilot:
            screen = await until_clusters(pilot)
            await pilot.press(*keys)
            await until(pilot, lambda: is_settled(screen) and until_seen in shown(pilot))
            return shown(pilot)


async def test_a_representative_is_below_its_folded_context(workspace: Workspace) -> None:
    text = await press(workspace)
    lines = [line.strip("│ ") for line in text.splitlines()]
    place = next(number for number, line in enumerate(lines) if line.startswith("SYSTEM PROMPT"))
    assert FOLDED in lines[place]
    assert lines[place + 1].endswith("…")
    assert lines[place + 2] == "USER PROMPT"
    assert "written as" in text
    assert "predicted" not in text


async def test_a_context_stays_unfolded_for_the_next_cluster_and_for_the_next_time(
    workspace: Workspace,
) -> None:
    text = await press(workspace, "z", "j", until_seen="z folds it")
    assert FOLDED not in text
    assert read_place(Path(workspace.path), workspace.settings.annotator).display.unfolded.context
    assert "z folds it" in await press(workspace, until_seen="SYSTEM PROMPT")
    assert FOLDED in await press(workspace, "z", until_seen=FOLDED)


async def test_members_show_the_context_of_the_chosen_one(workspace: Workspace) -> None:
    text = await press(workspace, "l", "j", size=WIDE, until_seen=FOLDED)
    assert "One member" in text
    assert "SYSTEM PROMPT" in text


async def test_the_draw_is_shown_above_both_sides(workspace: Workspace) -> None:
    text = await press(workspace, "x", "z", size=WIDE, until_seen="DRAW")
    draw, context, prompt = (text.index(name) for name in ("DRAW", "SYSTEM PROMPT", "USER PROMPT"))
    assert draw < context < prompt
    assert "industry: " in text
    assert "SEED" not in text


async def test_a_key_says_that_it_overturns_what_prompts_were_written_for(
    workspace: Workspace,
) -> None:
    with workspace.database() as database:
        first = list_clusters(database)[0]
    other = ON if first.predicted_label == OFF else OFF
    key = "1" if other == OFF else "2"
    assert f"{other} (overturns)" in await press(workspace)
    text = await press(workspace, key, size=WIDE, until_seen="as written: cluster 1")
    assert f"{other}, not" in text
    with workspace.database() as database:
        labels = _labels_of(database, first.cluster_id)
    assert labels == {other}


async def test_in_blind_mode_nothing_says_what_was_written_for(workspace: Workspace) -> None:
    text = await press(workspace, "B", size=WIDE, until_seen="blind")
    assert "overturns" not in text
    assert "written" not in text
    assert "SYSTEM PROMPT" in text


async def test_single_texts_have_no_context_to_unfold(clustered_workspace: Workspace) -> None:
    text = await press(clustered_workspace, "z", until_seen="come without a context")
    assert "unfold" not in text.splitlines()[-1]


def _labels_of(database: Database, cluster_id: str) -> set[str]:
    with database.read() as cursor:
        ids = [
            row[0]
            for row in cursor.rows(
                "SELECT answer_id FROM members WHERE cluster_id = ?", [cluster_id]
            )
        ]
    found = export_labels(database)
    return {
        label for answer_id, label in found.select("answer_id", "label").rows() if answer_id in ids
    }
