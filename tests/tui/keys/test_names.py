"""Keys as people write them, and those that a terminal does not pass on."""

import re

import pytest
from textual.binding import Binding
from textual.keys import Keys
from textual.widgets import Input

from tui.keys.names import is_typed, read_key, show_key


@pytest.mark.parametrize(
    ("written", "key", "shown"),
    [
        ("z", "z", "z"),
        ("G", "G", "G"),
        ("?", "?", "?"),
        ("!", "!", "!"),
        ("/", "/", "/"),
        (",", ",", ","),
        ("-", "-", "-"),
        ("+", "+", "+"),
        ("ö", "ö", "ö"),
        ("o\u0308", "ö", "ö"),
        ("ctrl+r", "ctrl+r", "Ctrl-R"),
        ("Ctrl-R", "ctrl+r", "Ctrl-R"),
        ("F2", "f2", "F2"),
        ("f10", "f10", "F10"),
        ("space", "space", "Space"),
        (" ", "space", "Space"),
        ("Enter", "enter", "Enter"),
        ("return", "enter", "Enter"),
        ("Esc", "escape", "Esc"),
        ("escape", "escape", "Esc"),
        ("Shift+Tab", "shift+tab", "Shift-Tab"),
        ("Page Down", "pagedown", "PgDn"),
        ("↓", "down", "↓"),
        (" Home ", "home", "Home"),
    ],
)
def test_a_key_is_read_as_people_write_it(written: str, key: str, shown: str) -> None:
    assert read_key(written) == key
    assert show_key(key) == shown


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("ctrl+b", "screen and tmux"),
        ("Ctrl-A", "screen and tmux"),
        ("ctrl+s", "stop and go on"),
        ("ctrl+q", "Ctrl-Q quits"),
        ("ctrl+c", "interrupt"),
        ("ctrl+z", "suspend"),
        ("ctrl+m", "as Enter"),
        ("ctrl+j", "as Enter"),
        ("ctrl+i", "as Tab"),
        ("ctrl+h", "as Backspace"),
        ("ctrl+[", "as Esc"),
        ("ctrl+enter", "only with letters"),
        ("ctrl+1", "only with letters"),
        ("ctrl+shift+r", "not every terminal"),
        ("shift+up", "not every terminal"),
        ("shift+g", '"G"'),
        ("alt+x", "Alt as Esc"),
        ("meta+x", "Alt as Esc"),
        ("cmd+z", "window system"),
        ("super+ctrl+x", "window system"),
        ("F11", "F1 to F10"),
        ("f0", "F1 to F10"),
        ("skip", "no key"),
        ("jj", "no key"),
        ("a-b", "no key"),
        ("ctrl++", "no key"),
        ("", "no key"),
        ("\x07", "no key"),
    ],
)
def test_a_key_that_cannot_be_used_is_refused_with_the_reason(written: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        read_key(written)


def test_what_a_text_field_takes_for_itself_is_known() -> None:
    own = {
        key
        for binding in Input.BINDINGS
        if isinstance(binding, Binding)
        for key in binding.key.split(",")
    }
    usable = {key for key in own if "shift" not in key and key.count("+") < 2}
    usable = {key for key in usable if "+" not in key or re.fullmatch(r"ctrl\+[a-z]", key)}
    assert {key for key in usable if not is_typed(key)} == {"enter"}
    assert is_typed("x")


def test_named_keys_are_those_that_textual_sends() -> None:
    sent = {key.value for key in Keys} | {"space"}
    for written in ("Enter", "Esc", "Tab", "Shift-Tab", "Space", "Backspace", "Del", "Ins", "Home",
                    "End", "PgUp", "PgDn", "↑", "↓", "←", "→", "F1", "F10", "Ctrl-R"):  # fmt: skip
        assert read_key(written) in sent
