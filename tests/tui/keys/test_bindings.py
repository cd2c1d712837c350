"""Changed keys in the running app: what they do, and what hints and help say of them."""

from collections.abc import Sequence

import pytest
from textual.app import App, ComposeResult

from store.database.connection import Database
from tests.tui.driving import make_app, text_of, until
from tui.keys.key import Scope
from tui.keys.keymap import Keymap
from tui.screens.label.labeller import ClusterLabeller
from tui.services.errors import SettingsInvalid
from tui.services.workspace import Workspace
from tui.widgets.hint_bar import HintBar

SIZE = (160, 48)


def with_keys(workspace: Workspace, tables: str) -> Workspace:
    """Add tables to the workspace's configuration and open it again."""
    path = workspace.path / "workspace.toml"
    path.write_text(path.read_text(encoding="utf-8") + tables, encoding="utf-8")
    return Workspace.open(workspace.path)


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The list to which the labelling screen adds what a key made it do."""
    actions: list[str] = []
    for name in ("skip", "undo", "redo"):
        monkeypatch.setattr(
            ClusterLabeller, f"action_{name}", lambda _, name=name: actions.append(name)
        )
    monkeypatch.setattr(
        ClusterLabeller, "action_label", lambda _, key: actions.append(f"label {key}")
    )
    return actions


async def press(workspace: Workspace, screen: str, *keys: str, until_shown: str = "") -> str:
    """Press keys on a screen of the app and return what it shows once it says something."""
    with Database(workspace.path) as database:
        app = make_app(workspace, database, screen)
        async with app.run_test(size=SIZE) as pilot:
            await until(pilot, lambda: "There are no seeds yet." in text_of(app))
            await pilot.press(*keys)
            await until(pilot, lambda: until_shown in text_of(app))
            return text_of(app)


async def test_two_actions_swap_their_keys(empty_workspace: Workspace, done: list[str]) -> None:
    workspace = with_keys(empty_workspace, '[keys.label]\nskip = "u"\nundo = "s"\n')
    await press(workspace, "label", "u", "s")
    assert done == ["skip", "undo"]


async def test_three_actions_pass_their_keys_round(
    empty_workspace: Workspace, done: list[str]
) -> None:
    tables = '[keys.label]\nskip = "u"\nundo = "ctrl+r"\nredo = ["s", ","]\n'
    await press(with_keys(empty_workspace, tables), "label", "u", "ctrl+r", "s", "comma")
    assert done == ["skip", "undo", "redo", "redo"]


async def test_an_action_no_longer_has_the_keys_it_was_moved_from(
    empty_workspace: Workspace, done: list[str]
) -> None:
    await press(with_keys(empty_workspace, '[keys.label]\nskip = "v"\n'), "label", "s", "v")
    assert done == ["skip"]


async def test_a_label_can_have_the_key_that_an_action_had(
    empty_workspace: Workspace, done: list[str]
) -> None:
    task = empty_workspace.path / "task.toml"
    task.write_text(task.read_text(encoding="utf-8").replace('key = "2"', 'key = "s"'))
    workspace = with_keys(empty_workspace, '[keys.label]\nskip = "2"\n')
    await press(workspace, "label", "s", "2", "1", "4")
    assert done == ["label s", "skip", "label 1"]


async def test_keys_that_act_everywhere_can_be_changed_and_screens_share_the_change(
    empty_workspace: Workspace,
) -> None:
    tables = '[keys.everywhere]\njobs = "Ctrl-G"\nnext_screen = "Ctrl-N"\n'
    workspace = with_keys(empty_workspace, tables)
    for screen in ("pipeline", "drift"):
        shown = await press(workspace, screen, "ctrl+g", until_shown="Jobs will be listed here.")
        assert "Ctrl-G Jobs" in shown
    await press(workspace, "training", "ctrl+n", until_shown="Detectors will be compared here")


async def test_texts_and_dialogs_name_the_keys_that_are_configured(
    empty_workspace: Workspace,
) -> None:
    tables = '[keys.jobs]\ncancel = "r"\nresume = "c"\n[keys.help]\nclose = "w"\n'
    workspace = with_keys(empty_workspace, tables)
    await press(workspace, "jobs", "r", until_shown="Only a running job can be cancelled.")
    shown = await press(workspace, "jobs", "c", until_shown="Only a job that stopped")
    assert "Only a running job" not in shown
    assert "w close" in await press(workspace, "jobs", "question_mark", until_shown="Keys")


async def test_the_help_shows_the_keys_that_are_configured_and_those_of_the_labels(
    empty_workspace: Workspace,
) -> None:
    workspace = with_keys(empty_workspace, '[keys.label]\nskip = ["v", "Ctrl+E"]\n')
    shown = await press(workspace, "label", "question_mark", until_shown="Keys")
    assert "  v Ctrl-E   Leave it for later" in shown
    assert "  2          Label as health-content, go on" in shown


def test_keys_that_clash_are_refused_when_the_app_is_opened_and_not_before(
    empty_workspace: Workspace,
) -> None:
    workspace = with_keys(empty_workspace, '[keys.label]\nskip = "u"\n')
    with pytest.raises(SettingsInvalid, match=r"workspace\.toml: u would be the key of"):
        workspace.keymap()


async def hint_line(keymap: Keymap, scope: Scope, columns: int) -> str:
    """The hint line of a scope as it is drawn."""

    class Hints(App[None]):
        def compose(self) -> ComposeResult:
            yield HintBar(keymap, scope)

    app = Hints()
    async with app.run_test(size=(columns, 1)):
        strips: Sequence[object] = app.screen._compositor.render_strips()
        return "".join(str(getattr(segment, "text", "")) for segment in strips[0])  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("scope", "columns", "line"),
    [
        (
            "label",
            80,
            "s skip  u undo  t meanings  h queue  l members  x seed  : find  ? help  q quit",
        ),
        ("dialog", 40, "y yes  n no"),
        ("drift", 32, "v view  : find  ? help  q quit"),
        ("everywhere", 80, ": find  ? help  q quit"),
    ],
)
async def test_the_hint_line_has_the_keys_that_matter_most_as_many_as_fit(
    scope: Scope, columns: int, line: str
) -> None:
    assert (await hint_line(Keymap(), scope, columns)).rstrip() == line


async def test_the_hint_line_shows_the_keys_that_are_configured(empty_workspace: Workspace) -> None:
    keymap = with_keys(empty_workspace, '[keys.label]\nskip = ["Ctrl+E", "v"]\n').keymap()
    assert (await hint_line(keymap, "label", 80)).startswith("Ctrl-E skip  u undo")
