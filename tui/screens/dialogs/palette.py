"""The command palette: every action of the screen below and of the app, found by its words."""

from collections.abc import Coroutine, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final

from textual.command import CommandPalette, DiscoveryHit, Hit, Hits, Provider
from textual.content import Content
from textual.dom import DOMNode

from tui.frame.theme import THEMES
from tui.keys.bindings import label_binding_id
from tui.keys.everywhere import SCREENS
from tui.screens.work_screen import WorkScreen

KEY_WIDTH: Final = 11
TITLES: Final[Mapping[str, str]] = {screen.scope: f"{screen.title}: " for screen in SCREENS}
PLACEHOLDER: Final = "What do you want to do? Esc goes back"


@dataclass(frozen=True, slots=True)
class Command:
    """An action and the node that has it; `shown` are its keys as people write them."""

    text: str
    shown: str
    action: str
    node: DOMNode


class KeyCommands(Provider):
    """What keys do on the screen below as they are configured, in the order of the help."""

    async def discover(self) -> Hits:
        """All commands."""
        for command in self._commands():
            text = Content(command.text)
            yield DiscoveryHit(_line(command, text), self._run(command), command.text)

    async def search(self, query: str) -> Hits:
        """Those in whose words the letters are found; best of all, the one with that key."""
        matcher = self.matcher(query)
        for command in self._commands():
            score = 1.0 if query in command.shown.split() else matcher.match(command.text)
            if score > 0:
                line = _line(command, matcher.highlight(command.text))
                yield Hit(score, line, self._run(command), command.text)

    def _run(self, command: Command) -> "partial[Coroutine[None, None, bool]]":
        return partial(self.app.run_action, command.action, command.node)

    def _commands(self) -> Iterator[Command]:
        """Labels by their names, the screen's actions, those of all screens, then the themes."""
        screen = self.screen
        if not isinstance(screen, WorkScreen):
            return
        active = {found.binding.id: found for found in screen.active_bindings.values()}
        for key, text in screen.keymap.label_actions(screen.SCOPE):
            if found := active.get(label_binding_id(key)):
                yield Command(text, key, found.binding.action, found.node)
        for item in screen.keymap.of(screen.SCOPE, "everywhere"):
            found = active.get(item.id)
            if found and item.id != "everywhere.palette":
                title = TITLES.get(item.name, "") if item.scope == "everywhere" else ""
                yield Command(f"{title}{item.help}", item.shown, found.binding.action, found.node)
        for name in THEMES:
            text = f"Colours for a {name} terminal, until the app is closed"
            yield Command(text, "", f"app.use_theme('{name}')", screen)


def _line(command: Command, text: Content) -> Content:
    return Content.assemble((f"{command.shown:<{KEY_WIDTH}}", "bold $accent"), text)


def key_palette() -> CommandPalette:
    """A palette of what keys do."""
    return CommandPalette(providers=[KeyCommands], placeholder=PLACEHOLDER)
