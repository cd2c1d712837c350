"""The command palette: what it lists, how it is found, and that it does what the key does."""

from textual.command import CommandList, CommandPalette

from tests.tui.driving import make_app, seen, shown, until, until_clusters
from tui.services.workspace import Workspace

SIZE = (80, 24)


async def test_every_action_of_the_screen_is_listed_with_its_key(
    clustered_workspace: Workspace,
) -> None:
    with clustered_workspace.database() as database:
        async with make_app(clustered_workspace, database).run_test(size=(80, 80)) as pilot:
            await until_clusters(pilot)
            await pilot.press("colon")
            await seen(pilot, "What do you want to do?", "1          Label as health-advice")
            found = await seen(
                pilot, "u          Undo your last action", "F4         Drift: How far"
            )
            assert "b          Label or confirm" in found
            await pilot.press("escape")
            await until(pilot, lambda: "What do you want" not in shown(pilot))


async def test_what_is_chosen_is_done_as_its_key_does_it(clustered_workspace: Workspace) -> None:
    with clustered_workspace.database() as database:
        async with make_app(clustered_workspace, database).run_test(size=SIZE) as pilot:
            screen = await until_clusters(pilot)
            work = screen.labelling.state.work
            first = work.shown[0]
            await pilot.press("colon", *"health-advice")
            await until(pilot, lambda: has_commands(pilot.app.screen))
            assert work.decisions.state(first) is None
            await pilot.press("enter")
            await until(pilot, lambda: work.decisions.state(first) is not None)
            state = work.decisions.state(first)
            assert state is not None
            assert state.label == "health-advice"
            await pilot.press("colon", *"how far answers")
            await until(pilot, lambda: has_commands(pilot.app.screen))
            await pilot.press("enter")
            await until(pilot, lambda: pilot.app.current_mode == "drift")


def has_commands(screen: object) -> bool:
    """Whether the palette has found something."""
    return (
        isinstance(screen, CommandPalette)
        and screen.query_one(CommandList).option_count > 0
        and screen.query_one("#--input").has_class("--list-visible")
    )
