"""The registry of keys as people read it: on the help screen, and in docs/keys.md."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from tui.keys.registry import LABEL_SCOPES, SCREENS, Key, Scope, keys_of

_LABEL_HELP: Final[Mapping[Scope, tuple[str, str]]] = {  # for any label, and for one by its name
    "label": (
        "Label the cluster and its members, go on to the next undecided",
        "Label as {}, go on",
    ),
    "member": ("Label this one answer", "Label this one answer as {}"),
    "bulk": ("Label them all", "Label them all as {}"),
    "audit": ("Say which label it should have, go on", "It should have {}, go on"),
}
_TITLES: Final[Mapping[Scope, str]] = {
    "everywhere": "Everywhere",
    "pipeline": "Pipeline",
    "label": "Label",
    "member": "One member",
    "bulk": "All clusters at once",
    "filter": "In the filter",
    "choice": "On its lines",
    "prompt": "While typing",
    **{scope: title for scope, title in SCREENS if scope not in ("pipeline", "label")},
    "pair": "One pair",
    "row": "One row",
    "dialog": "When asked",
    "help": "In the help",
}

Section = tuple[str, list[tuple[str, str]]]  # title, [(keys as written, what they do)]


def sections(
    keys: Sequence[Key], label_keys: Iterable[tuple[str, str]], *, first: Scope | None = None
) -> list[Section]:
    """The keys of every scope, for the help screen.

    `label_keys` are (key, label) of the task; `first` names the scope that comes on top.
    """
    pairs = tuple(label_keys)
    found = []
    for scope in sorted(_TITLES, key=lambda scope: scope != first):
        rows = [(key.shown, key.help) for key in keys_of(scope, keys=keys)]
        if scope in LABEL_SCOPES:
            rows = [(key, _LABEL_HELP[scope][1].format(name)) for key, name in pairs] + rows
        found.append((_TITLES[scope], rows))
    return found


def markdown_table() -> str:
    """The default keys as docs/keys.md shows them: one table, one row per action."""
    lines = ["| Screen | Name | Key | What it does |", "| --- | --- | --- | --- |"]
    for scope, title in _TITLES.items():
        if scope in LABEL_SCOPES:
            text = f"{_LABEL_HELP[scope][0]}; the keys are in `task.toml`"
            lines.append(f"| {title} | | 1 2 3 … | {text} |")
        lines += [f"| {title} | `{key.id}` | {key.shown} | {key.help} |" for key in keys_of(scope)]
    return "\n".join(lines) + "\n"
