"""Labelling with keys: what the store holds afterwards, and what is seen."""

from collections.abc import Sequence
from functools import partial

import pytest
from textual.binding import Binding
from textual.events import AppBlur
from textual.widgets import Input

from store.cluster_states import read_states
from store.clusters import list_clusters
from store.database.connection import Database
from store.decisions import Decision, record
from tests import rows
from tests.tui.driving import is_settled, make_app, text_of, until, until_clusters
from tests.tui.filled import write_job
from tui.keys.bindings import label_bindings
from tui.keys.registry import keys_of
from tui.screens.label.browser import ClusterBrowser
from tui.screens.label.finder import ClusterFinder
from tui.screens.label.labeller import ClusterLabeller
from tui.screens.label.views import Detail
from tui.screens.label.worklist import Worklist
from tui.services.workspace import Workspace

WIDE, NARROW = (160, 48), (80, 24)
ADVICE, CONTENT, GENERAL = rows.LABELS

Decided = dict[str, tuple[str | None, str | None]]


def cluster_decisions(database: Database) -> Decided:
    return {name: (state.kind, state.label) for name, state in read_states(database).items()}


async def press(
    workspace: Workspace,
    database: Database,
    keys: Sequence[str],
    size: tuple[int, int] = WIDE,
) -> tuple[Worklist, str]:
    """Press keys on the labelling screen; return its queue and what it shows."""
    app = make_app(workspace, database)
    async with app.run_test(size=size) as pilot:
        screen = await until_clusters(pilot)
        await pilot.press(*keys)
        await until(pilot, lambda: is_settled(screen))
        return screen.labelling.state.work, text_of(app)


async def test_a_digit_labels_the_cluster_and_goes_on_to_the_next_undecided(
    clustered_workspace: Workspace, database: Database
) -> None:
    queue, shown = await press(clustered_workspace, database, ["2"])
    first = queue.clusters()[0]
    assert cluster_decisions(database) == {first.cluster_id: ("label", CONTENT)}
    assert queue.index == 1
    assert f"1 of {len(queue.shown)} clusters labelled" in shown
    assert f"Labelled ▲ {CONTENT}: cluster 1, {first.size} answers. u undoes it." in shown


async def test_keys_in_a_burst_label_one_cluster_each(
    clustered_workspace: Workspace, database: Database
) -> None:
    queue, _ = await press(clustered_workspace, database, ["1", "2", "3", "s"])
    ids = [cluster.cluster_id for cluster in queue.clusters()]
    assert cluster_decisions(database) == {
        ids[0]: ("label", ADVICE),
        ids[1]: ("label", CONTENT),
        ids[2]: ("label", GENERAL),
        ids[3]: ("skip", None),
    }
    assert queue.index == 4


async def test_enter_labels_as_predicted(
    clustered_workspace: Workspace, database: Database
) -> None:
    queue, _ = await press(clustered_workspace, database, ["enter"])
    first = queue.clusters()[0]
    assert cluster_decisions(database) == {first.cluster_id: ("label", first.predicted_label)}


async def test_undo_takes_back_the_last_action_and_returns_to_its_cluster(
    clustered_workspace: Workspace, database: Database
) -> None:
    queue, shown = await press(clustered_workspace, database, ["1", "2", "u", "u"])
    assert cluster_decisions(database) == {}
    assert queue.index == 0
    assert "Undid: ● health-advice, cluster 1" in shown


async def test_redo_does_again_what_was_undone(
    clustered_workspace: Workspace, database: Database
) -> None:
    queue, shown = await press(clustered_workspace, database, ["1", "s", "u", "u", "ctrl+r"])
    assert cluster_decisions(database) == {queue.clusters()[0].cluster_id: ("label", ADVICE)}
    assert "Did again: ● health-advice" in shown


async def test_undo_goes_back_behind_a_restart(
    clustered_workspace: Workspace, database: Database
) -> None:
    await press(clustered_workspace, database, ["1"])
    await press(clustered_workspace, database, ["u"])
    assert cluster_decisions(database) == {}


async def test_with_nothing_to_undo_it_says_so_and_goes_on(
    clustered_workspace: Workspace, database: Database
) -> None:
    _, shown = await press(clustered_workspace, database, ["u", "j"])
    assert "! There is nothing left to undo." in shown


async def test_a_cluster_can_be_labelled_again(
    clustered_workspace: Workspace, database: Database
) -> None:
    queue, _ = await press(clustered_workspace, database, ["1", "g", "3"])
    assert cluster_decisions(database) == {queue.clusters()[0].cluster_id: ("label", GENERAL)}
    assert queue.index == 1


async def test_moving_decides_nothing(clustered_workspace: Workspace, database: Database) -> None:
    queue, _ = await press(clustered_workspace, database, ["j", "down", "k", "G", "j", "x", "r"])
    assert cluster_decisions(database) == {}
    assert queue.index == len(queue.shown) - 1


