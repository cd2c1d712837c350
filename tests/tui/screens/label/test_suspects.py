"""Doubtful labels by keys: what is shown of them, and what the store holds afterwards."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from textual.pilot import Pilot

from store.cluster_states import read_states
from store.clusters import list_clusters, read_members
from store.database.connection import Database
from store.decisions import Decision, read_overrides, record, undo
from tests import rows
from tests.learned import labels_of
from tests.tui.audited import (
    classify,
    classify_answers,
    dispute_labels,
    label_clusters,
    other_label,
)
from tests.tui.driving import make_app, seen, shown, until, until_clusters
from tests.tui.filled import use_spread
from tui.screens.label.screen import LabelScreen
from tui.screens.label.suspects.desk import SuspectsDesk
from tui.screens.label.suspects.dialog import SEARCHING, SuspectsDialog
from tui.services.learning import Learning
from tui.services.results.suspects import find_suspects
from tui.services.workspace import Workspace

WIDE, NARROW = (160, 48), (80, 24)


@asynccontextmanager
async def doubting(
    workspace: Workspace, database: Database, size: tuple[int, int] = WIDE
) -> AsyncIterator[Pilot[None]]:
    """The dialog, once the search is over."""
    app = make_app(workspace, database)
    async with app.run_test(size=size) as pilot:
        await until_clusters(pilot)
        await pilot.press("e")
        await until(pilot, lambda: isinstance(app.screen, SuspectsDialog))
        await until(pilot, lambda: SEARCHING not in shown(pilot))
        yield pilot


def key_of(label: str) -> str:
    return str(rows.LABELS.index(label) + 1)


@pytest.mark.parametrize("size", [WIDE, NARROW])
async def test_one_key_shows_the_most_doubtful_label_and_why_and_a_labels_key_decides(
    clustered_workspace: Workspace, database: Database, size: tuple[int, int]
) -> None:
    dispute_labels(database, clustered_workspace.settings.annotator)
    first, second, *_ = find_suspects(database).suspects
    clusters = {item.representative_id: item for item in list_clusters(database)}
    right = clusters[first.answer_id].predicted_label
    async with doubting(clustered_workspace, database, size) as pilot:
        text = " ".join((await seen(pilot, "1 of", "detector 0.80")).split())
        glyphs = dict(zip(rows.LABELS, "●▲■", strict=True))
        assert f"you: {glyphs[first.label]} {first.label} · " in text
        assert f"detector 0.80: {glyphs[right]} {right}" in text
        await pilot.press(key_of(right))
        await seen(pilot, "Labelled", "the cluster of", f"doubt {second.doubt:.2f}")
        states = read_states(database)
        assert states[str(first.cluster_id)].label == right
        await pilot.press("u")
        await seen(pilot, "Undid", f"doubt {first.doubt:.2f}")
        assert read_states(database)[str(first.cluster_id)].label == first.label


async def test_keys_in_a_burst_decide_one_label_each(
    clustered_workspace: Workspace, database: Database
) -> None:
    dispute_labels(database, clustered_workspace.settings.annotator)
    first, second, *_ = find_suspects(database).suspects
    async with doubting(clustered_workspace, database) as pilot:
        keys = key_of(other_label(first.label)), key_of(other_label(second.label))
        await pilot.press(*keys)
        await until(pilot, lambda: read_states(database)[str(second.cluster_id)].label
                    == other_label(second.label))  # fmt: skip
    assert read_states(database)[str(first.cluster_id)].label == other_label(first.label)


async def test_a_kept_label_does_not_come_again_until_it_is_undone(
    clustered_workspace: Workspace, database: Database
) -> None:
    dispute_labels(database, clustered_workspace.settings.annotator)
    before = find_suspects(database)
    async with doubting(clustered_workspace, database) as pilot:
        await pilot.press("enter")
        await seen(pilot, "Kept", "until something else speaks against it")
        kept = find_suspects(database)
        assert (kept.kept, kept.found) == (1, before.found - 1)
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(pilot.app.screen, LabelScreen))
        await pilot.press("e")
        await until(pilot, lambda: isinstance(pilot.app.screen, SuspectsDialog))
        await seen(pilot, f"doubt {before.suspects[1].doubt:.2f}")
        await pilot.press("u")
        await seen(pilot, "Nothing was decided here")
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(pilot.app.screen, LabelScreen))
        await pilot.press("u")
        await until(pilot, lambda: find_suspects(database).kept == 0)


async def test_a_member_that_a_model_calls_something_else_is_labelled_alone(
    clustered_workspace: Workspace, database: Database
) -> None:
    clusters = list_clusters(database)
    large = clusters[0]
    decisions = [
        Decision("label", item.cluster_id, label=item.predicted_label) for item in clusters
    ]
    record(database, clustered_workspace.settings.annotator, decisions)
    member = read_members(database, large.cluster_id)[-1]
    said: dict[str, str | None] = {
        item.representative_id: item.predicted_label for item in clusters
    }
    wrong = other_label(large.predicted_label)
    classify(database, {**said, member.answer_id: wrong})
    place = [item.answer_id for item in find_suspects(database).suspects].index(member.answer_id)
    async with doubting(clustered_workspace, database) as pilot:
        await pilot.press(*["j"] * place)
        await seen(pilot, f"{place + 1} of", "to which its label spread")
        await pilot.press(key_of(wrong))
        await seen(pilot, "this answer only")
        own = read_overrides(database)[large.cluster_id]
        assert own == {member.answer_id: (member.rank, wrong)}
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(pilot.app.screen, LabelScreen))
        screen = pilot.app.screen
        assert isinstance(screen, LabelScreen)
        assert screen.labelling.state.work.decisions.has_override(large.cluster_id)


async def test_nothing_doubtful_says_so_and_blind_mode_shows_none(
    clustered_workspace: Workspace, database: Database
) -> None:
    async with doubting(clustered_workspace, database, NARROW) as pilot:
        assert "No answer has a label yet" in shown(pilot)
        await pilot.press("1", "enter", "x", "o", "j")
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(pilot.app.screen, LabelScreen))
        await pilot.press("B", "e")
        await seen(pilot, "Blind mode hides what models")
    assert read_states(database) == {}


async def test_the_cluster_is_gone_to_and_hostile_text_is_shown_as_it_is(
    clustered_workspace: Workspace, database: Database
) -> None:
    dispute_labels(database, clustered_workspace.settings.annotator)
    with database.write() as cursor:
        cursor.execute("UPDATE answers SET text = ?", ["[@click=app.quit]go[/] \x1b]0;owned\x07"])
    first = find_suspects(database).suspects[0]
    async with doubting(clustered_workspace, database) as pilot:
        text = await seen(pilot, "[@click=app.quit]go[/] ␛]0;owned␇")
        assert not set("\x1b\x07") & set(text)
        await pilot.press("o")
        await until(pilot, lambda: isinstance(pilot.app.screen, LabelScreen))
        screen = pilot.app.screen
        assert isinstance(screen, LabelScreen)
        current = screen.labelling.state.work.current
        assert current is not None
        assert current.cluster_id == first.cluster_id


def test_learned_labels_are_those_of_the_decisions_before_they_are_examined(
    clustered_workspace: Workspace, database: Database
) -> None:
    settings = use_spread(clustered_workspace, "learned").settings
    with Learning(database, settings.labelling) as learning:
        desk = SuspectsDesk(database, learning, settings.annotator)
        label_clusters(database, settings.annotator, clusters=8)
        classify_answers(database)
        assert desk.find().n == len(labels_of(database)) > 8
        undo(database, settings.annotator)
        assert desk.find().n == len(labels_of(database)) == 0
