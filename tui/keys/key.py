"""What a key is, and how the modules of this room write down those of their scopes."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from tui.keys.names import show_key

Scope = Literal[
    "everywhere",
    "pipeline",
    "coverage",
    "label",
    "map",
    "suspect",
    "bulk",
    "filter",
    "choice",
    "search",
    "audit",
    "drift",
    "pair",
    "training",
    "accuracy",
    "row",
    "jobs",
    "data",
    "record",
    "form",
    "path",
    "try",
    "try_dialog",
    "loop",
    "correction",
    "prompt",
    "dialog",
    "text",
    "help",
]


@dataclass(frozen=True, slots=True)
class Key:
    """What one or more keys do in a scope; `name` is the action's in the configuration.

    `keys` are as `tui.keys.names` has them, the one to mention first. `hint` is the word for it on
    the hint line; without one it is on the help screen only.
    """

    scope: Scope
    name: str
    keys: tuple[str, ...]
    action: str
    help: str
    hint: str = ""

    @property
    def id(self) -> str:
        """Scope and name: `label.skip`."""
        return f"{self.scope}.{self.name}"

    @property
    def shown(self) -> str:
        """All its keys, as people write them."""
        return " ".join(show_key(key) for key in self.keys)


@dataclass(frozen=True, slots=True)
class LabelHelp:
    """What the keys of the task's labels do in a scope: for any label, and for `{}`."""

    any: str
    named: str


@dataclass(frozen=True, slots=True)
class KeyGroup:
    """The keys of a scope, under a title in the help.

    In a modal scope only its own keys act, in one of typing those that type do not. Without
    `labels` the keys of labels do nothing there.
    """

    scope: Scope
    title: str
    keys: tuple[Key, ...]
    is_modal: bool
    is_typing: bool
    labels: LabelHelp | None


def key_group(
    scope: Scope,
    title: str,
    *rows: Sequence[str],
    is_modal: bool = False,
    is_typing: bool = False,
    labels: LabelHelp | None = None,
) -> KeyGroup:
    """A group whose rows are (name, keys with blanks between them, action, help[, hint])."""
    keys = tuple(Key(scope, name, tuple(keys.split()), *rest) for name, keys, *rest in rows)
    return KeyGroup(scope, title, keys, is_modal, is_typing, labels)


@dataclass(frozen=True, slots=True)
class ScreenEntry:
    """A screen in the top line; `short` takes the title's place where there is little room."""

    scope: Scope
    title: str
    short: str
    help: str