async def test_keys_that_belong_to_no_label_do_nothing(
    clustered_workspace: Workspace, database: Database
) -> None:
    queue, _ = await press(clustered_workspace, database, ["4", "9", "0", "a", "Z"])
    assert cluster_decisions(database) == {}
    assert queue.index == 0


async def test_the_bar_says_what_each_key_will_reach(
    clustered_workspace: Workspace, database: Database
) -> None:
    queue, shown = await press(clustered_workspace, database, [])
    first = queue.clusters()[0]
    assert f"Label {first.size} answers:    1  ● {ADVICE}" in shown
    assert f" Enter  as predicted: ● {first.predicted_label}" in shown.replace("▲", "●").replace(
        "■", "●"
    )


async def test_when_all_are_decided_it_says_what_comes_next(
    clustered_workspace: Workspace, database: Database
) -> None:
    ids = [cluster.cluster_id for cluster in list_clusters(database)]
    record(database, "me", [Decision("label", item, label=ADVICE) for item in ids[1:]])
    queue, shown = await press(clustered_workspace, database, ["2"])
    assert queue.decisions.tally.labelled == len(cluster_decisions(database)) == len(ids)
    assert "All are decided; F1 says what is next." in shown


async def test_skipped_clusters_are_pointed_out_at_the_end(
    clustered_workspace: Workspace, database: Database
) -> None:
    ids = [cluster.cluster_id for cluster in list_clusters(database)]
    record(database, "me", [Decision("label", item, label=ADVICE) for item in ids[1:]])
    _, shown = await press(clustered_workspace, database, ["s"])
    assert "Only 1 skipped or unsure is left; f shows it." in shown


@pytest.mark.parametrize("opener", ["question_mark", "dialog", "field"])
async def test_label_keys_do_nothing_while_a_dialog_or_a_text_field_is_open(
    clustered_workspace: Workspace, database: Database, opener: str
) -> None:
    app = make_app(clustered_workspace, database)
    async with app.run_test(size=WIDE) as pilot:
        screen = await until_clusters(pilot)
        if opener == "question_mark":
            await pilot.press("question_mark")
        elif opener == "dialog":
            from textual.content import Content

            from tui.screens.dialogs.confirm import Confirm

            app.push_screen(Confirm("Sure?", Content(""), screen.keymap))
            await until(pilot, lambda: isinstance(app.screen, Confirm))
        else:
            field = Input()
            await screen.mount(field)
            field.focus()
            await until(pilot, lambda: app.focused is field)
        await pilot.press("1", "2", "3", "s", "u")
        await pilot.pause()
        assert cluster_decisions(database) == {}
        if opener == "field":
            assert field.value == "123su"


async def test_a_narrow_screen_brings_list_and_members_up_in_the_place_of_the_text(
    clustered_workspace: Workspace, database: Database
) -> None:
    _, text = await press(clustered_workspace, database, ["x"], NARROW)
    _, queue = await press(clustered_workspace, database, ["h"], NARROW)
    _, members = await press(clustered_workspace, database, ["escape", "m"], NARROW)
    _, back = await press(clustered_workspace, database, ["escape"], NARROW)
    assert "SEED" in text
    assert "Members" not in text
    assert "label rows text" in queue
    assert "SEED" not in queue
    assert "Members: nearest" in members
    assert "THIS MEMBER ONLY" in members
    assert "SEED" in back


async def test_nothing_is_decided_from_the_narrow_list_where_the_text_is_not_seen(
    clustered_workspace: Workspace, database: Database
) -> None:
    _, shown = await press(clustered_workspace, database, ["h", "j", "1", "s", "d"], NARROW)
    assert cluster_decisions(database) == {}
    assert "! Enter shows the text" in shown
    queue, shown = await press(clustered_workspace, database, ["enter", "1"], NARROW)
    assert cluster_decisions(database) == {queue.clusters()[1].cluster_id: ("label", ADVICE)}


async def test_a_wide_screen_shows_list_text_and_members_side_by_side(
    clustered_workspace: Workspace, database: Database
) -> None:
    _, shown = await press(clustered_workspace, database, ["x"])
    assert "largest ─" in shown
    assert "SEED" in shown
    assert "QUESTION" in shown
    assert "Members: nearest" in shown


async def test_resizing_keeps_the_place(clustered_workspace: Workspace, database: Database) -> None:
    app = make_app(clustered_workspace, database)
    async with app.run_test(size=WIDE) as pilot:
        screen = await until_clusters(pilot)
        await pilot.press("j", "j")
        await pilot.resize_terminal(*NARROW)
        await until(pilot, lambda: screen.is_narrow)
        assert "Cluster 3 of" in text_of(app)
        await pilot.press("1")
        assert screen.labelling.state.work.index == 3


