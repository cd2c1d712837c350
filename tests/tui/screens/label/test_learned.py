"""Labels that are learned while clusters are labelled, in the app."""

import os
import signal

import pytest
from textual.pilot import Pilot

from store.clusters import list_clusters
from store.counts import count_all
from store.database.connection import Database
from store.decisions import Decision, record, undo
from store.learned_labels import read_basis
from tests import rows
from tests.learned import labels_of
from tests.tui.driving import make_app, seen, shown, text_of, until, until_clusters
from tests.tui.filled import use_spread
from tui.screens.label.bar import LabelBar, Offer
from tui.screens.label.screen import LabelScreen
from tui.services.learning import Learning
from tui.services.results.label_quality import read_quality
from tui.services.results.quality_words import describe_briefly, describe_quality
from tui.services.workspace import Workspace

ADVICE, CONTENT, _ = rows.LABELS
WIDE = (160, 48)


@pytest.fixture
def learned_workspace(clustered_workspace: Workspace) -> Workspace:
    return use_spread(clustered_workspace, "learned")


def labelled_rows(screen: LabelScreen) -> int:
    return screen.labelling.state.work.decisions.tally.rows_labelled


def is_fresh(database: Database) -> bool:
    return read_basis(database, 0).is_fresh


def foreseen(screen: LabelScreen) -> bool:
    offer = screen.query_one(LabelBar).offer
    return isinstance(offer, Offer) and bool(offer.foreseen)


async def label_two(pilot: Pilot[None], screen: LabelScreen) -> None:
    """Give two clusters two labels, and wait until that is learned from."""
    await pilot.press("1", "2")
    await until(pilot, lambda: labelled_rows(screen) > 2)


async def test_the_counts_are_those_of_the_store_after_each_key_and_its_undoing(
    learned_workspace: Workspace,
) -> None:
    with learned_workspace.database() as database:
        async with make_app(learned_workspace, database).run_test(size=WIDE) as pilot:
            screen = await until_clusters(pilot)
            await label_two(pilot, screen)
            await until(pilot, lambda: labelled_rows(screen) == count_all(database).labels)
            before = labels_of(database)
            await pilot.press("3")
            await until(pilot, lambda: is_fresh(database))
            await until(pilot, lambda: labelled_rows(screen) == count_all(database).labels)
            assert labels_of(database) != before
            await pilot.press("u")
            await until(pilot, lambda: is_fresh(database))
            await until(pilot, lambda: labelled_rows(screen) == count_all(database).labels)
            assert labels_of(database) == before


async def test_the_bar_says_what_a_key_would_do_and_that_comes_to_be(
    learned_workspace: Workspace,
) -> None:
    with learned_workspace.database() as database:
        async with make_app(learned_workspace, database).run_test(size=WIDE) as pilot:
            screen = await until_clusters(pilot)
            await label_two(pilot, screen)
            await until(pilot, lambda: foreseen(screen))
            assert "more elsewhere" in shown(pilot)
            offer = screen.query_one(LabelBar).offer
            assert isinstance(offer, Offer)
            assert offer.foreseen is not None
            here = offer.foreseen[ADVICE].here
            cluster = screen.labelling.state.work.current
            assert cluster is not None
            await pilot.press("1")
            with Learning(database, learned_workspace.settings.labelling) as learning:
                learning.make_fresh()
            with database.read() as cursor:
                found = cursor.number(
                    """SELECT count(*) FROM answer_labels JOIN members USING (answer_id)
                    WHERE cluster_id = ? AND label = ?""",
                    [cluster.cluster_id, ADVICE],
                )
            assert found == here


async def test_blindly_nothing_is_said_of_what_was_learned(learned_workspace: Workspace) -> None:
    with learned_workspace.database() as database:
        async with make_app(learned_workspace, database).run_test(size=WIDE) as pilot:
            screen = await until_clusters(pilot)
            await label_two(pilot, screen)
            await seen(pilot, "learned 0.", "more elsewhere")
            await pilot.press("B")
            await until(pilot, lambda: "more elsewhere" not in shown(pilot))
            await until(pilot, lambda: "learned 0." not in shown(pilot))


