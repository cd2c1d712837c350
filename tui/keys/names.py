"""How keys are written: by people in the configuration, inside the app, and on its screens.

Inside, a key is a character as it is typed ("G", "?"), a name ("enter", "f2", "pagedown"), or
"ctrl+" and a letter. Textual takes these, but for the comma.
"""

import re
import unicodedata
from collections.abc import Mapping
from typing import Final

_SHOWN: Final = {
    "enter": "Enter",
    "escape": "Esc",
    "tab": "Tab",
    "shift+tab": "Shift-Tab",
    "space": "Space",
    "backspace": "Backspace",
    "delete": "Del",
    "insert": "Ins",
    "home": "Home",
    "end": "End",
    "pageup": "PgUp",
    "pagedown": "PgDn",
    "up": "↑",
    "down": "↓",
    "left": "←",
    "right": "→",
    **{f"f{n}": f"F{n}" for n in range(1, 11)},
}
_WRITTEN: Final[Mapping[str, str]] = {  # small letters, without spaces and hyphens
    **{name.replace("+", ""): name for name in _SHOWN},
    **{shown.lower().replace("-", ""): name for name, shown in _SHOWN.items()},
    "return": "enter",
    "backtab": "shift+tab",
    "pgdown": "pagedown",
}
_LAST_FUNCTION_KEY: Final = 10
_ALT: Final = {"alt", "meta", "option", "opt"}
_SUPER: Final = {"super", "cmd", "command", "win", "windows", "hyper"}
_MODIFIERS: Final = {"ctrl", "shift", *_ALT, *_SUPER}
_CTRL_TAKEN: Final = {
    **dict.fromkeys("ab", "screen and tmux keep it for themselves"),
    **dict.fromkeys("sq", "terminals stop and go on with it; Ctrl-Q quits the app from anywhere"),
    **dict.fromkeys("cz", "it is the terminal's own, to interrupt or to suspend"),
    "m": "terminals send it as Enter",
    "j": "terminals send it as Enter",
    "i": "terminals send it as Tab",
    "h": "terminals send it as Backspace",
    "[": "terminals send it as Esc",
}

_OF_TEXT_FIELDS: Final = {
    *("space", "backspace", "delete", "insert", "home", "end", "left", "right"),
    *(f"ctrl+{letter}" for letter in "acdefhkuvwx"),
}


def is_typed(key: str) -> bool:
    """Whether a text field takes a key for itself."""
    return len(key) == 1 or key in _OF_TEXT_FIELDS


def show_key(key: str) -> str:
    """A key as screens and texts name it: `ctrl+r` is Ctrl-R."""
    modifier, _, letter = key.rpartition("+")
    if modifier == "ctrl":
        return f"Ctrl-{letter.upper()}"
    return _SHOWN.get(key, key)


def read_key(written: str) -> str:
    """A key as the app names it. Raises ValueError with the reason where none can be."""
    text = unicodedata.normalize("NFC", written.strip() or written)
    if text == " ":
        return "space"
    plain = re.sub(r"[\s_+-]", "", text.lower())
    if plain in _WRITTEN:
        return _WRITTEN[plain]
    if len(text) == 1 and text.isprintable():
        return text
    *modifiers, key = re.split(r"[+-]", text.lower())
    if modifiers and key and _MODIFIERS.issuperset(modifiers):
        return _read_combination(set(modifiers), key)
    if re.fullmatch(r"f\d+", plain):
        raise ValueError(f"not every terminal sends it; F1 to F{_LAST_FUNCTION_KEY} can be used")
    raise ValueError(
        'it is no key; write one character as it is typed ("z", "Z", "?"), "ctrl+" and a letter, '
        "or a name such as Enter, Esc, Space, Tab, Home, PgDn, Left, F2"
    )


def _read_combination(modifiers: set[str], key: str) -> str:
    if modifiers & _ALT:
        raise ValueError("terminals send Alt as Esc and a key, or not at all")
    if modifiers & _SUPER:
        raise ValueError("it is kept by the window system and does not reach the terminal")
    if modifiers == {"shift"} and len(key) == 1:
        raise ValueError(f'write the character that is typed: "{key.upper()}"')
    if modifiers != {"ctrl"}:
        raise ValueError("not every terminal sends it")
    if key in _CTRL_TAKEN:
        raise ValueError(_CTRL_TAKEN[key])
    if not re.fullmatch(r"[a-z]", key):
        raise ValueError("terminals send Ctrl only with letters")
    return f"ctrl+{key}"
