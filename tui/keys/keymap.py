"""The keys of one workspace: those of the registry, but for what the user has changed.

Whoever opens the app resolves them once (`tui.keys.changes`) and hands them on. What names a key
on a screen asks here for it.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from tui.keys.help import Section, label_actions, sections
from tui.keys.key import Key, Scope
from tui.keys.names import show_key
from tui.keys.registry import KEYS, keys_of


@dataclass(frozen=True, slots=True)
class Keymap:
    """Every key of the registry with the keys it has now, and the (key, name) of each label."""

    keys: tuple[Key, ...] = KEYS
    labels: tuple[tuple[str, str], ...] = ()

    def of(self, *scopes: Scope) -> tuple[Key, ...]:
        """The keys of these scopes, in the order of the registry within each scope."""
        return keys_of(*scopes, keys=self.keys)

    def shown(self, key_id: str) -> str:
        """The first key of an action (`label.undo`) as texts name it."""
        return show_key(next(key for key in self.keys if key.id == key_id).keys[0])

    def hints(self, scope: Scope) -> list[tuple[Key, str]]:
        """The keys of a scope that have a hint, each with its first key as written."""
        return [(key, show_key(key.keys[0])) for key in self.of(scope) if key.hint]

    def label_actions(self, scope: Scope) -> list[tuple[str, str]]:
        """(key, what it does) of each label in a scope; none where labels have no keys."""
        return label_actions(scope, self.labels)

    def sections(self, first: Scope) -> list[Section]:
        """All keys for the help screen, those of one scope on top."""
        return sections(self.keys, self.labels, first=first)

    def moved(self) -> Mapping[str, tuple[str, ...]]:
        """The keys of the actions whose keys are not the default ones, by id."""
        defaults = {key.id: key.keys for key in KEYS}
        return {key.id: key.keys for key in self.keys if key.keys != defaults[key.id]}
