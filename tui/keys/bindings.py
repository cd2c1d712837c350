"""Turns the registry of keys into Textual's bindings.

Screens bind the defaults when their class is made; Textual's own keymap moves those that a
person has changed, and gives the labels of the task their keys.
"""

from collections.abc import Sequence

from textual.binding import Binding, BindingType
from textual.binding import Keymap as TextualKeymap

from tui.keys.key import Key, Scope
from tui.keys.keymap import Keymap
from tui.keys.registry import LABEL_KEYS, keys_of


def bindings(*scopes: Scope) -> list[BindingType]:
    """Bindings of all keys of these scopes."""
    return [_binding(key) for key in keys_of(*scopes)]


def bindings_named(scope: Scope, *names: str) -> list[BindingType]:
    """Bindings of some keys of a scope, whose keys several widgets share."""
    keys = {key.name: key for key in keys_of(scope)}
    return [_binding(keys[name]) for name in names]


def _binding(key: Key) -> Binding:
    return Binding(_join(key.keys), key.action, key.help, id=key.id, show=False)


def label_bindings() -> list[BindingType]:
    """A binding for every key that a task may give to a label.

    Until the keymap is set, each is bound to a name that no key has.
    """
    return [
        Binding(f"key_of_label_{char}", f"label('{char}')", id=label_binding_id(char), show=False)
        for char in LABEL_KEYS
    ]


def textual_keymap(keymap: Keymap) -> TextualKeymap:
    """What `App.set_keymap` takes.

    A binding whose key is taken by another is dropped there; the keymap has no such pair, so what
    is dropped gets its own key too.
    """
    labels = {label_binding_id(key): key for key, _ in keymap.labels}
    return {key_id: _join(keys) for key_id, keys in keymap.moved().items()} | labels


def label_binding_id(char: str) -> str:
    """The id of the binding for the key of a label."""
    return f"labels.{char}"


def _join(keys: Sequence[str]) -> str:
    return ",".join("comma" if key == "," else key for key in keys)