async def test_a_killed_process_is_told_of_and_the_next_decision_starts_another(
    learned_workspace: Workspace,
) -> None:
    with learned_workspace.database() as database:
        app = make_app(learned_workspace, database)
        async with app.run_test(size=WIDE) as pilot:
            screen = await until_clusters(pilot)
            await label_two(pilot, screen)
            desk = screen.labelling.desk
            assert desk is not None
            placed = desk.learning._placed
            assert placed is not None
            os.kill(placed._learner._process.pid, signal.SIGKILL)
            await pilot.press("1")
            await seen(pilot, "The process that learns labels died")
            await pilot.press("2")
            await until(pilot, lambda: desk.learning._placed is not None)
            newer = desk.learning._placed
            assert newer is not None
            await until(pilot, lambda: is_fresh(database))
            await until(pilot, lambda: labelled_rows(screen) == count_all(database).labels > 4)
        assert newer._learner._process.poll() is not None  # it ends with the app


async def test_what_a_command_decides_is_learned_from(learned_workspace: Workspace) -> None:
    with Database(learned_workspace.path, role="the app", is_modest=True) as owner:
        app = make_app(learned_workspace, owner)
        async with app.run_test(size=WIDE) as pilot:
            screen = await until_clusters(pilot)
            await label_two(pilot, screen)
            before = labelled_rows(screen)
            with Database(owner.workspace) as command:
                last = list_clusters(command)[-1]
                record(command, "bob", [Decision("label", last.cluster_id, label=rows.LABELS[2])])
                await until(
                    pilot, lambda: screen.labelling.state.work.decisions.tally.labelled == 3
                )
                await until(pilot, lambda: labelled_rows(screen) == count_all(owner).labels)
                undo(command, "bob")
                await until(pilot, lambda: labelled_rows(screen) == before)


async def test_a_window_that_looks_on_shows_what_the_other_learned(
    learned_workspace: Workspace,
) -> None:
    with (
        Database(learned_workspace.path, role="the app", is_modest=True) as owner,
        Learning(owner, learned_workspace.settings.labelling) as learning,
        Database(learned_workspace.path, looks_on=True) as onlooker,
    ):
        app = make_app(learned_workspace, onlooker)
        async with app.run_test(size=WIDE) as pilot:
            screen = await until_clusters(pilot)
            for cluster, label in zip(list_clusters(owner)[:2], (ADVICE, CONTENT), strict=True):
                record(owner, "ada", [Decision("label", cluster.cluster_id, label=label)])
            assert learning.make_fresh()
            await until(pilot, lambda: labelled_rows(screen) == count_all(owner).labels > 2)
            assert "more elsewhere" not in text_of(app)


@pytest.mark.parametrize("size", [WIDE, (80, 24)])
async def test_a_line_says_how_many_labels_are_right_by_now(
    learned_workspace: Workspace, size: tuple[int, int]
) -> None:
    with learned_workspace.database() as database:
        async with make_app(learned_workspace, database).run_test(size=size) as pilot:
            screen = await until_clusters(pilot)
            await label_two(pilot, screen)
            await seen(pilot, "unknown, 2 decisions of 10 needed")
            await pilot.press(*"12121212")
            await seen(pilot, ", n = 10, ")
            quality = read_quality(learned_workspace, database)
            words = describe_quality(quality) if size == WIDE else describe_briefly(quality)
            await seen(pilot, words)


async def test_no_line_says_so_where_labels_spread_by_cluster(
    clustered_workspace: Workspace,
) -> None:
    with clustered_workspace.database() as database:
        async with make_app(clustered_workspace, database).run_test(size=WIDE) as pilot:
            await until_clusters(pilot)
            assert "right:" not in shown(pilot).lower()
