"""Every key of the app, once: bindings, hint lines, the help screen and the README's table.

Nothing here knows of Textual, so that the settings can ask which keys a label must not have.
The keys that label come from the task; `LABEL_KEYS` says which characters they may be.
"""

import string
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

Scope = Literal["everywhere", "pipeline", "label", "drift", "accuracy", "jobs", "dialog", "help"]


@dataclass(frozen=True, slots=True)
class Key:
    """What one or more keys do in a scope.

    `keys` are Textual's names, separated by commas, and `shown` is how people write them.
    `hint` is the word for it on the hint line; without one it is on the help screen only.
    """

    scope: Scope
    keys: str
    shown: str
    action: str
    help: str
    hint: str = ""


SCREENS: Final[tuple[tuple[Scope, str], ...]] = (
    ("pipeline", "Pipeline"),
    ("label", "Label"),
    ("drift", "Drift"),
    ("accuracy", "Accuracy"),
    ("jobs", "Jobs"),
)  # in the order of F1, F2, …

_SCREEN_HELP: Final = {
    "pipeline": "What there is, what runs, what to do next",
    "label": "Label clusters",
    "drift": "How far answers have drifted from their seeds",
    "accuracy": "How good the detectors are",
    "jobs": "Jobs: progress, logs, cancel, resume",
}

KEYS: Final[tuple[Key, ...]] = (
    *(
        Key("everywhere", f"f{n}", f"F{n}", f"app.show('{name}')", _SCREEN_HELP[name])
        for n, (name, _) in enumerate(SCREENS, start=1)
    ),
    Key("everywhere", "tab", "Tab", "app.show_next(1)", "The next screen"),
    Key("everywhere", "shift+tab", "Shift-Tab", "app.show_next(-1)", "The screen before"),
    Key("everywhere", "question_mark", "?", "app.help", "This help", hint="help"),
    Key("everywhere", "q,ctrl+q", "q", "app.quit", "Quit; jobs go on", hint="quit"),
    Key("pipeline", "r", "r", "run", "Start what is due, after asking", hint="run what is due"),
    Key("pipeline", "down,j", "j ↓", "scroll(1)", "Scroll down"),
    Key("pipeline", "up,k", "k ↑", "scroll(-1)", "Scroll up"),
    Key("label", "enter", "Enter", "confirm", "Label as predicted; in the list, show the text"),
    Key("label", "s", "s", "skip", "Leave it for later, go on to the next undecided", hint="skip"),
    Key("label", "u", "u", "undo", "Undo your last action, as often as you like", hint="undo"),
    Key("label", "ctrl+r", "Ctrl-R", "redo", "Do again what was undone", hint="redo"),
    Key("label", "n", "n", "members", "Members: nearest, farthest, random", hint="members"),
    Key("label", "l", "l", "toggle_queue", "List of clusters, on a narrow screen", hint="list"),
    Key("label", "escape", "Esc", "show_text", "Back to the text, on a narrow screen"),
    Key("label", "x", "x", "toggle_origin", "Show or hide seed and question", hint="seed"),
    Key("label", "r", "r", "draw", "Draw other random members", hint="draw"),
    Key("label", "down,j", "j ↓", "move(1)", "The next cluster", hint="next"),
    Key("label", "up,k", "k ↑", "move(-1)", "The cluster before", hint="before"),
    Key("label", "g,home", "g", "move_to(0)", "The first (largest) cluster"),
    Key("label", "G,end", "G", "move_to(-1)", "The last (smallest) cluster"),
    Key("label", "space,pagedown", "Space", "scroll_text(1)", "Scroll the text down"),
    Key("label", "pageup", "PageUp", "scroll_text(-1)", "Scroll the text up"),
    Key("drift", "down,j", "j ↓", "scroll(1)", "Scroll down", hint="down"),
    Key("drift", "up,k", "k ↑", "scroll(-1)", "Scroll up", hint="up"),
    Key("accuracy", "down,j", "j ↓", "move(1)", "The next detector", hint="next detector"),
    Key("accuracy", "up,k", "k ↑", "move(-1)", "The detector before", hint="before"),
    Key("accuracy", "b", "b", "next_benchmark", "The next benchmark", hint="other benchmark"),
    Key("jobs", "down,j", "j ↓", "move(1)", "The next job", hint="next"),
    Key("jobs", "up,k", "k ↑", "move(-1)", "The job before", hint="before"),
    Key("jobs", "c", "c", "cancel", "Cancel the job, after asking", hint="cancel"),
    Key("jobs", "r", "r", "resume", "Resume the job, after asking", hint="resume"),
    Key("dialog", "y,enter", "y Enter", "answer(True)", "Yes", hint="yes"),
    Key("dialog", "n,escape", "n Esc", "answer(False)", "No", hint="no"),
    Key("help", "down,j", "j ↓", "scroll(1)", "Scroll down", hint="down"),
    Key("help", "up,k", "k ↑", "scroll(-1)", "Scroll up", hint="up"),
    Key("help", "escape,question_mark,q", "Esc ? q", "close", "Close this help", hint="close"),
)  # fmt: skip

LABEL_KEYS: Final = "".join(
    char
    for char in string.digits + string.ascii_letters
    if not any(char in key.keys.split(",") for key in KEYS if key.scope in ("everywhere", "label"))
)
LABEL_HELP: Final = "Label the cluster and its members, go on to the next undecided"

_TITLES: Final[dict[Scope, str]] = {
    "everywhere": "Everywhere",
    **dict(SCREENS),
    "dialog": "When asked",
    "help": "In the help",
}


def keys_of(*scopes: Scope) -> tuple[Key, ...]:
    """Return the keys of these scopes, in the order of the registry within each scope."""
    return tuple(key for scope in scopes for key in KEYS if key.scope == scope)


def bindings(*scopes: Scope) -> list[tuple[str, str, str]]:
    """Return what Textual's BINDINGS take: (keys, action, description)."""
    return [(key.keys, key.action, key.help) for key in keys_of(*scopes)]


def label_bindings() -> list[tuple[str, str, str]]:
    """Return bindings for every key that a task may give to a label."""
    return [(char, f"label('{char}')", LABEL_HELP) for char in LABEL_KEYS]


def reserved_keys() -> frozenset[str]:
    """Return the single characters that mean something on the labelling screen."""
    named = {"question_mark": "?"}
    names = (name for key in keys_of("everywhere", "label") for name in key.keys.split(","))
    return frozenset(char for name in names if len(char := named.get(name, name)) == 1)


def sections(
    label_keys: Iterable[tuple[str, str]] = (), *, first: Scope | None = None
) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return (title, [(keys as written, help)]) of every scope, for the help screen.

    `label_keys` are (key, label) of the task; `first` names the screen that comes on top.
    """
    scopes = sorted(_TITLES, key=lambda scope: scope != first)
    found = []
    for scope in scopes:
        rows = [(key.shown, key.help) for key in keys_of(scope)]
        if scope == "label":
            rows = [(key, f"Label as {name}, go on") for key, name in label_keys] + rows
        found.append((_TITLES[scope], rows))
    return found


def markdown_table() -> str:
    """Return the keys as the README shows them: one table, a row a key."""
    lines = ["| Screen | Key | What it does |", "| --- | --- | --- |"]
    digits = [("1 2 3 …", f"{LABEL_HELP}; the keys are in `task.toml`")]
    for title, rows in sections():
        rows = digits + rows if title == "Label" else rows
        lines += [f"| {title} | {shown} | {text} |" for shown, text in rows]
    return "\n".join(lines) + "\n"
