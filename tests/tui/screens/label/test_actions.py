"""Notes, flags, overrides, splits, bulk actions, filters, searches and what is remembered."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import cast

import pytest
from textual.events import Key
from textual.pilot import Pilot
from textual.widget import Widget
from textual.widgets import Input

from store.cluster_states import read_states
from store.clusters import Cluster, list_clusters, read_members
from store.database.connection import Database
from store.decisions import read_overrides
from store.origins import read_pairs
from tests import rows
from tests.tui.driving import is_settled, make_app, text_of, until, until_clusters
from tui.app import BackqueryApp
from tui.screens.dialogs.confirm import Confirm
from tui.screens.dialogs.frame import Dialog
from tui.screens.dialogs.prompt import Prompt
from tui.screens.dialogs.search import SearchDialog
from tui.screens.label.bulk_dialog import BulkDialog
from tui.screens.label.cluster_list import ClusterList
from tui.screens.label.filter_dialog import FilterDialog
from tui.screens.label.filters import BLIND_ORDERS
from tui.screens.label.guidelines import Guidelines
from tui.screens.label.map_dialog import MapDialog
from tui.screens.label.members import Members
from tui.screens.label.screen import LabelScreen
from tui.screens.label.state import LabelState
from tui.screens.label.text_pane import TextPane
from tui.services.results.cluster_map import MapReader
from tui.services.workspace import Workspace
from tui.widgets.map_layout import next_in_direction

WIDE, MEDIUM, NARROW = (160, 48), (120, 40), (80, 24)
ADVICE, CONTENT, GENERAL = rows.LABELS


class Hands:
    """Somebody at the labelling screen."""

    def __init__(self, pilot: Pilot[None], screen: LabelScreen) -> None:
        self.pilot = pilot
        self.screen = screen

    @property
    def state(self) -> LabelState:
        return self.screen.labelling.state

    def sees(self, pane: type[Widget]) -> bool:
        return bool(self.screen.query_one(pane).display)

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)

    async def see(self, text: str) -> None:
        await until(self.pilot, lambda: text in text_of(cast(BackqueryApp, self.pilot.app)))

    async def meet(self, kind: type) -> None:
        await until(self.pilot, lambda: isinstance(self.pilot.app.screen, kind))

    async def type(self, text: str) -> None:
        field = self.pilot.app.screen.query_one(Input)
        field.value = ""
        field.focus()
        await self.pilot.press(*text)


@asynccontextmanager
async def at_work(
    workspace: Workspace, database: Database, size: tuple[int, int] = WIDE
) -> AsyncIterator[Hands]:
    app = make_app(workspace, database)
    async with app.run_test(size=size) as pilot:
        yield Hands(pilot, await until_clusters(pilot))


@pytest.fixture
def largest(database: Database) -> str:
    return list_clusters(database)[0].cluster_id


def with_settings(workspace: Workspace, text: str) -> Workspace:
    """The workspace with a line more in the table `labelling`."""
    file = workspace.path / "workspace.toml"
    table = "[labelling]\n"
    file.write_text(file.read_text().replace(table, f"{table}{text}\n"))
    return Workspace.open(workspace.path)


async def test_a_note_and_a_flag_stand_beside_the_decision(
    clustered_workspace: Workspace, database: Database, largest: str
) -> None:
    async with at_work(clustered_workspace, database) as hands:
        await hands.press("!")
        await hands.see("Flagged: cluster 1")
        await hands.press("c")
        await hands.meet(Prompt)
        await hands.press(*"mixed 1", "enter")
        await hands.see("✎ mixed 1")
        state = read_states(database)[largest]
        assert (state.kind, state.is_flagged, state.note) == (None, True, "mixed 1")
        await hands.press("!")
        await hands.see("Took the flag off")
        await hands.press("u", "u", "u")
        await hands.see("Undid: flag")
    assert read_states(database) == {}


@pytest.mark.parametrize("opener", ["/", "c", "f", "p", "*"])
async def test_what_is_typed_before_a_dialog_is_up_decides_nothing(
    clustered_workspace: Workspace, database: Database, opener: str
) -> None:
    async with at_work(clustered_workspace, database) as hands:
        for key in (opener, "1", "s", "d", "2"):
            app = hands.pilot.app
            app.post_message(Key({"/": "slash", "*": "asterisk"}.get(key, key), key))
        await until(hands.pilot, lambda: isinstance(hands.pilot.app.screen, Dialog))
        await hands.press("escape")
        await hands.meet(LabelScreen)
        await hands.pilot.pause()
    with database.read() as cursor:
        assert cursor.number("SELECT count(*) FROM decisions") == 0


async def open_note(hands: Hands) -> None:
    await hands.press("c")
    await hands.meet(Prompt)


async def open_filter(hands: Hands) -> None:
    await hands.press("f")
    await hands.meet(FilterDialog)


async def open_confirmation(hands: Hands) -> None:
    await hands.press("b")
    await hands.meet(BulkDialog)
    await hands.press("enter")
    await hands.meet(Prompt)


@pytest.mark.parametrize("open_field", [open_note, open_filter, open_confirmation])
async def test_label_keys_typed_into_a_field_decide_nothing(
    clustered_workspace: Workspace,
    database: Database,
    open_field: Callable[[Hands], Awaitable[None]],
) -> None:
    workspace = with_settings(clustered_workspace, "bulk_confidence = 1.0")
    async with at_work(workspace, database) as hands:
        await open_field(hands)
        field = hands.pilot.app.screen.query_one(Input)
        await until(hands.pilot, lambda: hands.pilot.app.focused is field)
        await hands.press("1", "2", "3", "s", "d", "u", "!")
        assert field.value == "123sdu!"
        await hands.press("escape")
        await hands.meet(LabelScreen)
        await hands.pilot.pause()
    with database.read() as cursor:
        assert cursor.number("SELECT count(*) FROM decisions") == 0


async def test_a_single_member_gets_a_label_that_survives_its_cluster(
    clustered_workspace: Workspace, database: Database, largest: str
) -> None:
    second = read_members(database, largest)[1]
    async with at_work(clustered_workspace, database) as hands:
        await hands.press("l")
        await hands.see("THIS MEMBER ONLY")
        await hands.press("3")
        await hands.see("Labelled ■ general-content: member 2 of 7, this answer only. u undoes it.")
        assert hands.state.work.index == 0
        assert hands.state.chosen_member == 1
        await hands.press("escape", "1")
        await hands.see("Labelled ● health-advice: cluster 1")
    assert read_overrides(database) == {largest: {second.answer_id: (1, GENERAL)}}
    with database.read() as cursor:
        found = dict(cursor.rows("SELECT answer_id, label FROM answer_labels"))
    assert found.pop(second.answer_id) == GENERAL
    assert set(found.values()) == {ADVICE}


async def test_a_chosen_member_is_read_in_full_with_its_own_seed_and_copied(
    clustered_workspace: Workspace, database: Database, largest: str
) -> None:
    third = read_members(database, largest)[2]
    (pair,) = read_pairs(database, [third.answer_id])
    async with at_work(clustered_workspace, database) as hands:
        await hands.press("l", "j", "x")
        await hands.see(f"One member, 3 of {hands.state.work.clusters()[0].size}")
        await hands.see(f"SEED {pair.dataset}")
        view = hands.screen.query_one(TextPane).view
        assert view is not None
        assert (view.answer, view.pair, view.is_member) == (third.text, pair, True)
        await hands.press("y")
        await hands.see("Copied:")
    copied = (clustered_workspace.path / "exports" / "copied.txt").read_text()
    assert third.text in copied


@pytest.mark.parametrize("size", [WIDE, NARROW])
async def test_undo_goes_back_to_the_member_that_it_was_about(
    clustered_workspace: Workspace, database: Database, largest: str, size: tuple[int, int]
) -> None:
    async with at_work(clustered_workspace, database, size) as hands:
        await hands.press("l", "j", "2", "escape", "j", "u")
        await hands.see("Undid: ▲ health-content, on one answer.")
        assert (hands.state.work.index, hands.state.chosen_member) == (0, 1)
        assert hands.state.display.pane == "members"
        await hands.press("ctrl+r")
        await hands.see("Did again:")
    assert [*read_overrides(database)[largest].values()] == [(2, CONTENT)]


@pytest.mark.parametrize("key", ["s", "d"])
async def test_a_cluster_is_not_put_off_while_one_of_its_members_is_chosen(
    clustered_workspace: Workspace, database: Database, key: str
) -> None:
    async with at_work(clustered_workspace, database) as hands:
        await hands.press("l", key)
        await hands.see("! A single member can only be labelled; Esc goes back to its cluster.")
    assert read_states(database) == {}


async def test_no_cluster_is_labelled_where_a_member_was_meant_and_there_is_none(
    clustered_workspace: Workspace, database: Database
) -> None:
    async with at_work(clustered_workspace, database) as hands:
        await hands.press("G")
        await until(hands.pilot, lambda: is_settled(hands.screen))
        current = hands.state.work.current
        assert current is not None
        assert current.size == 1
        await hands.press("l", "1", "enter")
        await hands.see("! There is no other member to label; Esc goes back.")
    assert read_states(database) == {}
    assert read_overrides(database) == {}


async def test_panes_are_hidden_and_brought_back_over_restarts(
    clustered_workspace: Workspace, database: Database
) -> None:
    async with at_work(clustered_workspace, database) as hands:
        await hands.press("H")
        await until(hands.pilot, lambda: not hands.sees(ClusterList))
        assert hands.sees(Members)
    async with at_work(clustered_workspace, database) as hands:
        assert not hands.sees(ClusterList)
        await hands.press("H")
        await until(hands.pilot, lambda: hands.sees(ClusterList))
    async with at_work(clustered_workspace, database, MEDIUM) as hands:
        assert hands.sees(ClusterList)
        assert not hands.sees(Members)
        await hands.press("L")
        await until(hands.pilot, lambda: hands.sees(Members))
        assert not hands.sees(ClusterList)


async def test_the_bar_says_how_far_a_label_reaches_and_the_tail_stays_unlabelled(
    clustered_workspace: Workspace, database: Database, largest: str
) -> None:
    workspace = with_settings(clustered_workspace, "propagate_percent = 50")
    size = list_clusters(database)[0].size
    reach = -(-size // 2)
    async with at_work(workspace, database, NARROW) as hands:
        await hands.see(f"Label nearest {reach} of {size} answers:")
        await hands.press("1")
        await hands.see("Labelled ●")
        assert hands.state.work.decisions.tally.rows_labelled == reach
    with database.read() as cursor:
        assert cursor.number("SELECT count(*) FROM answer_labels") == reach


async def test_a_cluster_is_split_and_merged_by_undo(
    clustered_workspace: Workspace, database: Database, largest: str
) -> None:
    before = {cluster.cluster_id for cluster in list_clusters(database)}
    with database.write() as cursor:  # two directions, so that there are two parts
        cursor.execute(
            """UPDATE predictions SET embedding = [0.0, 1.0, 0.0] WHERE item_id IN
            (SELECT answer_id FROM members WHERE cluster_id = ? AND rank % 3 = 0)""",
            [largest],
        )
    async with at_work(clustered_workspace, database) as hands:
        await hands.press("1", "g", "p")
        await hands.meet(Prompt)
        await hands.press("9", "enter")
        await hands.see("! '9' is not a number from 2 to")
        await hands.press("p")
        await hands.meet(Prompt)
        await hands.press("2", "enter")
        await hands.see("Split into 2")
        parts = {cluster.cluster_id for cluster in list_clusters(database)} - before
        assert len(parts) == 2
        assert hands.state.work.current is not None
        assert hands.state.work.current.cluster_id in parts
        assert hands.state.work.decisions.tally.labelled == 0
        await hands.press("u")
        await hands.see("Undid: split")
        assert hands.state.work.decisions.tally.labelled == 1
    assert {cluster.cluster_id for cluster in list_clusters(database)} == before


async def test_all_shown_clusters_are_confirmed_by_one_action_that_one_undo_takes_back(
    clustered_workspace: Workspace, database: Database
) -> None:
    clusters = list_clusters(database)
    workspace = with_settings(clustered_workspace, "bulk_confidence = 0.1")
    async with at_work(workspace, database) as hands:
        await hands.press("b")
        await hands.meet(BulkDialog)
        await hands.see(f"▸ undecided only: {len(clusters)} clusters with 60 answers")
        await hands.press("enter")
        await hands.meet(Confirm)
        await hands.press("y")
        await hands.see(f"Labelled {len(clusters)} clusters as predicted.")
        found = {name: state.label for name, state in read_states(database).items()}
        assert found == {item.cluster_id: item.predicted_label for item in clusters}
        await hands.press("u")
        await hands.see(f"Undid: {len(clusters)} decisions taken at once")
    assert read_states(database) == {}


async def test_bulk_leaves_what_is_decided_alone_unless_all_are_chosen(
    clustered_workspace: Workspace, database: Database, largest: str
) -> None:
    workspace = with_settings(clustered_workspace, "bulk_confidence = 0.0")
    total = len(list_clusters(database))
    async with at_work(workspace, database) as hands:
        await hands.press("1", "b")
        await hands.meet(BulkDialog)
        await hands.see(f"▸ undecided only: {total - 1} clusters")
        await hands.press("2")
        await hands.meet(Confirm)
        await hands.press("y")
        await hands.see(f"Labelled {total - 1} clusters as health-content.")
        assert read_states(database)[largest].label == ADVICE
        await hands.press("b")
        await hands.meet(BulkDialog)
        await hands.see("There is nothing to label among these.")
        await hands.press("3")
        await hands.pilot.pause()
        await hands.meet(BulkDialog)
        await hands.press("space")
        await hands.see("▲ health-content: changes 1 decision ")
        await hands.press("3")
        await hands.see(f"{total} of them are decided")
        await hands.press("y")
        await hands.see(f"Labelled {total} clusters as general-content.")
    assert {state.label for state in read_states(database).values()} == {GENERAL}


async def test_unsure_clusters_need_their_number_typed(
    clustered_workspace: Workspace, database: Database
) -> None:
    workspace = with_settings(clustered_workspace, "bulk_confidence = 1.0")
    count = len(list_clusters(database))
    async with at_work(workspace, database) as hands:
        await open_confirmation(hands)
        await hands.see(f"Type {count} to do it.")
        await hands.press(*"7", "enter")
        await hands.see("Nothing was labelled.")
        assert read_states(database) == {}
        await hands.press("b")
        await hands.meet(BulkDialog)
        await hands.press("2")
        await hands.meet(Prompt)
        await hands.press(*str(count), "enter")
        await hands.see(f"Labelled {count} clusters as health-content")
    assert {state.label for state in read_states(database).values()} == {CONTENT}


async def test_a_filter_narrows_the_queue_and_opening_again_keeps_it(
    clustered_workspace: Workspace, database: Database
) -> None:
    advice = [item for item in list_clusters(database) if item.predicted_label == ADVICE]
    async with at_work(clustered_workspace, database) as hands:
        await hands.press("f")
        await hands.meet(FilterDialog)
        await hands.press(*["down"] * 4, "right", "enter")
        await hands.meet(LabelScreen)
        assert len(hands.state.work.shown) == len(advice)
        await hands.press("o", "o", "j", "x", "l")
        here = hands.state.place(0)
    async with at_work(clustered_workspace, database) as hands:
        assert hands.state.place(0) == here
        assert (here.order, here.display.pane, here.display.unfolded.origin) == (
            "least certain",
            "members",
            True,
        )
        assert here.filter.predicted == ADVICE
        await hands.press("f")
        await hands.meet(FilterDialog)
        await hands.press("ctrl+r", "enter")
        await hands.meet(LabelScreen)
        assert len(hands.state.work.shown) == len(list_clusters(database))


@pytest.mark.parametrize("place", ["representatives", "all members"])
async def test_a_text_filter_shows_the_clusters_that_have_it(
    clustered_workspace: Workspace, database: Database, place: str
) -> None:
    def has(answers: list[str]) -> bool:
        return any("thyroid" in answer.casefold() for answer in answers)

    expected = set()
    for cluster in list_clusters(database):
        members = read_members(database, cluster.cluster_id)
        if has([item.text for item in members if item.rank == 0 or place != "representatives"]):
            expected.add(cluster.cluster_id)
    async with at_work(clustered_workspace, database) as hands:
        await open_filter(hands)
        if place == "all members":
            await hands.press("down", "right", "up")
        await hands.press(*"Thyroid", "enter")
        await hands.meet(LabelScreen)
        await hands.see(
            f"{len(expected)} of {hands.state.work.decisions.tally.clusters} clusters shown"
        )
        assert set(hands.state.work.shown) == expected


@pytest.mark.parametrize("place", ["representatives", "all members"])
async def test_opening_again_keeps_a_text_filter(
    clustered_workspace: Workspace, database: Database, place: str
) -> None:
    async with at_work(clustered_workspace, database) as hands:
        await open_filter(hands)
        if place == "all members":
            await hands.press("down", "right", "up")
        word = max(list_clusters(database)[0].representative.split(), key=len)
        await hands.press(*word.strip(".,;:'\""), "enter")
        await hands.see("clusters shown")
        narrowed = hands.state.work.shown
        total = len(list_clusters(database))
        assert 0 < len(narrowed) < total
    async with at_work(clustered_workspace, database) as hands:
        await until(hands.pilot, lambda: hands.state.work.shown == narrowed)
        await hands.see(f"Clusters: {len(narrowed)} of {total}")


@pytest.mark.parametrize("place", ["representatives", "all members"])
async def test_the_filter_counts_what_it_would_leave_in_and_clearing_does_not_close_it(
    clustered_workspace: Workspace, database: Database, place: str
) -> None:
    clusters = list_clusters(database)
    everything = f"Shows {len(clusters)} of {len(clusters)} clusters, 60 of 60 answers"

    def has(cluster: Cluster) -> bool:
        members = read_members(database, cluster.cluster_id)
        searched = [item.text for item in members if not item.rank or place == "all members"]
        return any("thyroid" in text.casefold() for text in searched)

    left = [cluster for cluster in clusters if has(cluster)]
    answers = sum(cluster.size for cluster in left)
    async with at_work(clustered_workspace, database) as hands:
        await open_filter(hands)
        await hands.see(everything)
        await hands.press(*"thyroid")
        if place == "all members":
            await hands.press("down", "right")
        await hands.see(f"Shows {len(left)} of {len(clusters)} clusters, {answers} of 60 answers")
        await hands.press("ctrl+r")
        await hands.see(everything)
        await hands.press("escape")
        await hands.meet(LabelScreen)
        assert hands.state.work.filter.is_empty


async def test_clusters_are_found_by_the_label_they_were_given(
    clustered_workspace: Workspace, database: Database
) -> None:
    async with at_work(clustered_workspace, database) as hands:
        await hands.press("3", "1", "1", "f")
        await hands.meet(FilterDialog)
        await hands.press("down", "down", "down", "right", "enter")
        await hands.see("2 of")
        found = hands.state.work
        assert {found.decisions.states[name].label for name in found.shown} == {ADVICE}
        assert len(found.shown) == 2


async def test_a_search_begins_empty_counts_its_hits_and_keeps_what_was_searched_for(
    clustered_workspace: Workspace, database: Database
) -> None:
    total = len(list_clusters(database))
    for text in ("the", "of"):
        async with at_work(clustered_workspace, database) as hands:
            await hands.press("/")
            await hands.meet(SearchDialog)
            assert hands.pilot.app.screen.query_one(Input).value == ""
            await hands.press(*text)
            hits = [item for item in list_clusters(database) if text in item.representative.lower()]
            await hands.see(f"In {len(hits)} of {total} clusters shown.")
            await hands.press("enter")
            await hands.meet(LabelScreen)
    async with at_work(clustered_workspace, database) as hands:
        await hands.press("n")
        await hands.see("! There is no hit to go to; / searches.")
        await hands.press("/")
        await hands.meet(SearchDialog)
        field = hands.pilot.app.screen.query_one(Input)
        for key, value in (("a", "a"), ("up", "of"), ("up", "the"), ("up", "the"),
                           ("down", "of"), ("down", "a"), ("down", "a")):  # fmt: skip
            await hands.press(key)
            assert field.value == value
        await hands.press(*"/(", "up")
        await hands.press("escape")
        await hands.meet(LabelScreen)
        assert hands.state.searches == ("the", "of")


async def test_what_is_known_of_a_cluster_is_one_key_away_and_blindly_less_of_it(
    clustered_workspace: Workspace, database: Database, largest: str
) -> None:
    async with at_work(clustered_workspace, database) as hands:
        await hands.press("!", "i")
        await hands.see("purity")
        shown = text_of(cast(BackqueryApp, hands.pilot.app))
        assert largest in shown
        assert "flagged         yes" in shown
        assert "decision        none yet" in shown
        await hands.press("escape", "B", "i")
        await hands.see("This cluster")
        shown = text_of(cast(BackqueryApp, hands.pilot.app))
        assert not any(text in shown for text in ("purity", "seeds' labels", "confidence  "))


async def test_what_cannot_be_searched_for_is_refused_and_changes_nothing(
    clustered_workspace: Workspace, database: Database
) -> None:
    async with at_work(clustered_workspace, database) as hands:
        await open_filter(hands)
        await hands.press(*"/(/", "enter")
        await hands.see("! /(/ is not a regular expression")
        assert hands.state.work.filter.is_empty
        await hands.press("/")
        await hands.meet(SearchDialog)
        await hands.press(*"/[/", "enter")
        await hands.see("! /[/ is not a regular expression")


async def test_a_search_goes_from_hit_to_hit_and_marks_them(
    clustered_workspace: Workspace, database: Database
) -> None:
    names = [item.cluster_id for item in list_clusters(database) if "the" in item.representative]
    async with at_work(clustered_workspace, database) as hands:
        await hands.press("/")
        await hands.meet(SearchDialog)
        await hands.press(*"/the/", "enter")
        await hands.see(f"It is in {len(names)} cluster")
        first = hands.state.work.index
        await hands.press("n")
        assert hands.state.work.index > first
        await hands.press("N")
        assert hands.state.work.index == first
        await until(hands.pilot, lambda: is_settled(hands.screen))
        assert hands.state.detail is not None
        assert any(hands.state.detail.marks.values())


async def test_blind_mode_hides_what_would_lead_the_hand(
    clustered_workspace: Workspace, database: Database
) -> None:
    async with at_work(clustered_workspace, database) as hands:
        await hands.press("o", "x", "B")
        await hands.see("· blind")
        shown = text_of(cast(BackqueryApp, hands.pilot.app))
        panes = shown.partition(" 1  ● ")[0]
        assert "predicted ●" not in panes
        assert not set("●▲■") & set(panes)
        assert "p 0." not in panes
        assert hands.state.work.order == "largest"
        await hands.press("enter")
        await hands.see("! In blind mode nothing is predicted")
        assert read_states(database) == {}
        for _ in range(5):
            await hands.press("m")
            assert hands.state.display.members_order != "least-confident"
        await hands.press("o")
        await hands.see("In blind mode there is no order that follows predictions.")
        assert hands.state.work.order in BLIND_ORDERS
        await hands.press("o")
        assert hands.state.work.order in BLIND_ORDERS
        await hands.press("2")
        await hands.see("Labelled ▲")


async def test_words_are_highlighted_from_a_file_and_from_the_prompt(
    clustered_workspace: Workspace, database: Database
) -> None:
    (clustered_workspace.path / "words.txt").write_text("doctor\n/\\bwas\\b/\n")
    workspace = with_settings(clustered_workspace, 'highlight = "words.txt"')
    async with at_work(workspace, database) as hands:
        assert hands.state.display.highlight == ("doctor", "/\\bwas\\b/")
        await hands.press("*")
        await hands.meet(Prompt)
        await hands.type("tea")
        await hands.press("enter")
        await hands.meet(LabelScreen)
        await until(hands.pilot, lambda: hands.state.display.highlight == ("tea",))


async def test_a_cluster_is_found_on_the_map_and_opened(
    clustered_workspace: Workspace, database: Database
) -> None:
    plane = MapReader(database).read().planes[0]
    clusters = [cluster.cluster_id for cluster in list_clusters(database)]
    async with at_work(clustered_workspace, database, NARROW) as hands:
        here = hands.state.work.current
        assert here is not None
        await hands.press("M")
        await hands.meet(MapDialog)
        await hands.see("60 answers in 22 clusters, by decision")
        await hands.see("these two directions hold")
        place = plane.clusters.index(clusters.index(here.cluster_id))
        wanted = clusters[plane.clusters[next_in_direction(plane.spots, place, "right")]]
        assert wanted != here.cluster_id
        await hands.press("1", "l", "enter")
        await hands.meet(LabelScreen)
        assert hands.state.work.current is not None
        assert hands.state.work.current.cluster_id == wanted
        await hands.press("M", "l", "escape")
        await hands.meet(LabelScreen)
        assert hands.state.work.current.cluster_id == wanted
    assert read_states(database) == {}  # no key labels on the map


async def test_the_map_is_coloured_by_decisions_and_tells_nothing_where_one_is_blind(
    clustered_workspace: Workspace, database: Database
) -> None:
    async with at_work(clustered_workspace, database, WIDE) as hands:
        await hands.press("g", "1", "s", "M")
        await hands.meet(MapDialog)
        await hands.see("● health-advice   » skipped   · undecided")
        await hands.press("m")
        await hands.see("by prediction")
        await hands.press("m")
        await hands.see("by seed label")
        await hands.see("≠ mixed")
        await hands.press("z")
        await hands.see("predicted as")
        await hands.press("M")
        await hands.meet(LabelScreen)
        await hands.press("B", "M")
        await hands.meet(MapDialog)
        await hands.see("by decision")
        await hands.press("m", "z")
        found = text_of(cast(BackqueryApp, hands.pilot.app))
        assert "by decision" in found
        for told in ("≠", "predicted", "seeds:", "general-content"):
            assert told not in found


async def test_the_guidelines_are_the_tasks_own(
    clustered_workspace: Workspace, database: Database
) -> None:
    async with at_work(clustered_workspace, database, NARROW) as hands:
        await hands.press("t")
        await hands.meet(Guidelines)
        await hands.see("recommends nothing to anybody")
        await hands.press("1", "escape")
        await hands.meet(LabelScreen)
    assert read_states(database) == {}


async def test_what_is_copied_is_in_a_file_too(
    clustered_workspace: Workspace, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TMUX", raising=False)
    async with at_work(clustered_workspace, database) as hands:
        await hands.press("y")
        await hands.see("Copied: sent to the terminal")
        assert hands.pilot.app.clipboard.startswith("SEED (")
    text = Path(clustered_workspace.path / "exports" / "copied.txt").read_text()
    assert "QUESTION\n" in text
    assert list_clusters(database)[0].representative in text