async def test_keys_act_again_after_the_terminal_had_no_room_or_no_focus(
    clustered_workspace: Workspace, database: Database
) -> None:
    app = make_app(clustered_workspace, database)
    async with app.run_test(size=WIDE) as pilot:
        state = (await until_clusters(pilot)).labelling.state
        await pilot.resize_terminal(20, 3)
        await pilot.pause()
        await pilot.resize_terminal(*NARROW)
        await until(pilot, lambda: "Cluster 1 of" in text_of(app))
        await pilot.press("1")
        app.post_message(AppBlur())
        await until(pilot, lambda: not app.app_focus)
        await pilot.press("2")
        assert state.work.decisions.tally.labelled == 2


def test_every_key_of_the_screen_is_bound_by_one_of_its_widgets() -> None:
    widgets = (ClusterBrowser, ClusterLabeller, ClusterFinder)
    bound = [item.id for widget in widgets for item in widget.BINDINGS if isinstance(item, Binding)]
    labels = [item.id for item in label_bindings() if isinstance(item, Binding)]
    assert sorted(map(str, bound)) == sorted(
        map(str, [*labels, *(key.id for key in keys_of("label"))])
    )


async def test_members_come_in_other_orders_and_random_ones_differ_by_draw(
    clustered_workspace: Workspace, database: Database
) -> None:
    app = make_app(clustered_workspace, database)
    async with app.run_test(size=WIDE) as pilot:
        state = (await until_clusters(pilot)).labelling.state
        shown = []

        def differs(before: Detail | None) -> bool:
            return state.detail not in (None, before)

        for key in ("x", "m", "r", "r", "m"):
            before = state.detail
            await pilot.press(key)
            if key != "x":
                await until(pilot, partial(differs, before))
            assert state.detail is not None
            shown.append([member.rank for member in state.detail.members])
            sure = [member.confidence or 0 for member in state.detail.members]
    nearest, farthest, first_draw, second_draw, _ = shown
    assert sure == sorted(sure)
    assert nearest == sorted(nearest)
    assert farthest == sorted(farthest, reverse=True)
    assert 0 not in nearest
    assert sorted(first_draw) == sorted(second_draw) == nearest
    assert first_draw != second_draw


HOSTILE = "[@click=app.quit]press[/] [link=http://x]here[/] \x1b]0;owned\x07 \x9b2J \u202edlrow"


async def test_hostile_text_is_shown_and_not_obeyed(
    imported_workspace: Workspace,
) -> None:
    with imported_workspace.database() as database:
        names = ["h0", "h1", "h2"]
        rows.add_dataset(database, "[b]hostile[/b]", [(n, HOSTILE, ADVICE) for n in names], "seed")
        job = [
            ("queries", rows.queries(names, text=HOSTILE)),
            ("answers", rows.answers(names, text=HOSTILE)),
            ("train", rows.detectors("d0")),
            ("predict", rows.predictions({f"a-{name}": ADVICE for name in names})),
            ("cluster", rows.members({"c0": [f"a-{name}" for name in names]})),
        ]
        write_job(imported_workspace, rows.JOB, job)
        for size in (WIDE, NARROW):
            keys = ["m"] if size == NARROW else ["x"]
            _, shown = await press(imported_workspace, database, keys, size)
            assert "[@click=app.quit]press[/] [link=http://x]here[/]" in shown.replace("\n", " ")
            assert "␛]0;owned␇" in shown
            assert not set("\x1b\x9b\x07\u202e") & set(shown)


async def test_clusters_that_come_while_the_screen_is_open_appear(
    imported_workspace: Workspace,
) -> None:
    names = ["h0", "h1"]
    with imported_workspace.database() as database:
        rows.add_dataset(database, "late", [(n, n, ADVICE) for n in names], "seed")
        app = make_app(imported_workspace, database)
        async with app.run_test(size=NARROW) as pilot:
            await until(pilot, lambda: "The clusters to label will appear here." in text_of(app))
            job = [
                ("queries", rows.queries(names)),
                ("answers", rows.answers(names)),
                ("train", rows.detectors("d0")),
                ("predict", rows.predictions({f"a-{name}": ADVICE for name in names})),
                ("cluster", rows.members({"c0": [f"a-{name}" for name in names]})),
            ]
            write_job(imported_workspace, rows.JOB, job)
            screen = await until_clusters(pilot)
            await pilot.press("1")
            assert screen.labelling.state.work.decisions.tally.labelled == 1
        assert cluster_decisions(database) == {"c0": ("label", ADVICE)}


async def test_members_are_there_once_the_terminal_has_room_for_them(
    clustered_workspace: Workspace, database: Database
) -> None:
    app = make_app(clustered_workspace, database)
    async with app.run_test(size=NARROW) as pilot:
        await until_clusters(pilot)
        await pilot.resize_terminal(*WIDE)
        await until(pilot, lambda: "distance " in text_of(app))
