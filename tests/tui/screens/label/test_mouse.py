"""The mouse on the labelling screen: lines of the queue and of the members, and the wheel."""

from textual.events import MouseScrollDown

from tests.tui.driving import make_app, until, until_clusters
from tui.screens.label.cluster_list import ClusterList
from tui.screens.label.members import Members
from tui.services.workspace import Workspace
from tui.widgets.pane import WHEEL_LINES, Pane

SIZE = (160, 48)


async def test_a_click_goes_to_a_cluster_and_then_to_one_of_its_members(
    clustered_workspace: Workspace,
) -> None:
    with clustered_workspace.database() as database:
        async with make_app(clustered_workspace, database).run_test(size=SIZE) as pilot:
            screen = await until_clusters(pilot)
            state = screen.labelling.state
            third = state.work.shown[2]
            await pilot.click(screen.query_one(ClusterList), offset=(8, 4))
            await until(pilot, lambda: state.work.current and state.detail)
            assert state.work.current is not None
            assert state.work.current.cluster_id == third
            assert state.display.pane == "queue"
            await pilot.click(screen.query_one(ClusterList), offset=(8, 1))
            assert state.work.current.cluster_id == third
            await pilot.press("0")
            assert state.work.decisions.state(third) is None
            members = screen.query_one(Members)
            await until(pilot, lambda: members.size.height > 0)
            await pilot.click(members, offset=(4, 1))
            assert state.is_among_members


async def test_the_wheel_scrolls_a_text(clustered_workspace: Workspace) -> None:
    with clustered_workspace.database() as database:
        async with make_app(clustered_workspace, database).run_test(size=(80, 24)) as pilot:
            screen = await until_clusters(pilot)
            pane = next(item for item in screen.query(Pane) if not isinstance(item, Members))
            await until(pilot, lambda: pane.size.height > 0)
            before = pane.top_line
            pane.post_message(
                MouseScrollDown(
                    pane, x=1, y=1, delta_x=0, delta_y=1, button=0, shift=False, meta=False,
                    ctrl=False,
                )
            )  # fmt: skip
            await pilot.pause()
            room = len(pane._lines) - pane.size.height
            assert pane.top_line == max(min(before + WHEEL_LINES, room), 0)
